import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBX264,
  SWS_BILINEAR,
  type AVPixelFormat,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, Frame, Packet, Rational, SoftwareScaleContext } from 'node-av/lib';

import { writeInitSegment } from '#sidecars/ingest/cmaf/init-segment.ts';
import { parameterSetsOf } from '#sidecars/ingest/codec/annexb.ts';
import { buildAvcC, parseH264Sps } from '#sidecars/ingest/codec/h264.ts';

import type { Rung } from './rung.ts';

export interface EncodedPicture {
  /** Annex-B. */
  data: Buffer;
  pts: number;
  key: boolean;
}

/** Seconds of `rateMax` that the decoder's buffer holds: what a segment may take above its rate. */
const bufferSeconds = 0.5;
/** Key frames are asked for one by one; this is only the far bound. */
const gopSizeMax = 10_000;

/**
 * One rung: any picture scaled and encoded by x264 without look-ahead, B-frames or scene cuts, a picture out for a picture in. The same rung
 * of the same run has the same parameter sets in every process, so that a new one goes on where another died.
 */
export class RungEncoder {
  readonly init: Buffer;
  readonly #context: CodecContext;
  readonly #packet = new Packet();
  readonly #scaled = new Frame();
  readonly #size: { width: number; height: number };
  #scaler: { context: SoftwareScaleContext; key: string } | null = null;
  #begun = false;

  private constructor(context: CodecContext, init: Buffer, size: { width: number; height: number }) {
    this.#context = context;
    this.init = init;
    this.#size = size;
    this.#packet.alloc();
    this.#scaled.alloc();
    this.#scaled.width = size.width;
    this.#scaled.height = size.height;
    this.#scaled.format = AV_PIX_FMT_YUV420P;
    this.#scaled.colorRange = AVCOL_RANGE_MPEG;
    this.#scaled.getBuffer(0);
  }

  static async open(rung: Rung, timescale: number): Promise<RungEncoder> {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new Error('libx264 is not in this FFmpeg');
    const { width, height, track } = rung;
    const context = new CodecContext();
    context.allocContext3(codec);
    context.width = width;
    context.height = height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, timescale);
    context.framerate = new Rational(Math.round(rung.fps * 1000), 1000);
    context.gopSize = gopSizeMax;
    context.maxBFrames = 0;
    context.threadCount = 1;
    context.level = rung.level;
    context.flags = AV_CODEC_FLAG_GLOBAL_HEADER;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_BT709;
    context.colorPrimaries = AVCOL_PRI_BT709;
    context.colorTrc = AVCOL_TRC_BT709;
    context.rcMaxRate = BigInt(rung.rateMax);
    context.rcBufferSize = Math.round(rung.rateMax * bufferSeconds);
    const settings = Dictionary.fromObject({
      preset: 'veryfast',
      tune: 'zerolatency',
      profile: 'high',
      crf: '23',
      sc_threshold: '0',
      'forced-idr': '1',
    });
    const opened = await context.open2(codec, settings);
    settings.free();
    const extra = context.extraData;
    if (opened < 0 || !extra) {
      context.freeContext();
      throw new Error(`x264 refuses ${width}×${height} (${opened})`);
    }
    const sets = parameterSetsOf(extra, false);
    const sps = sets[0];
    if (!sps) throw new Error('x264 gave no parameter sets');
    const config = buildAvcC(sets, parseH264Sps(sps));
    const init = writeInitSegment({ kind: 'video', id: track, timescale, sampleEntry: 'avc1', config, width, height });
    return new RungEncoder(context, init, { width, height });
  }

  /** A picture of any size and format; `pts` rising. The first is a key frame. One call at a time. */
  async encode(picture: Frame, key: boolean): Promise<EncodedPicture | null> {
    const frame = await this.#scale(picture);
    frame.pts = picture.pts;
    frame.pictType = key || !this.#begun ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    this.#begun = true;
    const sent = await this.#context.sendFrame(frame);
    if (sent < 0) throw new Error(`x264 takes no picture (${sent})`);
    // Without look-ahead there is one for one.
    if ((await this.#context.receivePacket(this.#packet)) < 0) return null;
    const { data, pts, isKeyframe: isKey } = this.#packet;
    // The packet's memory is shared with libav.
    const encoded = data && { data: Buffer.from(data), pts: Number(pts), key: isKey };
    this.#packet.unref();
    return encoded;
  }

  close(): void {
    this.#scaler?.context.freeContext();
    this.#scaled.free();
    this.#packet.free();
    this.#context.freeContext();
  }

  async #scale(picture: Frame): Promise<Frame> {
    const { width, height } = this.#size;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- libav gives a video frame a pixel format
    const format = picture.format as AVPixelFormat;
    const key = `${picture.width}×${picture.height}:${format}`;
    if (this.#scaler?.key !== key) {
      this.#scaler?.context.freeContext();
      const context = new SoftwareScaleContext();
      context.getContext(picture.width, picture.height, format, width, height, AV_PIX_FMT_YUV420P, SWS_BILINEAR);
      this.#scaler = { context, key };
    }
    this.#scaled.makeWritable();
    const code = await this.#scaler.context.scaleFrame(this.#scaled, picture);
    if (code < 0) throw new Error(`the scaler refuses (${code})`);
    return this.#scaled;
  }
}
