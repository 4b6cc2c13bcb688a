const askedMs = 1000;

/** Somebody can't begin without a key frame, or a GOP outlasts its segment. Asked once a second, however many want it. */
export class KeyFrameWish {
  #askedAt = Number.NEGATIVE_INFINITY;

  /** True where the writer is to be asked now. */
  isDue(now: number): boolean {
    if (now - this.#askedAt < askedMs) return false;
    this.#askedAt = now;
    return true;
  }
}
