/** Time stamps this close to the grid (share of a frame) are pulled towards it. */
const snapShare = 0.2;
/** How much of the rest of the deviation is followed at each frame. */
const followShare = 0.1;
const durationsMax = 9;

/**
 * Decode times of one video track in its own timescale, strictly rising and smoothed where the jitter is small (± 20 % of a frame). The true
 * frame duration is learnt from the frames: cameras announce 25 and give 10 at night.
 */
export class FrameGrid {
  readonly #durations = new Float64Array(durationsMax);
  readonly #sorted = new Float64Array(durationsMax);
  #count = 0;
  #nominal: number;
  #last: number | null = null;
  #lastRaw = 0;
  #isLearnt = false;

  /** `announced`: ticks a frame, as the source says. */
  constructor(announced: number) {
    this.#nominal = announced;
  }

  /** Ticks a frame: the median of the last frames, once there are some. */
  get nominal(): number {
    return this.#nominal;
  }

  /** Whether the frames themselves told, and not the announcement. */
  get isLearnt(): boolean {
    return this.#isLearnt;
  }

  /** Where a frame of mapped decode time `raw` goes: never nearer than a tick to the one before. */
  next(raw: number): number {
    if (this.#last === null) {
      this.#last = raw;
      this.#lastRaw = raw;
      return raw;
    }
    this.#learn(raw - this.#lastRaw);
    this.#lastRaw = raw;
    const expected = this.#last + this.#nominal;
    const deviation = raw - expected;
    let place = raw;
    if (Math.abs(deviation) <= snapShare * this.#nominal) place = expected + deviation * followShare;
    // The source's line stepped back a little (libav at a sender report): short frames until it has caught up.
    else if (place < this.#last + (1 - snapShare) * this.#nominal && raw < this.#last) {
      place = this.#last + (1 - snapShare) * this.#nominal;
    }
    this.#last = Math.max(place, this.#last + 1);
    return this.#last;
  }

  /** A run begins: the next frame goes where it says. What was learnt of the durations stays. */
  restart(): void {
    this.#last = null;
  }

  #learn(duration: number): void {
    // A frame on the grid teaches nothing, and most are.
    if (duration <= 0 || (this.#isLearnt && Math.abs(duration - this.#nominal) < 1)) return;
    this.#durations[this.#count % durationsMax] = duration;
    this.#count += 1;
    const count = Math.min(this.#count, durationsMax);
    if (count < 3) return;
    const median = this.#median(count);
    // Stamps in milliseconds (33, 33, 34) have a mean that the median does not see.
    let sum = 0;
    let near = 0;
    for (let i = 0; i < count; i += 1) {
      const one = this.#durations[i] ?? 0;
      if (Math.abs(one - median) > snapShare * median) continue;
      sum += one;
      near += 1;
    }
    this.#nominal = near > 0 ? sum / near : median;
    this.#isLearnt = true;
  }

  /** By insertion into a list of its own: nine numbers, and no allocation a frame. */
  #median(count: number): number {
    const sorted = this.#sorted;
    for (let i = 0; i < count; i += 1) {
      const one = this.#durations[i] ?? 0;
      let at = i;
      while (at > 0 && (sorted[at - 1] ?? 0) > one) {
        sorted[at] = sorted[at - 1] ?? 0;
        at -= 1;
      }
      sorted[at] = one;
    }
    return sorted[count >> 1] ?? 0;
  }
}
