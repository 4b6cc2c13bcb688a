import type { Frame } from 'node-av/lib';

import type { RunPayload, RunTrack } from '#server/contracts/log-record.ts';
import type { EncodedPicture } from '#sidecars/encode/x264-encoder.ts';

import { RungEncoder } from './rung-encoder.ts';
import type { Origin, RungLine } from './rung-line.ts';
import { rungOf } from './rung.ts';
import type { RungWork } from './transcode-protocol.ts';

/** The run of the source that is being transcoded. */
export interface SourceRun {
  run: number;
  reason: RunPayload['reason'];
  video: RunTrack & { width: number; height: number };
  /** Of a picture, by what was announced. */
  usualDuration: number;
}

/** A picture that waits for the next one to tell its duration. */
interface Held {
  picture: EncodedPicture;
  origin: Origin;
}

/** One rung of the child: its encoder and its line to the log. */
export class RungOutput {
  readonly #work: RungWork;
  readonly #line: RungLine;
  #encoder: RungEncoder | null = null;
  #held: Held | null = null;
  #duration = 0;
  #resumeAt: number | null;
  /** Until a key frame of the source, or where the log wants it to go on. */
  #isWaiting = true;

  constructor(work: RungWork, line: RungLine) {
    this.#work = work;
    this.#line = line;
    this.#resumeAt = work.resumeAt;
  }

  /** A picture of the source in display order; `key`: a segment may begin with it. */
  async picture(frame: Frame, run: SourceRun, at: { key: boolean; origin: Origin }): Promise<void> {
    const pts = Number(frame.pts);
    if (this.#isWaiting && !this.#begins(pts, at.key)) return;
    this.#isWaiting = false;
    this.#encoder ??= await this.#open(run);
    const picture = await this.#encoder.encode(frame, at.key);
    if (!picture) return;
    this.#release(picture.pts);
    this.#held = { picture, origin: at.origin };
  }

  /** The run is over, or pictures are missing: what follows begins with a key frame. */
  interrupt(run: SourceRun): void {
    this.#release(this.#held ? this.#held.picture.pts + (this.#duration || run.usualDuration) : 0);
    this.#encoder?.close();
    this.#encoder = null;
    this.#isWaiting = true;
  }

  async close(): Promise<void> {
    this.#encoder?.close();
    await this.#line.close();
  }

  #begins(pts: number, key: boolean): boolean {
    // A tick of room: times of another timescale were rounded.
    const begins = this.#resumeAt === null ? key : pts >= this.#resumeAt - 1;
    if (begins) this.#resumeAt = null;
    return begins;
  }

  async #open(run: SourceRun): Promise<RungEncoder> {
    const { timescale } = run.video;
    const rung = rungOf(this.#work.name, run.video, this.#work.rateMax);
    const encoder = await RungEncoder.open(rung, timescale);
    const { track, width, height, fps, codec } = rung;
    const info = { track, kind: 'video' as const, codec, timescale, width, height, fps, reorder: 0 };
    this.#line.run({ run: run.run, reason: run.reason, tracks: [info] }, encoder.init);
    return encoder;
  }

  #release(until: number): void {
    const held = this.#held;
    if (!held) return;
    this.#held = null;
    this.#duration = Math.max(1, until - held.picture.pts);
    this.#line.picture(held.picture, this.#duration, held.origin);
  }
}
