/** A minute of RTCP sender reports at one in five seconds. */
const reportsMax = 12;
const slopeSpanUs = 20_000_000;
const slopeMax = 500e-6;
/** A report this far from the line of the ones before is another clock. */
const stepUs = 500_000;

/**
 * The sender's wall clock over its media time, from reports (RTCP SR, PRFT): a straight line through those of the last minute.
 * What it says may still be wrong by half a century; `CameraClock` judges that.
 */
export class SenderClock {
  readonly #times: number[] = [];
  readonly #offsets: number[] = [];
  #time = 0;
  #offset = 0;
  #slope = 0;

  get isKnown(): boolean {
    return this.#times.length > 0;
  }

  /** How much faster than media time the sender's clock runs, per µs. */
  get slope(): number {
    return this.#slope;
  }

  /** Takes a report; says whether the clock stepped since the ones before, which are then forgotten. */
  report(timeUs: number, utcUs: number): 'first' | 'steady' | 'stepped' {
    let outcome: 'first' | 'steady' | 'stepped' = this.isKnown ? 'steady' : 'first';
    if (this.isKnown && Math.abs(this.at(timeUs) - utcUs) > stepUs) {
      this.reset();
      outcome = 'stepped';
    }
    if (this.#times.length === reportsMax) {
      this.#times.shift();
      this.#offsets.shift();
    }
    this.#times.push(timeUs);
    this.#offsets.push(utcUs - timeUs);
    this.#fit();
    return outcome;
  }

  /** The sender's UTC at a media time; only where `isKnown`. */
  at(timeUs: number): number {
    return timeUs + this.#offset + (timeUs - this.#time) * this.#slope;
  }

  reset(): void {
    this.#times.length = 0;
    this.#offsets.length = 0;
  }

  /** Least squares around the mean, so that one report's jitter of some milliseconds does not show. */
  #fit(): void {
    const count = this.#times.length;
    const firstTime = this.#times[0] ?? 0;
    const firstOffset = this.#offsets[0] ?? 0;
    let sumTime = 0;
    let sumOffset = 0;
    for (let i = 0; i < count; i += 1) {
      sumTime += (this.#times[i] ?? 0) - firstTime;
      sumOffset += (this.#offsets[i] ?? 0) - firstOffset;
    }
    const meanTime = sumTime / count;
    const meanOffset = sumOffset / count;
    let above = 0;
    let below = 0;
    for (let i = 0; i < count; i += 1) {
      const time = (this.#times[i] ?? 0) - firstTime - meanTime;
      above += time * ((this.#offsets[i] ?? 0) - firstOffset - meanOffset);
      below += time * time;
    }
    const span = (this.#times.at(-1) ?? 0) - firstTime;
    const slope = span >= slopeSpanUs && below > 0 ? above / below : 0;
    this.#time = firstTime + meanTime;
    this.#offset = firstOffset + meanOffset;
    this.#slope = Math.min(slopeMax, Math.max(-slopeMax, slope));
  }
}
