import type { StreamId } from '#server/contracts/ids.ts';

import type { HeldLease } from './assignments.ts';

/** By then a slicer that is there has taken up a stream it was given. */
const settlesWithinMs = 5000;

/** Which slicer keeps which log, as the last pass found it. */
export class KeptLogs {
  readonly #monotonicNow: () => number;
  /** `since`: when this process first saw it there. */
  #kept = new Map<StreamId, { nodeId: string; url: string | null; since: number }>();

  constructor(monotonicNow: () => number) {
    this.#monotonicNow = monotonicNow;
  }

  take(leases: readonly HeldLease[], urls: ReadonlyMap<string, string | null>): void {
    const now = this.#monotonicNow();
    const slicers = leases.filter((lease) => lease.role === 'slicer');
    this.#kept = new Map(
      slicers.map(({ streamId, nodeId }) => {
        const before = this.#kept.get(streamId);
        const since = before?.nodeId === nodeId ? before.since : now;
        return [streamId, { nodeId, url: urls.get(nodeId) ?? null, since }];
      }),
    );
  }

  urlOf(id: StreamId): string | null {
    return this.#kept.get(id)?.url ?? null;
  }

  nodeOf(id: StreamId): string | undefined {
    return this.#kept.get(id)?.nodeId;
  }

  /** A slicer was given the stream so lately that it may not know of it yet. */
  isSettling(id: StreamId): boolean {
    const keeper = this.#kept.get(id);
    return !keeper || this.#monotonicNow() - keeper.since < settlesWithinMs;
  }
}
