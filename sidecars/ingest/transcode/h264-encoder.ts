import type { Frame } from 'node-av/lib';

import { X264Encoder, type EncodedPicture } from '#sidecars/encode/x264-encoder.ts';

import { SourceError } from '../source.ts';
import { encoderTimescale } from './output-rates.ts';

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
const rateMin = 300_000;
const bufferSeconds = 2;
/** Key frames come by time, so that a source of unsteady rate keeps its seconds. */
const gopsMax = 4;
/** Above it one thread does not keep up. */
const pixelsOfOneThread = 1280 * 720;

/** x264 with key frames by time and on demand, parameter sets in band. */
export class H264Encoder {
  private readonly encoder: X264Encoder;
  private readonly gopTicks: number;
  private readonly slackTicks: number;
  private nextKeyPts: number | null = null;
  private lastKeyPts = Number.NEGATIVE_INFINITY;
  private isKeyDemanded = false;
  /** pts from which a key frame is wanted, rising. */
  private places: number[] = [];

  private constructor(encoder: X264Encoder, { gopSeconds, fps }: H264EncoderOptions) {
    this.encoder = encoder;
    this.gopTicks = gopSeconds * encoderTimescale;
    this.slackTicks = (placeSlackShare * encoderTimescale) / fps;
  }

  static async open(options: H264EncoderOptions): Promise<H264Encoder> {
    const { width, height, fps, gopSeconds, crf } = options;
    const opening = X264Encoder.open({
      width,
      height,
      fps,
      timescale: encoderTimescale,
      preset: 'ultrafast',
      crf,
      rateMax: Math.max(rateMin, Math.round(width * height * fps * bitsPerPixelMax)),
      bufferSeconds,
      threads: width * height > pixelsOfOneThread ? 2 : 1,
      gopSizeMax: Math.max(1, Math.round(fps * gopSeconds * gopsMax)),
      declared: null,
    });
    return new H264Encoder(await opening.catch((cause: unknown) => fail(cause, { retry: false })), options);
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
  async encode(frame: Frame): Promise<EncodedPicture | null> {
    const pts = Number(frame.pts);
    const isDemanded = this.reachesPlace(pts) || (this.isKeyDemanded && pts - this.lastKeyPts >= keyTicksMin);
    const due = this.nextKeyPts === null || pts >= this.nextKeyPts || isDemanded;
    if (due) {
      // One out of turn begins the count anew: its GOP is as long as any other.
      this.nextKeyPts = (isDemanded ? pts : Math.max(pts, this.nextKeyPts ?? pts)) + this.gopTicks;
      this.lastKeyPts = pts;
      this.isKeyDemanded = false;
    }
    return this.encoder.encode(frame, due).catch((cause: unknown) => fail(cause, { retry: true }));
  }

  private reachesPlace(pts: number): boolean {
    let reached = 0;
    while (reached < this.places.length && (this.places[reached] ?? 0) - this.slackTicks <= pts) reached += 1;
    if (reached > 0) this.places = this.places.slice(reached);
    return reached > 0;
  }

  close(): void {
    this.encoder.close();
  }
}

function fail(cause: unknown, { retry }: { retry: boolean }): never {
  throw new SourceError('INTERNAL', cause instanceof Error ? cause.message : String(cause), { retry, cause });
}
