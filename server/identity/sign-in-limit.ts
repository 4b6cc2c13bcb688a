/** How often somebody may try before waiting, and how long: 1 s, doubling, up to a quarter of an hour. */
const freeTries = 5;
const waitMsMax = 15 * 60_000;
/** Failures are forgotten after a day without another. */
const forgetAfterMs = 24 * 3_600_000;
/** A flood of invented names must not fill the memory: the oldest go first. */
const keysMax = 10_000;

interface Tries {
  failures: number;
  lastAt: number;
}

/** Slows down guessing by e-mail and by address, in the memory of one process. */
export class SignInLimit {
  readonly #tries = new Map<string, Tries>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Milliseconds until any of `keys` may try again; 0 when at once. */
  waitMs(keys: readonly string[]): number {
    return Math.max(0, ...keys.map((key) => this.#waitOf(key)));
  }

  failed(keys: readonly string[]): void {
    for (const key of keys) {
      const failures = (this.#known(key)?.failures ?? 0) + 1;
      // Taken out and put in again: the map's order is that of the last failure.
      this.#tries.delete(key);
      this.#tries.set(key, { failures, lastAt: this.#now() });
    }
    for (const key of this.#tries.keys()) {
      if (this.#tries.size <= keysMax) break;
      this.#tries.delete(key);
    }
  }

  succeeded(keys: readonly string[]): void {
    for (const key of keys) this.#tries.delete(key);
  }

  #known(key: string): Tries | null {
    const tries = this.#tries.get(key);
    return tries && this.#now() - tries.lastAt < forgetAfterMs ? tries : null;
  }

  #waitOf(key: string): number {
    const tries = this.#known(key);
    if (!tries || tries.failures < freeTries) return 0;
    const waitMs = Math.min(waitMsMax, 1000 * 2 ** Math.min(20, tries.failures - freeTries));
    return tries.lastAt + waitMs - this.#now();
  }
}
