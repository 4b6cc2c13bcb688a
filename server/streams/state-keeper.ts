import { cameraState } from '#server/contracts/camera.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database } from '#server/platform/transaction.ts';

import type { Refusal } from './admission.ts';
import type { LookVerdict } from './look-outcome.ts';
import * as store from './store.ts';

/** States come each 10 s; one that is older is not a measurement any more. */
const freshMs = 15_000;
/** More changes than this at once are told as one. */
const eventsAtOnceMax = 200;

/** What the logs measured last: all of it in memory, its changes as rows and events. */
export class StateKeeper {
  readonly #options: { database: Database; events: Events; log: Logger; now: () => Date };
  readonly #latest = new Map<StreamId, MediaState>();
  /** As it stands in the row. */
  readonly #standing = new Map<string, store.StateRow>();
  /** Changes that wait to be written, the newest of each stream. */
  readonly #waiting = new Map<string, store.StateRow>();
  #refused: ReadonlyMap<StreamId, Refusal> = new Map();
  #writing: Promise<void> | null = null;

  constructor(options: { database: Database; events: Events; log: Logger; now: () => Date }) {
    this.#options = options;
  }

  measured(state: MediaState): void {
    const id = streamId.parse(state.streamId);
    const before = this.#latest.get(id);
    this.#latest.set(id, state);
    if (isAsleep(state)) {
      // Nobody measures it now: what was measured last stands, and grows old like a look.
      if (before && !isAsleep(before)) this.#markLooked(id);
      return;
    }
    this.#change({ id, state: state.state, stateReason: state.reason, stateSince: new Date(state.since) });
  }

  /** Nobody measures these: to leave their last state standing would be a lie. */
  async unkept(streamIds: readonly StreamId[]): Promise<void> {
    if (streamIds.length === 0) return;
    const rows = await store.listStates(this.#options.database, streamIds);
    for (const row of rows) {
      if (row.state === 'unchecked' || row.state === 'offline') continue;
      this.#latest.delete(streamId.parse(row.id));
      this.#standing.set(row.id, row);
      this.#change({ id: row.id, state: 'offline', stateReason: 'slicerMissing', stateSince: this.#options.now() });
    }
  }

  /** What one picture showed of a stream that nobody reads. A log that measures it knows better. */
  looked(id: StreamId, verdict: NonNullable<LookVerdict>): void {
    const measured = this.fresh(id);
    if (measured && !isAsleep(measured)) return;
    const stateReason = this.#refused.get(id) ?? verdict.reason;
    this.#change({ id, state: verdict.state, stateReason, stateSince: this.#options.now() });
  }

  /** These are wanted and may not be read: their reason says so for as long as it is so. */
  async refused(next: ReadonlyMap<StreamId, Refusal>): Promise<void> {
    const before = this.#refused;
    const ended = [...before.keys()].filter((id) => !next.has(id));
    const begun = [...next].filter(([id, reason]) => before.get(id) !== reason).map(([id]) => id);
    if (ended.length + begun.length === 0) return;
    for (const row of await store.listStates(this.#options.database, [...ended, ...begun])) {
      const id = streamId.parse(row.id);
      const stateReason = next.get(id) ?? null;
      if (stateReason === null && row.stateReason !== before.get(id)) continue;
      this.#standing.set(row.id, row);
      this.#change({ id: row.id, state: row.state, stateReason, stateSince: row.stateSince });
    }
    this.#refused = next;
  }

  refusalOf(id: StreamId): Refusal | null {
    return this.#refused.get(id) ?? null;
  }

  /** What was measured before `before` and by nobody since is not known any more. */
  async forgetOlder(before: Date): Promise<void> {
    const { database, events, now } = this.#options;
    const forgotten = await store.forgetStates(database, before, now());
    for (const id of forgotten) this.#standing.delete(id);
    if (forgotten.length > eventsAtOnceMax) {
      events.publish({ type: 'cameras.imported', source: 'looks', count: forgotten.length });
      return;
    }
    for (const id of forgotten)
      events.publish({ type: 'stream.state', streamId: streamId.parse(id), state: 'unchecked', reason: null });
  }

  fresh(id: StreamId): MediaState | null {
    const state = this.#latest.get(id);
    return state && this.#options.now().getTime() - Date.parse(state.measuredAt) < freshMs ? state : null;
  }

  /** By the logs, of what is read at this moment or was a moment ago. */
  allFresh(): MediaState[] {
    return [...this.#latest.keys()].flatMap((id) => this.fresh(id) ?? []);
  }

  /** What is read at this moment by its log, the rest by its row. */
  async counts(): Promise<Map<string, number>> {
    return store.countStates(this.#options.database);
  }

  async failing(): Promise<number> {
    return store.countFailing(this.#options.database);
  }

  /** Fresh ones, and for the rest what the rows say. */
  async states(streamIds: readonly StreamId[] | null): Promise<MediaState[]> {
    const awake = (id: StreamId) => this.#awake(id);
    if (streamIds && streamIds.every(awake)) return streamIds.flatMap((id) => awake(id) ?? []);
    const rows = await store.listStates(this.#options.database, streamIds);
    return rows.map((row) => {
      const id = streamId.parse(row.id);
      return awake(id) ?? atRest(row, this.fresh(id), this.#refused.get(id) ?? null);
    });
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  forget(id: StreamId): void {
    this.#latest.delete(id);
    this.#standing.delete(id);
    this.#waiting.delete(id);
  }

  /** What its log measures; the log may have begun later than the state that it sees. Null where it measures nothing, or nothing yet. */
  #awake(id: StreamId): MediaState | null {
    const measured = this.fresh(id);
    if (!measured || isAsleep(measured)) return null;
    const standing = this.#standing.get(id);
    if (standing?.state === measured.state && standing.stateSince)
      return { ...measured, since: standing.stateSince.toISOString() };
    const { state, reason: stateReason } = measured;
    return isBlank({ state, stateReason }) && standing && isOut(standing) ? null : measured;
  }

  #markLooked(id: StreamId): void {
    const { database, log, now } = this.#options;
    store.markLooked(database, [id], now()).catch((error: unknown) => {
      // It is looked at sooner than it would have to be.
      log.warn({ action: 'state.asleep', streamId: id, error }, 'when a stream was read last could not be written');
    });
  }

  #change(row: store.StateRow): void {
    const standing = this.#standing.get(row.id);
    if (standing && (textOf(standing) === textOf(row) || (isBlank(row) && isOut(standing)))) {
      this.#waiting.delete(row.id);
      return;
    }
    this.#waiting.set(row.id, row);
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  async #write(): Promise<void> {
    const { database, events, log } = this.#options;
    for (const [id, row] of this.#waiting) {
      const before = this.#standing.get(id);
      let standing: store.StateRow | null;
      try {
        standing = await store.writeState(database, row);
      } catch (error) {
        // Told again within 10 s; what waits is bounded by the number of streams.
        log.warn({ action: 'state.write', streamId: id, error }, 'the state of a stream could not be written');
        return;
      }
      if (this.#waiting.get(id) === row) this.#waiting.delete(id);
      if (!standing) continue;
      this.#standing.set(id, standing);
      if (before && textOf(before) === textOf(standing)) continue;
      events.publish({
        type: 'stream.state',
        streamId: streamId.parse(id),
        state: cameraState.parse(standing.state),
        reason: standing.stateReason,
      });
    }
  }
}

/** The log has no writer and none is to come until somebody asks: it measures nothing. */
function isAsleep(state: MediaState): boolean {
  return state.state === 'unchecked' && state.reason === 'onDemand';
}

/** The log has begun and nothing has come to it yet. */
function isBlank({ state, stateReason }: Pick<store.StateRow, 'state' | 'stateReason'>): boolean {
  return state === 'unchecked' && stateReason === null;
}

function isOut({ state, stateReason }: store.StateRow): boolean {
  return (state === 'offline' || state === 'error') && stateReason !== 'slicerMissing';
}

function textOf(row: Pick<store.StateRow, 'state' | 'stateReason'>): string {
  return `${row.state} ${row.stateReason ?? ''}`;
}

function verdictOf(row: store.ListedState, asleep: MediaState | null) {
  const since = (row.stateSince ?? new Date(0)).toISOString();
  const state = cameraState.parse(row.state);
  const reason = row.stateReason ?? (asleep && state === 'unchecked' ? asleep.reason : null);
  return { state, reason, since, measuredAt: row.lookedAt?.toISOString() ?? since };
}

/** By its row, with what a log without a writer knows of its recording. That it is refused may not be written yet. */
function atRest(row: store.ListedState, asleep: MediaState | null, refusal: Refusal | null): MediaState {
  const verdict = verdictOf(row, asleep);
  return { ...(asleep ?? unmeasured(row)), ...verdict, reason: refusal ?? verdict.reason };
}

function unmeasured(row: store.ListedState): MediaState {
  return {
    streamId: row.id,
    ...verdictOf(row, null),
    frameAgeMs: null,
    fps: null,
    bitrate: null,
    width: null,
    height: null,
    codecs: null,
    gopSeconds: null,
    bFrames: null,
    audio: false,
    rungs: [],
    clock: null,
    viewers: 0,
    dropped: 0,
    writing: false,
    recordedBytes: 0,
    oldest: null,
  };
}
