import {
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  FF_ENCODER_LIBX264,
} from 'node-av/constants';
import { Codec, CodecContext, Dictionary, Packet, Rational, type Frame } from 'node-av/lib';

import { SourceError } from '../source.ts';
import { encoderTimescale } from './output-rates.ts';

export interface EncodedPicture {
  data: Buffer;
  pts: number;
  key: boolean;
}

export interface H264EncoderOptions {
  width: number;
  height: number;
  fps: number;
  gopSeconds: number;
  /** x264's quality; 23 is its default, higher is smaller. */
  crf: number;
}

/** Key frames cost: whoever asks for more gets two a second. */
const keyTicksMin = encoderTimescale / 2;
/** A place that is asked for is met by the picture nearest behind it; so much of a frame is jitter that was smoothed away elsewhere. */
const placeSlackShare = 0.25;
/** Places asked for and not reached yet. */
const placesMax = 16;
/** Bits a pixel a picture that a peak may reach: 1080p30 ≈ 6 Mb/s. */
const bitsPerPixelMax = 0.1;

/** x264 for live use: no look-ahead, no B-frames, parameter sets in band, a picture out for a picture in. */
export class H264Encoder {
  private readonly context: CodecContext;
  private readonly packet = new Packet();
  private readonly gopTicks: number;
  private readonly slackTicks: number;
  private nextKeyPts: number | null = null;
  private lastKeyPts = Number.NEGATIVE_INFINITY;
  private isKeyDemanded = false;
  /** pts from which a key frame is wanted, rising. */
  private places: number[] = [];

  private constructor(context: CodecContext, { gopSeconds, fps }: H264EncoderOptions) {
    this.context = context;
    this.packet.alloc();
    this.gopTicks = gopSeconds * encoderTimescale;
    this.slackTicks = (placeSlackShare * encoderTimescale) / fps;
  }

  static async open(options: H264EncoderOptions): Promise<H264Encoder> {
    const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
    if (!codec) throw new SourceError('INTERNAL', 'libx264 is not in this FFmpeg', { retry: false });
    const context = new CodecContext();
    context.allocContext3(codec);
    context.width = options.width;
    context.height = options.height;
    context.pixelFormat = AV_PIX_FMT_YUV420P;
    context.timeBase = new Rational(1, encoderTimescale);
    context.framerate = new Rational(Math.round(options.fps * 1000), 1000);
    // Key frames are asked for by time, so that a source of unsteady rate keeps its seconds; this is only the far bound.
    context.gopSize = Math.max(1, Math.round(options.fps * options.gopSeconds * 4));
    context.maxBFrames = 0;
    context.threadCount = options.width * options.height > 1280 * 720 ? 2 : 1;
    context.colorRange = AVCOL_RANGE_MPEG;
    context.colorSpace = AVCOL_SPC_BT709;
    context.colorPrimaries = AVCOL_PRI_BT709;
    context.colorTrc = AVCOL_TRC_BT709;
    const rate = Math.max(300_000, Math.round(options.width * options.height * options.fps * bitsPerPixelMax));
    context.rcMaxRate = BigInt(rate);
    context.rcBufferSize = rate * 2;
    const settings = Dictionary.fromObject({
      preset: 'ultrafast',
      tune: 'zerolatency',
      crf: String(options.crf),
      sc_threshold: '0',
      forced_idr: '1',
    });
    const opened = await context.open2(codec, settings);
    settings.free();
    if (opened < 0) {
      context.freeContext();
      throw new SourceError('INTERNAL', `x264 refuses ${options.width}×${options.height} (${opened})`, {
        retry: false,
      });
    }
    return new H264Encoder(context, options);
  }

  /**
   * The next picture is a key frame, or the first half a second after the last one; with `from` the first picture at that pts or behind it,
   * however near. Always true: there is an encoder.
   */
  demandKeyFrame(from: number | null = null): true {
    if (from === null) this.isKeyDemanded = true;
    else if (!this.places.includes(from))
      this.places = [...this.places, from].toSorted((one, other) => one - other).slice(0, placesMax);
    return true;
  }

  /** `frame.pts` in 1/90000 s, rising. One call at a time. */
  async encode(frame: Frame): Promise<EncodedPicture[]> {
    const pts = Number(frame.pts);
    const isDemanded = this.reachesPlace(pts) || (this.isKeyDemanded && pts - this.lastKeyPts >= keyTicksMin);
    const due = this.nextKeyPts === null || pts >= this.nextKeyPts || isDemanded;
    if (due) {
      // One out of turn begins the count anew: its GOP is as long as any other.
      this.nextKeyPts = (isDemanded ? pts : Math.max(pts, this.nextKeyPts ?? pts)) + this.gopTicks;
      this.lastKeyPts = pts;
      this.isKeyDemanded = false;
    }
    frame.pictType = due ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    const sent = await this.context.sendFrame(frame);
    if (sent < 0) throw new SourceError('INTERNAL', `x264 takes no picture (${sent})`, { retry: true });
    const pictures: EncodedPicture[] = [];
    while ((await this.context.receivePacket(this.packet)) >= 0) {
      const { data } = this.packet;
      // The packet's memory is shared with libav; a reader may hold the picture longer.
      if (data) pictures.push({ data: Buffer.from(data), pts: Number(this.packet.pts), key: this.packet.isKeyframe });
      this.packet.unref();
    }
    return pictures;
  }

  private reachesPlace(pts: number): boolean {
    let reached = 0;
    while (reached < this.places.length && (this.places[reached] ?? 0) - this.slackTicks <= pts) reached += 1;
    if (reached > 0) this.places = this.places.slice(reached);
    return reached > 0;
  }

  close(): void {
    this.packet.free();
    this.context.freeContext();
  }
}
