import { limits, type LimitName } from './limits.ts';

type ConnectionLimit = {
  [Name in LimitName]: (typeof limits)[Name]['of'] extends 'connection' ? Name : never;
}[LimitName];

/** What one connection may say in its window of time; kept by the connection, gone with it. */
export class ConnectionBudget {
  readonly #points: number;
  readonly #windowMs: number;
  readonly #now: () => number;
  #since: number;
  #used = 0;

  constructor(
    name: ConnectionLimit,
    { factor = 1, now = () => performance.now() }: { factor?: number; now?: () => number } = {},
  ) {
    this.#points = Math.max(1, Math.round(limits[name].points * factor));
    this.#windowMs = limits[name].seconds * 1000;
    this.#now = now;
    this.#since = now();
  }

  /** Null: go on. Else the seconds until a message is taken again. */
  take(points = 1): number | null {
    const now = this.#now();
    if (now - this.#since >= this.#windowMs) {
      this.#since = now;
      this.#used = 0;
    }
    this.#used += points;
    return this.#used <= this.#points ? null : Math.max(1, Math.ceil((this.#since + this.#windowMs - now) / 1000));
  }
}
