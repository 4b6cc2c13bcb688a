import type { ClockPayload } from '#server/contracts/log-record.ts';

import type { LogChunk } from './disk/segment.ts';

/** tfdt → UTC of one run: what PROGRAM-DATE-TIME says. Media time is never bent to follow it. */
export class ClockMap {
  readonly #timescale: number;
  readonly #epochMs: number;
  #clock: ClockPayload | null = null;
  /** Added to the whole run where its clock begins before the run before it ended: dates never go back. */
  #offsetMs: number | null = null;

  constructor(options: { timescale: number; epochMs: number }) {
    this.#timescale = options.timescale;
    this.#epochMs = options.epochMs;
  }

  get clock(): ClockPayload | null {
    return this.#clock;
  }

  set(clock: ClockPayload): void {
    // A line that is resumed tells an older one again.
    if (!this.#clock || clock.tfdt >= this.#clock.tfdt) this.#clock = clock;
  }

  /** UTC ms of a chunk's start; `notBefore`: the end of the segment before. */
  dateOf(chunk: Pick<LogChunk, 'tfdt' | 'captureUs'>, notBefore: number): number {
    const truth = this.#truth(chunk);
    this.#offsetMs ??= Math.max(0, notBefore - truth);
    return truth + this.#offsetMs;
  }

  #truth(chunk: Pick<LogChunk, 'tfdt' | 'captureUs'>): number {
    if (this.#clock) {
      const { tfdt, utcUs, ppb } = this.#clock;
      return utcUs / 1000 + ((chunk.tfdt - tfdt) / this.#timescale) * 1000 * (1 + ppb / 1e9);
    }
    if (chunk.captureUs > 0) return chunk.captureUs / 1000;
    return this.#epochMs + (chunk.tfdt / this.#timescale) * 1000;
  }
}
