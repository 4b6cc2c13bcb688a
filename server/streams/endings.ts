import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { Rows } from '#server/platform/transaction.ts';
import type { StreamSource } from '#server/sources/service.ts';

import * as store from './store.ts';

/** What a log calls a stream that is over. */
const endedReason = 'ended';
/** By then the rows of an erased stream are gone, and no node is told of it again. */
const erasedForMs = 10_000;

/** Streams that never go on: over, as their log measured it and their row keeps it, or erased a moment ago. Cameras are never over. */
export class Endings {
  readonly #monotonicNow: () => number;
  /** Of those that may end: whether they have. */
  readonly #isOver = new Map<StreamId, boolean>();
  readonly #erasedAt = new Map<StreamId, number>();

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  measured(state: MediaState): void {
    const id = streamId.parse(state.streamId);
    if (this.#isOver.has(id) && state.reason === endedReason) this.#isOver.set(id, true);
  }

  erase(id: StreamId): void {
    this.#erasedAt.set(id, this.#monotonicNow());
    this.#isOver.delete(id);
  }

  isErased(id: StreamId): boolean {
    return this.#erasedAt.has(id);
  }

  /** The same without what is erased; what is over says so in its policy. */
  async apply(rows: Rows, sources: readonly StreamSource[]): Promise<StreamSource[]> {
    const since = this.#monotonicNow() - erasedForMs;
    for (const [id, at] of this.#erasedAt) if (at < since) this.#erasedAt.delete(id);
    const mortal = new Set(sources.filter(({ policy }) => policy.graceMs !== null).map((source) => source.streamId));
    for (const id of this.#isOver.keys()) if (!mortal.has(id)) this.#isOver.delete(id);
    const unknown = [...mortal].filter((id) => !this.#isOver.has(id));
    if (unknown.length > 0) {
      for (const row of await store.listStates(rows, unknown))
        this.#isOver.set(streamId.parse(row.id), row.stateReason === endedReason);
    }
    return sources
      .filter(({ streamId: id }) => !this.#erasedAt.has(id))
      .map((source) => (this.#isOver.get(source.streamId) ? asEnded(source) : source));
  }
}

function asEnded(source: StreamSource): StreamSource {
  return { ...source, policy: { ...source.policy, ended: true } };
}
