import { cameraState } from '#server/contracts/camera.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database } from '#server/platform/transaction.ts';

import * as store from './store.ts';

/** States come each 10 s; one that is older is not a measurement any more. */
const freshMs = 15_000;

/** What the logs measured last: all of it in memory, its changes as rows and events. */
export class StateKeeper {
  readonly #options: { database: Database; events: Events; log: Logger; now: () => Date };
  readonly #latest = new Map<StreamId, MediaState>();
  /** `state reason` as it stands in the row. */
  readonly #written = new Map<string, string>();
  /** Changes that wait to be written, the newest of each stream. */
  readonly #waiting = new Map<string, store.StateRow>();
  #writing: Promise<void> | null = null;

  constructor(options: { database: Database; events: Events; log: Logger; now: () => Date }) {
    this.#options = options;
  }

  measured(state: MediaState): void {
    const id = streamId.parse(state.streamId);
    this.#latest.set(id, state);
    this.#change({ id, state: state.state, stateReason: state.reason, stateSince: new Date(state.since) });
  }

  /** Nobody measures these: to leave their last state standing would be a lie. */
  async unkept(streamIds: readonly StreamId[]): Promise<void> {
    if (streamIds.length === 0) return;
    const rows = await store.listStates(this.#options.database, streamIds);
    for (const row of rows) {
      if (row.state === 'unchecked' || row.state === 'offline') continue;
      this.#latest.delete(streamId.parse(row.id));
      this.#written.set(row.id, textOf(row));
      this.#change({ id: row.id, state: 'offline', stateReason: 'slicerMissing', stateSince: this.#options.now() });
    }
  }

  fresh(id: StreamId): MediaState | null {
    const state = this.#latest.get(id);
    return state && this.#options.now().getTime() - Date.parse(state.measuredAt) < freshMs ? state : null;
  }

  allFresh(): MediaState[] {
    return [...this.#latest.keys()].flatMap((id) => this.fresh(id) ?? []);
  }

  /** Fresh ones, and for the rest what the rows say. */
  async states(streamIds: readonly StreamId[] | null): Promise<MediaState[]> {
    if (streamIds && streamIds.every((id) => this.fresh(id))) return streamIds.flatMap((id) => this.fresh(id) ?? []);
    const rows = await store.listStates(this.#options.database, streamIds);
    return rows.map((row) => this.fresh(streamId.parse(row.id)) ?? unmeasured(row));
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  forget(id: StreamId): void {
    this.#latest.delete(id);
    this.#written.delete(id);
    this.#waiting.delete(id);
  }

  #change(row: store.StateRow): void {
    if (this.#written.get(row.id) === textOf(row)) {
      this.#waiting.delete(row.id);
      return;
    }
    this.#waiting.set(row.id, row);
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  async #write(): Promise<void> {
    const { database, events, log } = this.#options;
    for (const [id, row] of this.#waiting) {
      try {
        await store.writeState(database, row);
      } catch (error) {
        // Told again within 10 s; what waits is bounded by the number of streams.
        log.warn({ action: 'state.write', streamId: id, error }, 'the state of a stream could not be written');
        return;
      }
      this.#written.set(id, textOf(row));
      if (this.#waiting.get(id) === row) this.#waiting.delete(id);
      events.publish({
        type: 'stream.state',
        streamId: streamId.parse(id),
        state: cameraState.parse(row.state),
        reason: row.stateReason,
      });
    }
  }
}

function textOf(row: store.StateRow): string {
  return `${row.state} ${row.stateReason ?? ''}`;
}

function unmeasured(row: store.StateRow): MediaState {
  const since = (row.stateSince ?? new Date(0)).toISOString();
  return {
    streamId: row.id,
    state: cameraState.parse(row.state),
    reason: row.stateReason,
    since,
    measuredAt: since,
    frameAgeMs: null,
    fps: null,
    bitrate: null,
    width: null,
    height: null,
    codecs: null,
    gopSeconds: null,
    bFrames: null,
    audio: false,
    clock: null,
    viewers: 0,
    dropped: 0,
    writing: false,
    recordedBytes: 0,
    oldest: null,
  };
}
