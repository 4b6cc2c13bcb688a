import { rm } from 'node:fs/promises';
import path from 'node:path';

import type { Logger } from 'pino';

import type { SlicerAssignment } from '#server/contracts/sidecar.ts';

import { keepPolicy } from './disk/left-folders.ts';
import { blobLimits, type RetainedStream } from './disk/retention.ts';
import { SegmentCache } from './disk/segment-cache.ts';
import { openSegmentStore, type SegmentStore, type SegmentStoreOptions } from './disk/segment-store.ts';
import { readPromise, writePromise } from './playlist-promise.ts';
import { endingKeeper, readEnding } from './stream-ending.ts';
import { LiveStream } from './stream.ts';

export interface ShelfOptions {
  /** DATA_DIR/media */
  dir: string;
  log: Logger;
  /** Memory that all rings together may take. */
  ringBytesMax: number;
  opened: (stream: LiveStream) => void;
}

type Place =
  | { state: 'open'; stream: LiveStream }
  | { state: 'opening' }
  /** Another node has it; `movedTo`: that node's own address where it is known. */
  | { state: 'released'; movedTo: string | null }
  /** It was deleted, and its log with it. */
  | { state: 'erased' }
  /** `isTold`: the gateway has said which streams are ours, and this is none of them. */
  | { state: 'unknown'; isTold: boolean };

interface Slot {
  assignment: SlicerAssignment;
  stream: LiveStream | null;
  /** Opening and closing follow one another. */
  work: Promise<void>;
}

const releasedLengthMax = 10_000;

/** The streams this node holds, from assignment to release. */
export class StreamShelf {
  readonly #options: ShelfOptions;
  readonly #slots = new Map<string, Slot>();
  readonly #cache = new SegmentCache();
  readonly #released = new Map<string, string | null>();
  readonly #erased = new Set<string>();
  /** Logs that are being closed or erased: their folders are taken until then. Never reject. */
  #isTold = false;
  readonly #leaving = new Map<string, Promise<void>>();

  constructor(options: ShelfOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#slots.size;
  }

  *streams(): Generator<LiveStream> {
    for (const slot of this.#slots.values()) if (slot.stream) yield slot.stream;
  }

  /** What retention and the disk watch look after. */
  *retained(): Generator<RetainedStream & { store: SegmentStore }> {
    for (const { id, store, policy } of this.streams()) {
      if (store) yield { store, dir: this.#dirOf(id), policy: policy.record };
    }
  }

  /** Held, its folder not let go yet, or not told of yet. */
  isTaken(streamId: string): boolean {
    return !this.#isTold || this.#slots.has(streamId) || this.#leaving.has(streamId);
  }

  ids(): string[] {
    return [...this.#slots.keys()];
  }

  find(streamId: string): Place {
    const slot = this.#slots.get(streamId);
    if (slot) return slot.stream ? { state: 'open', stream: slot.stream } : { state: 'opening' };
    if (this.#erased.has(streamId)) return { state: 'erased' };
    const movedTo = this.#released.get(streamId);
    return movedTo === undefined ? { state: 'unknown', isTold: this.#isTold } : { state: 'released', movedTo };
  }

  /** The stream once it is open; null where this node does not hold it. */
  async open(streamId: string): Promise<LiveStream | null> {
    await this.#slots.get(streamId)?.work;
    return this.#slots.get(streamId)?.stream ?? null;
  }

  /** From here on what is not held is not ours. */
  allTold(): void {
    this.#isTold = true;
  }

  assign(assignment: SlicerAssignment): void {
    const { streamId, epoch } = assignment;
    const slot = this.#slots.get(streamId);
    if (slot && slot.assignment.epoch === epoch) {
      slot.assignment = assignment;
      if (slot.stream) this.#apply(slot.stream, assignment.policy);
      return;
    }
    this.#released.delete(streamId);
    this.#erased.delete(streamId);
    const next: Slot = { assignment, stream: null, work: Promise.resolve() };
    next.work = this.#replace(slot, next);
    this.#slots.set(streamId, next);
  }

  async release(streamId: string, how: { erase: boolean; movedTo?: string | undefined }): Promise<void> {
    const { erase, movedTo = null } = how;
    const slot = this.#slots.get(streamId);
    this.#slots.delete(streamId);
    this.#released.delete(streamId);
    this.#erased.delete(streamId);
    if (this.#released.size + this.#erased.size >= releasedLengthMax) {
      this.#released.clear();
      this.#erased.clear();
    }
    if (erase) this.#erased.add(streamId);
    else this.#released.set(streamId, movedTo);
    const work = this.#letGo(slot, { streamId, erase, before: this.#leaving.get(streamId) });
    const settled = work
      .catch(() => {
        // The caller of release has it; who waits for the folder goes on.
      })
      .finally(() => {
        if (this.#leaving.get(streamId) === settled) this.#leaving.delete(streamId);
      });
    this.#leaving.set(streamId, settled);
    await work;
  }

  async close(): Promise<void> {
    const slots = [...this.#slots.values()];
    this.#slots.clear();
    const closing = slots.map(async (slot) => slot.work.then(() => this.#close(slot)));
    await Promise.allSettled([...closing, ...this.#leaving.values()]);
  }

  /** The cap over all rings: takes from whoever holds most, until it is kept. */
  trim(): number {
    const streams = [...this.streams()].toSorted((a, b) => b.window.bytes - a.window.bytes);
    let total = streams.reduce((sum, stream) => sum + stream.window.bytes, 0);
    for (const stream of streams) {
      for (let freed = 1; total > this.#options.ringBytesMax && freed > 0; total -= freed)
        freed = stream.window.releaseOldest();
    }
    return total;
  }

  async #letGo(
    slot: Slot | undefined,
    place: { streamId: string; erase: boolean; before: Promise<void> | undefined },
  ): Promise<void> {
    await place.before;
    if (slot) {
      await slot.work;
      await this.#close(slot);
    }
    if (place.erase) await rm(this.#dirOf(place.streamId), { recursive: true, force: true });
  }

  async #replace(before: Slot | undefined, next: Slot): Promise<void> {
    const { streamId } = next.assignment;
    // Taken at once: a release that comes later waits for this slot, not the other way round.
    const leaving = this.#leaving.get(streamId);
    try {
      await leaving;
      await before?.work;
      if (before) await this.#close(before);
      await this.#open(next);
    } catch (error) {
      const { log } = this.#options;
      log.error({ action: 'stream.open', streamId, error: String(error) }, 'the log of a stream could not be opened');
      if (this.#slots.get(streamId) === next) this.#slots.delete(streamId);
    }
  }

  async #open(slot: Slot): Promise<void> {
    const { assignment } = slot;
    const dir = this.#dirOf(assignment.streamId);
    const log = this.#options.log.child({ streamId: assignment.streamId });
    const { record } = assignment.policy;
    const recording = record.mode === 'always';
    const store = await this.#openStore({
      dir,
      epoch: assignment.epoch,
      log,
      recording,
      limits: blobLimits(record),
      cache: this.#cache,
    });
    const stream = new LiveStream({
      assignment,
      log,
      store,
      promise: await readPromise(dir),
      keepPromise: (promise) => writePromise(dir, promise, log),
      ending: { kept: await readEnding(dir), keep: endingKeeper(dir, log) },
    });
    await stream.restore(Date.now());
    // It may have changed while the log was being opened.
    this.#apply(stream, slot.assignment.policy);
    slot.stream = stream;
    this.#options.opened(stream);
  }

  /** A disk that can't be opened does not take the live picture with it. */
  async #openStore(options: SegmentStoreOptions): Promise<SegmentStore | null> {
    try {
      return await openSegmentStore(options);
    } catch (error) {
      options.log.error(
        { action: 'store.open', error: String(error) },
        'the disk can not be used: live goes on from memory',
      );
      return null;
    }
  }

  async #close(slot: Slot): Promise<void> {
    const { stream } = slot;
    slot.stream = null;
    if (!stream) return;
    stream.flush();
    stream.close();
    await stream.store?.close();
  }

  #apply(stream: LiveStream, policy: SlicerAssignment['policy']): void {
    applyPolicy(stream, policy);
    // Where nothing is recorded nothing is left behind.
    if (stream.store && policy.record.mode === 'always')
      void keepPolicy(this.#dirOf(stream.id), policy.record, this.#options.log);
  }

  #dirOf(streamId: string): string {
    return path.join(this.#options.dir, streamId);
  }
}

function applyPolicy(stream: LiveStream, policy: SlicerAssignment['policy']): void {
  stream.policy = policy;
  if (policy.ended) stream.endByWord('ended');
  stream.store?.setLimits(blobLimits(policy.record));
  void stream.store?.setRecording(policy.record.mode === 'always');
}
