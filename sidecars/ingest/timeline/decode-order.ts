/** More than the standards allow (16 pictures) is a damaged header. */
const depthMax = 16;
/** Pictures after which an observation counts no more: one stray packet must not delay a camera for ever. */
const observedLength = 600;

/**
 * Decode times for sources that tell presentation times only (RTP), in any unit. With pictures reordered by at most `depth`, the n-th
 * picture decodes at the n-th smallest presentation time, `depth` pictures later; so a short sorted list is all it takes and nothing waits.
 */
export class DecodeOrder {
  #depth = 0;
  #waiting: number[] = [];
  readonly #recent = new Float64Array(depthMax).fill(Number.NEGATIVE_INFINITY);
  #count = 0;
  #highest = Number.NEGATIVE_INFINITY;
  /** Of the stretch in hand and of the one before. */
  #observed = 0;
  #observedBefore = 0;
  #watched = 0;

  /** Pictures seen to be reordered lately, for sequence headers that keep quiet about their B-frames. */
  get observedDepth(): number {
    return Math.max(this.#observed, this.#observedBefore);
  }

  /** Begins at a key frame: the `depth` decode times before its own are filled in a frame apart. */
  start(depth: number, pts: number, frameDuration: number): void {
    this.#depth = Math.min(depth, depthMax);
    this.#highest = Number.NEGATIVE_INFINITY;
    this.#recent.fill(Number.NEGATIVE_INFINITY);
    this.#waiting = Array.from({ length: this.#depth }, (_, i) => pts - (this.#depth - i) * frameDuration);
  }

  next(pts: number): number {
    this.#watch(pts);
    if (this.#depth === 0) return pts;
    let at = this.#waiting.length;
    while (at > 0 && (this.#waiting[at - 1] ?? 0) > pts) at -= 1;
    this.#waiting.splice(at, 0, pts);
    return this.#waiting.shift() ?? pts;
  }

  #watch(pts: number): void {
    this.#watched += 1;
    if (this.#watched > observedLength) {
      this.#observedBefore = this.#observed;
      this.#observed = 0;
      this.#watched = 0;
    }
    this.#recent[this.#count % depthMax] = pts;
    this.#count += 1;
    if (pts > this.#highest) {
      this.#highest = pts;
      return;
    }
    let later = 0;
    for (const one of this.#recent) if (one > pts) later += 1;
    if (later > this.#observed) this.#observed = later;
  }
}
