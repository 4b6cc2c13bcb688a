import type { LimitName } from './limits.ts';

const rowsMax = 1000;

/** A client that came up against a limit in this process. */
export interface Refused {
  limit: LimitName;
  client: string;
  refused: number;
  lastAt: string;
  resetsAt: string;
}

/** Who was refused, the latest last; whoever has waited long enough is left out. */
export class RefusedClients {
  readonly #rows = new Map<string, Refused>();

  note(limit: LimitName, client: string, { now, resetsAt }: { now: Date; resetsAt: Date }): void {
    const key = `${limit} ${client}`;
    const refused = (this.#rows.get(key)?.refused ?? 0) + 1;
    this.#rows.delete(key);
    this.#rows.set(key, {
      limit,
      client,
      refused,
      lastAt: now.toISOString(),
      resetsAt: resetsAt.toISOString(),
    });
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= rowsMax) break;
      this.#rows.delete(oldest);
    }
  }

  /** The latest first. */
  list(now: Date): Refused[] {
    for (const [key, row] of this.#rows) if (Date.parse(row.resetsAt) <= now.getTime()) this.#rows.delete(key);
    return [...this.#rows.values()].toReversed();
  }

  forget(limit: LimitName, client: string): void {
    this.#rows.delete(`${limit} ${client}`);
  }
}
