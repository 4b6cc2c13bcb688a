import { AVERROR_EAGAIN } from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';

import type { PictureRegion } from '#server/contracts/picture-region.ts';
import { PictureScaler } from '#sidecars/encode/picture-scaler.ts';
import type { EncodedPicture } from '#sidecars/encode/x264-encoder.ts';

import { MaskPainter, type Plane } from '../pictures/mask-painter.ts';
import { SourceError, type AccessUnit, type SourceVideoTrack } from '../source.ts';
import { decoderIds } from './decoder-ids.ts';
import { H264Encoder } from './h264-encoder.ts';
import { encoderTimescale } from './output-rates.ts';
import { decodableBytes } from './payload-bytes.ts';
import { Unwrapper } from './unwrapper.ts';

const gopSeconds = 2;
const fpsAssumed = 25;
/** A decoder that understands nothing for this many units never will. */
const failuresMax = 100;

/** Any picture that libav reads, as H.264 in 4:2:0 at its own size and time. One call at a time. */
export class VideoTranscoder {
  private readonly track: SourceVideoTrack;
  private readonly decoder = new CodecContext();
  private readonly packet = new Packet();
  private readonly decoded = new Frame();
  private readonly scaler = new PictureScaler('narrow');
  private readonly unwrapper: Unwrapper;
  private readonly painter: MaskPainter | null;
  private encoder: { encoder: H264Encoder; key: string } | null = null;
  private failures = 0;
  private lastPts = Number.NEGATIVE_INFINITY;
  /** The size that is being encoded. */
  size: { width: number; height: number } | null = null;

  private constructor(track: SourceVideoTrack, masks: readonly PictureRegion[]) {
    this.track = track;
    this.painter = masks.length > 0 ? new MaskPainter(masks) : null;
    this.unwrapper = new Unwrapper(track.wrapBits);
  }

  static async open(track: SourceVideoTrack, masks: readonly PictureRegion[] = []): Promise<VideoTranscoder> {
    const id = decoderIds.get(track.codec);
    const codec = id === undefined ? null : Codec.findDecoder(id);
    if (!codec) throw new SourceError('CODEC_UNSUPPORTED', `no decoder for ${track.codec}`, { retry: false });
    const transcoder = new VideoTranscoder(track, masks);
    const { decoder } = transcoder;
    decoder.allocContext3(codec);
    if (track.config) decoder.extraData = track.config;
    decoder.threadCount = 1;
    decoder.pktTimebase = new Rational(1, track.timescale);
    const opened = await decoder.open2(codec, null);
    if (opened < 0) {
      decoder.freeContext();
      throw new SourceError('CODEC_UNSUPPORTED', `the decoder for ${track.codec} refuses (${opened})`, {
        retry: false,
      });
    }
    transcoder.packet.alloc();
    transcoder.decoded.alloc();
    return transcoder;
  }

  /** Time stamps out are 1/90000 s and no longer wrap. */
  async transcode(unit: AccessUnit): Promise<EncodedPicture[]> {
    const { packet } = this;
    packet.data = decodableBytes(unit.payload);
    const stamp = unit.pts ?? unit.dts;
    if (stamp === null) return [];
    packet.pts = BigInt(this.toEncoderTicks(stamp));
    packet.isKeyframe = unit.key;
    const sent = await this.decoder.sendPacket(packet);
    packet.unref();
    if (sent < 0 && sent !== AVERROR_EAGAIN) {
      this.failures += 1;
      if (this.failures > failuresMax)
        throw new SourceError('DATA_INVALID', 'the picture does not decode', { retry: true });
      return [];
    }
    const pictures: EncodedPicture[] = [];
    while ((await this.decoder.receiveFrame(this.decoded)) >= 0) {
      this.failures = 0;
      const picture = await this.encode(this.decoded);
      if (picture) pictures.push(picture);
      this.decoded.unref();
    }
    return pictures;
  }

  /** The next picture out, or the first from the pts `from` on, is a key frame; false where none was made yet, for the first is one anyway. */
  demandKeyFrame(from: number | null): boolean {
    return this.encoder?.encoder.demandKeyFrame(from) ?? false;
  }

  /** Maps a time stamp of the source (a clock event's) as those of its units are mapped. */
  toEncoderTicks(ticks: number): number {
    return Math.round((this.unwrapper.unwrap(ticks) * encoderTimescale) / this.track.timescale);
  }

  close(): void {
    this.encoder?.encoder.close();
    this.scaler.close();
    this.decoded.free();
    this.packet.free();
    this.decoder.freeContext();
  }

  private async encode(picture: Frame): Promise<EncodedPicture | null> {
    const width = picture.width & ~1;
    const height = picture.height & ~1;
    // The encoder wants rising time stamps; a source that repeats one would stop it.
    const pts = Math.max(Number(picture.pts), this.lastPts + 1);
    this.lastPts = pts;
    const frame = await this.scaler.scale(picture, width, height);
    this.painter?.paint(planesOfFrame(frame), width, height);
    frame.pts = BigInt(pts);
    const key = `${width}×${height}`;
    if (this.encoder?.key !== key) {
      this.encoder?.encoder.close();
      const fps = this.track.fpsAnnounced ?? fpsAssumed;
      this.encoder = { encoder: await H264Encoder.open({ width, height, fps, gopSeconds, crf: 23 }), key };
      this.size = { width, height };
    }
    return this.encoder.encoder.encode(frame);
  }
}

/** The planes of a 4:2:0 frame, in its own memory. */
export function planesOfFrame(frame: Frame): [Plane, Plane, Plane] {
  const { data, linesize } = frame;
  const [y, u, v] = (data ?? []).map((plane, index) => ({ data: plane, stride: linesize[index] ?? 0 }));
  // Nothing leaves unpainted: a frame without its planes is a fault, not a picture.
  if (!y || !u || !v) throw new SourceError('INTERNAL', 'a frame has no planes to paint on', { retry: true });
  return [y, u, v];
}
