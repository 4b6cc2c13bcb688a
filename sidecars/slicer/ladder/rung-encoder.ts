import type { Frame } from 'node-av/lib';

import { writeInitSegment } from '#sidecars/cmaf/init-segment.ts';
import { parameterSetsOf } from '#sidecars/codec/annexb.ts';
import { buildAvcC, parseH264Sps } from '#sidecars/codec/h264.ts';
import { PictureScaler } from '#sidecars/encode/picture-scaler.ts';
import { X264Encoder, type EncodedPicture } from '#sidecars/encode/x264-encoder.ts';

import type { Rung } from './rung.ts';

/** Seconds of `rateMax` that the decoder's buffer holds: what a segment may take above its rate. */
const bufferSeconds = 0.5;
const gopSizeMax = 10_000;

/** One rung: any picture scaled and encoded. The same rung of the same run has the same parameter sets in every process, so that a new one goes on where another died. */
export class RungEncoder {
  readonly init: Buffer;
  readonly #encoder: X264Encoder;
  readonly #scaler = new PictureScaler('narrow');
  readonly #size: { width: number; height: number };
  #begun = false;

  private constructor(encoder: X264Encoder, init: Buffer, size: { width: number; height: number }) {
    this.#encoder = encoder;
    this.init = init;
    this.#size = size;
  }

  static async open(rung: Rung, timescale: number): Promise<RungEncoder> {
    const { width, height, track, fps, level, rateMax } = rung;
    const encoder = await X264Encoder.open({
      width,
      height,
      fps,
      timescale,
      preset: 'veryfast',
      crf: 23,
      rateMax,
      bufferSeconds,
      threads: 1,
      gopSizeMax,
      declared: { profile: 'high', level },
    });
    try {
      const sets = parameterSetsOf(encoder.parameterSets ?? Buffer.alloc(0), false);
      const sps = sets[0];
      if (!sps) throw new Error('x264 gave no parameter sets');
      const config = buildAvcC(sets, parseH264Sps(sps));
      const init = writeInitSegment({
        kind: 'video',
        id: track,
        timescale,
        sampleEntry: 'avc1',
        config,
        width,
        height,
      });
      return new RungEncoder(encoder, init, { width, height });
    } catch (error) {
      encoder.close();
      throw error;
    }
  }

  /** A picture of any size and format; `pts` rising. The first is a key frame. One call at a time. */
  async encode(picture: Frame, key: boolean): Promise<EncodedPicture | null> {
    const frame = await this.#scaler.scale(picture, this.#size.width, this.#size.height);
    frame.pts = picture.pts;
    const isKey = key || !this.#begun;
    this.#begun = true;
    return this.#encoder.encode(frame, isKey);
  }

  close(): void {
    this.#scaler.close();
    this.#encoder.close();
  }
}
