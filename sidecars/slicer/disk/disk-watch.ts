import { statfs } from 'node:fs/promises';

import type { Logger } from 'pino';

import type { DiskHealth } from '#server/contracts/sidecar.ts';

import type { BlobSummary } from './blob.ts';
import { endMs } from './eviction.ts';
import type { LeftFolders } from './left-folders.ts';
import { isPinned, readPins, type Pins } from './pins.ts';
import { applyRetention, blobLimits, type RetainedStream } from './retention.ts';
import type { SegmentStore } from './segment-store.ts';

const evictBelow = 0.1;
/** What is taken lifts a full disk just above that level, until the next minute's recordings: it has room again only from here on. */
const roomAbove = 0.12;
const pauseBelow = 0.05;
/** Between the two levels and back, so that a disk at the edge does not switch each time: recording resumes a little above the level that paused it. */
const resumeAbove = 0.06;
/** A blob goes as a whole, and the one that grows not at all: of a small disk none takes more than this part. */
const blobShareMax = 1 / 64;
/** A round takes no more blobs than this and looks again: bounds a wrong answer of statfs. */
const blobsPerRoundMax = 64;

export interface DiskWatchOptions {
  path: string;
  log: Logger;
  streams: () => Iterable<RetainedStream & { store: SegmentStore }>;
  /** Recordings of streams that are not held any more. */
  left?: Pick<LeftFolders, 'sweep' | 'retained'>;
  everyMs?: number;
  /** Free and total bytes of the disk; statfs unless told. */
  measure?: () => Promise<{ freeBytes: number; totalBytes: number }>;
}

/** Keeps recordings within their policies and the disk from filling up. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #health: DiskHealth | null = null;
  #evictedSeconds = 0;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> | null = null;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** For the heartbeat; null before the first look. */
  get health(): DiskHealth | null {
    return this.#health;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.look(), this.#options.everyMs ?? 10_000).unref();
    void this.look();
  }

  async close(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    await this.#round;
  }

  /** One round: retention of each stream, then what the free space asks for. Rounds do not overlap. */
  look(): Promise<void> {
    this.#round ??= this.#look()
      .catch((error: unknown) => {
        this.#options.log.warn({ action: 'disk.look', error: String(error) }, 'the disk could not be looked at');
      })
      .finally(() => {
        this.#round = null;
      });
    return this.#round;
  }

  async #look(): Promise<void> {
    const streams = [...this.#options.streams()];
    const { left } = this.#options;
    for (const stream of streams) await applyRetention(stream);
    await left?.sweep();
    let { freeBytes, totalBytes } = await this.#measure();
    // A quota, or files that another program keeps open: the disk may refuse what it says it has.
    const isRefusing = streams.some(({ store: { state } }) => state.state === 'paused' && state.reason === 'full');
    const missing = evictBelow * totalBytes - freeBytes;
    const isFull = missing > 0 || isRefusing;
    if (isFull) {
      await this.#evictOldest([...streams, ...((await left?.retained()) ?? [])], Math.max(1, missing));
      ({ freeBytes, totalBytes } = await this.#measure());
    }
    const level = this.#levelOf(freeBytes / Math.max(1, totalBytes), { isRefusing, isFull });
    for (const { store, policy } of streams) {
      const limits = blobLimits(policy);
      store.setLimits({ ...limits, blobBytes: Math.min(limits.blobBytes, Math.floor(totalBytes * blobShareMax)) });
      // Streams opened since are paused too; who is paused for another reason is left alone.
      if (level === 'paused') await store.pauseRecording('space', `${freeBytes} of ${totalBytes} bytes are free`);
      else if (store.state.state === 'paused' && store.state.reason === 'space') await store.resumeRecording();
    }
    if (level !== (this.#health?.level ?? 'ok')) {
      this.#options.log.warn({ action: 'disk.level', level, freeBytes, totalBytes }, 'free space of the disk');
    }
    this.#health = { path: this.#options.path, freeBytes, totalBytes, level, evictedSeconds: this.#evictedSeconds };
  }

  /** `isFull`: something had to go in this round. */
  #levelOf(free: number, { isRefusing, isFull }: { isRefusing: boolean; isFull: boolean }): DiskHealth['level'] {
    const before = this.#health?.level ?? 'ok';
    if (free < (before === 'paused' ? resumeAbove : pauseBelow)) return 'paused';
    const hasRoom = free >= (isFull || before !== 'ok' ? roomAbove : evictBelow);
    return hasRoom && !isRefusing ? 'ok' : 'evicting';
  }

  async #evictOldest(streams: RetainedStream[], wantedBytes: number): Promise<void> {
    const pins = new Map<RetainedStream, Pins | null>();
    for (const stream of streams) pins.set(stream, await readPins(stream.dir));
    const candidates = streams
      .flatMap((stream) =>
        stream.store.blobs.map((blob): { stream: RetainedStream; blob: BlobSummary } => ({ stream, blob })),
      )
      .filter(({ stream, blob }) => !isPinned(blob, pins.get(stream) ?? null))
      .toSorted((a, b) => endMs(a.blob) - endMs(b.blob))
      .slice(0, blobsPerRoundMax);
    let freed = 0;
    for (const { stream, blob } of candidates) {
      if (freed >= wantedBytes) break;
      const evicted = await stream.store.evictBlob(blob);
      freed += evicted.bytes;
      this.#evictedSeconds += evicted.seconds;
    }
    if (freed > 0)
      this.#options.log.warn({ action: 'disk.evict', freed }, 'the disk is nearly full: oldest recordings go first');
  }

  async #measure(): Promise<{ freeBytes: number; totalBytes: number }> {
    if (this.#options.measure) return this.#options.measure();
    const { bavail, blocks, bsize } = await statfs(this.#options.path);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  }
}
