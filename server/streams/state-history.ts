import { setImmediate as yieldTurn } from 'node:timers/promises';

import { cameraState, cameraStates, type CameraState } from '#server/contracts/camera.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database } from '#server/platform/transaction.ts';

import * as store from './state-history-rows.ts';

/** Changes are written together; a state that holds for less is not worth a row. */
const writeEveryMs = 1000;
const writeLengthMax = 1000;
const keepMs = 30 * 86_400_000;
/** Clocks of slicers may be off, and what they say of the past comes late. */
const lateMs = 600_000;
const pruneEveryMs = 3_600_000;
const pruneLength = 5000;
/** Times are told apart this far. */
export const stepMs = 10_000;
const snapshotsMax = 8;
/** The globe played forward asks for one step after the other: what lies between costs less than the whole. */
const forwardMsMax = 600_000;
const forwardChangesMax = 3000;
/** Of the streams at once, so that nothing else waits long. */
const pageLength = 2000;

interface Options {
  database: Database;
  events: Events;
  log: Logger;
  now?: () => Date;
}

/** A state for each number of a stream, as its place among the states; `unknown` before a stream's first. */
type Snapshot = Uint8Array;
const unknown = 255;

/** What streams were called at a time, by the numbers that `numberOf` gives. */
export interface StatesAt {
  /** The time, to the step: milliseconds. */
  step: number;
  stateOf: (streamNumber: number) => CameraState | null;
}

/** What streams were called at any time of the last thirty days. */
export class StateHistory {
  readonly #options: Options;
  readonly #log: Logger;
  readonly #now: () => Date;
  /** Streams whose change is not written yet: bounded by their number. */
  readonly #waiting = new Set<StreamId>();
  readonly #snapshots = new Map<number, Promise<Snapshot>>();
  /** Streams are numbered as they are met, so that a snapshot of 65,000 is 65 kB. */
  readonly #numbers = new Map<StreamId, number>();
  #writing: Promise<void> | null = null;
  #failing = false;
  #caughtUpTo = -Infinity;

  constructor(options: Options) {
    this.#options = options;
    this.#log = options.log.child({ component: 'streams' });
    this.#now = options.now ?? (() => new Date());
  }

  /** Writes down what is told on the bus from now on, and what was missed. Any number of gateways may. */
  start(): () => Promise<void> {
    const { events } = this.#options;
    const missed = () => void this.#catchUp();
    const stops = [
      events.on('stream.state', (event) => void this.#waiting.add(event.streamId)),
      // A feed may say of many cameras at once that they are down.
      events.on('cameras.imported', missed),
      events.onGap(missed),
    ];
    const write = setInterval(() => void this.flush(), writeEveryMs);
    const prune = setInterval(() => void this.#prune(), pruneEveryMs);
    prune.unref();
    missed();
    return async () => {
      for (const stop of stops) stop();
      clearInterval(write);
      clearInterval(prune);
      await this.flush();
    };
  }

  /** Lasts as long as the process. */
  numberOf(id: StreamId): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  async statesAt(at: Date): Promise<StatesAt> {
    const step = Math.floor(Math.min(at.getTime(), this.#now().getTime()) / stepMs) * stepMs;
    let read = this.#snapshots.get(step);
    if (!read) {
      read = this.#read(step);
      this.#remember(step, read);
      read.catch(() => this.#snapshots.delete(step));
    }
    const snapshot = await read;
    return { step, stateOf: (streamNumber) => cameraStates[snapshot[streamNumber] ?? unknown] ?? null };
  }

  /** Writes what waits. Never throws: what fails waits on. */
  flush(): Promise<void> {
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    return this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.size > 0) {
      const ids = [...this.#waiting].slice(0, writeLengthMax);
      for (const id of ids) this.#waiting.delete(id);
      try {
        await store.recordStates(this.#options.database, { ids });
        this.#failing = false;
      } catch (error) {
        for (const id of ids) this.#waiting.add(id);
        if (!this.#failing) this.#log.warn({ action: 'history.write', error }, 'changes of state can not be kept yet');
        this.#failing = true;
        return;
      }
    }
  }

  async #catchUp(): Promise<void> {
    const now = this.#now().getTime();
    try {
      await store.recordStates(this.#options.database, {
        since: new Date(Math.max(now - keepMs, this.#caughtUpTo - lateMs)),
      });
      this.#caughtUpTo = now;
    } catch (error) {
      this.#log.warn({ action: 'history.catchUp', error }, 'what changed meanwhile is missing from the history');
    }
  }

  async #prune(): Promise<void> {
    const before = new Date(this.#now().getTime() - keepMs);
    try {
      while ((await store.pruneChanges(this.#options.database, before, pruneLength)) === pruneLength);
    } catch (error) {
      this.#log.warn({ action: 'history.prune', error }, 'old changes of state stay until the next hour');
    }
  }

  async #read(step: number): Promise<Snapshot> {
    const base = this.#before(step);
    const forward = base && (await this.#forward(base, step));
    if (forward) return forward;
    const { database } = this.#options;
    const rows: store.StateAt[] = [];
    for (let after: string | null = null; ;) {
      const ids = await store.listStreamIds(database, after, pageLength);
      rows.push(...(await store.listStatesAt(database, ids, new Date(step))));
      after = ids.at(-1) ?? null;
      if (ids.length < pageLength) return this.#withStates(new Uint8Array(0), rows);
    }
  }

  async #forward(base: { step: number; snapshot: Promise<Snapshot> }, to: number): Promise<Snapshot | null> {
    const range = { from: new Date(base.step), to: new Date(to), limit: forwardChangesMax };
    const [snapshot, changes] = await Promise.all([base.snapshot, store.listChanges(this.#options.database, range)]);
    return changes && this.#withStates(snapshot, changes);
  }

  async #withStates(base: Snapshot, rows: readonly store.StateAt[]): Promise<Snapshot> {
    const changes: [number, number][] = [];
    for (const [at, row] of rows.entries()) {
      changes.push([this.numberOf(streamId.parse(row.streamId)), cameraStates.indexOf(cameraState.parse(row.state))]);
      if (at % pageLength === pageLength - 1) await yieldTurn();
    }
    const snapshot = new Uint8Array(this.#numbers.size).fill(unknown);
    snapshot.set(base);
    for (const [number, state] of changes) snapshot[number] = state;
    return snapshot;
  }

  /** The newest known step before, near enough. */
  #before(step: number): { step: number; snapshot: Promise<Snapshot> } | null {
    const steps = [...this.#snapshots.keys()].filter((known) => known < step && step - known <= forwardMsMax);
    const nearest = Math.max(...steps);
    const snapshot = this.#snapshots.get(nearest);
    return snapshot ? { step: nearest, snapshot } : null;
  }

  #remember(step: number, snapshot: Promise<Snapshot>): void {
    this.#snapshots.set(step, snapshot);
    for (const oldest of this.#snapshots.keys()) {
      if (this.#snapshots.size <= snapshotsMax) break;
      this.#snapshots.delete(oldest);
    }
  }
}
