import type { StreamId } from '#server/contracts/ids.ts';
import type { Database, Rows } from '#server/platform/transaction.ts';

import * as store from './store.ts';

/** One viewer's wish is told each 5 s; it need not be written more often. */
const writeEveryMs = 5000;
const rememberedMax = 10_000;

/** What somebody wants to see of what is read on demand, as rows that every gateway plans by. */
export class Wishes {
  readonly #options: { database: Database; clock: (rows: Rows) => Promise<Date>; monotonicNow: () => number };
  /** The least lately written first. */
  readonly #written = new Map<StreamId, number>();

  constructor(options: { database: Database; clock: (rows: Rows) => Promise<Date>; monotonicNow: () => number }) {
    this.#options = options;
  }

  /** Whether anything was written. */
  async note(streamIds: readonly StreamId[]): Promise<boolean> {
    const { database, clock, monotonicNow } = this.#options;
    const at = monotonicNow();
    const due = streamIds.filter((id) => at - (this.#written.get(id) ?? -Infinity) >= writeEveryMs);
    if (due.length === 0) return false;
    for (const id of due) {
      this.#written.delete(id);
      this.#written.set(id, at);
    }
    for (const oldest of this.#written.keys()) {
      if (this.#written.size <= rememberedMax) break;
      this.#written.delete(oldest);
    }
    await store.markWanted(database, due, await clock(database));
    return true;
  }
}
