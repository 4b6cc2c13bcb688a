/** How often something may be tried again within a stretch of time; a budget that is spent refills as old tries fall out of it. */
export class RetryBudget {
  readonly limit: number;
  readonly #windowMs: number;
  #spentAtMs: number[] = [];

  constructor({ limit, windowMs }: { limit: number; windowMs: number }) {
    this.limit = limit;
    this.#windowMs = windowMs;
  }

  /** The number of this try, from 1; null when the budget is spent. */
  spend(nowMs: number): number | null {
    this.#spentAtMs = this.#spentAtMs.filter((spent) => nowMs - spent < this.#windowMs);
    if (this.#spentAtMs.length >= this.limit) return null;
    this.#spentAtMs.push(nowMs);
    return this.#spentAtMs.length;
  }

  clear(): void {
    this.#spentAtMs = [];
  }
}

const firstWaitMs = 1000;
const waitMsMax = 15_000;

/** 1, 2, 4, 8, 15 s with a quarter of jitter, so that viewers of one stream do not all come back in one moment. */
export function backOffMs(failures: number, random: number = Math.random()): number {
  const waitMs = Math.min(waitMsMax, firstWaitMs * 2 ** Math.max(0, failures - 1));
  return Math.round(waitMs * (0.875 + random * 0.25));
}
