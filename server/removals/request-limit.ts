/** As many in an hour from one address; who shows many cameras to be mended writes to the operator. */
const requestsMax = 5;
const windowMs = 3_600_000;
/** A flood of addresses must not fill the memory: the oldest go first. */
const keysMax = 10_000;

/** How often one address may ask, in the memory of one process. */
export class RequestLimit {
  readonly #times = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes one of the address's turns: 0, or the milliseconds until the next one is free. */
  take(key: string): number {
    const now = this.#now();
    const times = (this.#times.get(key) ?? []).filter((time) => now - time < windowMs);
    const [first] = times;
    if (first !== undefined && times.length >= requestsMax) return first + windowMs - now;
    // Taken out and put in again: the map's order is that of the last turn.
    this.#times.delete(key);
    this.#times.set(key, [...times, now]);
    for (const oldest of this.#times.keys()) {
      if (this.#times.size <= keysMax) break;
      this.#times.delete(oldest);
    }
    return 0;
  }
}
