import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { RecordPolicy } from '#server/contracts/camera.ts';

import { diskIo, type BlobIo } from './blob.ts';
import { DiskWatch } from './disk-watch.ts';
import { pinsName } from './pins.ts';
import { applyRetention, blobLimits, type RetainedStream } from './retention.ts';
import { epochMs, sampleBytes, sampleRun, segmentMs, writeSegment } from './sample-log.ts';
import { openSegmentStore, type SegmentStore } from './segment-store.ts';

const log = pino({ level: 'silent' });
type HeldStream = RetainedStream & { store: SegmentStore };
const keepAll: RecordPolicy = { mode: 'always', maxAgeSeconds: 31_536_000, maxBytes: null };
let root = '';
const opened: SegmentStore[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sensorium-retention-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(root, { recursive: true, force: true });
});

/** A stream of `segments` segments, each in a blob of its own; the last blob is still open. */
async function aStream(options: {
  name?: string;
  segments: number;
  shiftMs?: number;
  policy?: RecordPolicy;
  io?: BlobIo;
}): Promise<HeldStream> {
  const dir = path.join(root, options.name ?? 'stream');
  const { io = diskIo } = options;
  const store = await openSegmentStore({ dir, epoch: 1, log, limits: { blobBytes: 1 }, io });
  opened.push(store);
  await store.putRun(sampleRun());
  for (let mediaSequence = 0; mediaSequence < options.segments; mediaSequence += 1) {
    await writeSegment(store, { mediaSequence, shiftMs: options.shiftMs ?? 0 });
  }
  return { store, dir, policy: options.policy ?? keepAll };
}

const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;

async function kept(store: SegmentStore): Promise<number[]> {
  return (await store.segments(0, Number.MAX_SAFE_INTEGER)).map((segment) => segment.mediaSequence);
}

describe('retention', () => {
  test('takes what is older than the policy keeps and says so on the timeline', async () => {
    const stream = await aStream({ segments: 100, policy: { ...keepAll, maxAgeSeconds: 60 } });
    const taken = await applyRetention(stream, at(100));
    expect(taken.seconds).toBe(140);
    expect(await kept(stream.store)).toEqual(Array.from({ length: 30 }, (_, index) => 70 + index));
    expect(stream.store.oldestMs).toBe(at(70));
    const coverage = [
      { fromMs: at(0), toMs: at(70), kind: 'retention' },
      { fromMs: at(70), toMs: at(100), kind: 'recorded' },
    ];
    expect(stream.store.coverage(at(0), at(100))).toEqual(coverage);
    await stream.store.close();
    const again = await openSegmentStore({ dir: stream.dir, epoch: 2, log });
    opened.push(again);
    expect(again.coverage(at(0), at(100))).toEqual(coverage);
    expect(again.lastMediaSequence).toBe(99);
  });

  test('leaves the reason of a hole between what it took', async () => {
    const stream = await aStream({ segments: 1 });
    stream.store.setLimits({ blobBytes: 1_000_000 });
    await writeSegment(stream.store, { mediaSequence: 1 });
    await stream.store.pauseRecording('space', 'no room');
    expect(await writeSegment(stream.store, { mediaSequence: 2 })).toBe(false);
    await stream.store.resumeRecording();
    stream.store.setLimits({ blobBytes: 1 });
    for (const mediaSequence of [3, 4, 5]) await writeSegment(stream.store, { mediaSequence });
    const coverage = (kind: string) => [
      { fromMs: at(0), toMs: at(2), kind },
      { fromMs: at(2), toMs: at(3), kind: 'dropped' },
      { fromMs: at(3), toMs: at(6), kind },
    ];
    expect(stream.store.coverage(at(0), at(6))).toEqual(coverage('recorded'));
    await applyRetention({ ...stream, policy: { ...keepAll, maxBytes: 1 } }, at(6));
    expect(stream.store.coverage(at(0), at(6))).toEqual(coverage('retention'));
  });

  test('keeps a stream within its bytes', async () => {
    const stream = await aStream({ segments: 12 });
    const maxBytes = stream.store.bytes / 2;
    await applyRetention({ ...stream, policy: { ...keepAll, maxBytes } }, at(12));
    expect(stream.store.bytes).toBeLessThanOrEqual(maxBytes);
    expect((await kept(stream.store)).at(-1)).toBe(11);
  });

  test('leaves pinned stretches alone', async () => {
    const stream = await aStream({ segments: 10, policy: { ...keepAll, maxAgeSeconds: 60 } });
    await writeFile(path.join(stream.dir, pinsName), JSON.stringify([{ fromMs: at(3) + 100, toMs: at(4) + 100 }]));
    await applyRetention(stream, at(1000));
    expect(await kept(stream.store)).toEqual([3, 4]);
    expect(await stream.store.read(3, 'all')).toEqual(sampleBytes(3));
  });

  test('takes nothing of a stream whose pins can not be read', async () => {
    const stream = await aStream({ segments: 3, policy: { ...keepAll, maxAgeSeconds: 60 } });
    await writeFile(path.join(stream.dir, pinsName), '[{');
    await applyRetention(stream, at(1000));
    expect(await kept(stream.store)).toEqual([0, 1, 2]);
  });

  test('asks for blobs small enough for the policy', () => {
    expect(blobLimits(keepAll)).toEqual({ blobMs: 300_000, blobBytes: 268_435_456 });
    expect(blobLimits({ mode: 'always', maxAgeSeconds: 60, maxBytes: 16_777_216 })).toEqual({
      blobMs: 15_000,
      blobBytes: 4_194_304,
    });
  });
});

describe('a disk that fills up', () => {
  /** A disk of 1 MB whose free bytes are what the test says, plus what eviction gives back. */
  function watch(streams: HeldStream[], free: { bytes: number }): DiskWatch {
    const startBytes = sum(streams);
    const measure = async () => ({ freeBytes: free.bytes + startBytes - sum(streams), totalBytes: 1_000_000 });
    return new DiskWatch({ path: root, log, streams: () => streams, measure });
  }
  const sum = (streams: HeldStream[]) => streams.reduce((total, { store }) => total + store.bytes, 0);

  test('loses the oldest unpinned media of all streams first, and tells how much', async () => {
    const older = await aStream({ name: 'older', segments: 10 });
    const newer = await aStream({ name: 'newer', segments: 10, shiftMs: 10 * segmentMs });
    await writeFile(path.join(older.dir, pinsName), JSON.stringify([{ fromMs: at(0), toMs: at(1) }]));
    const disk = watch([older, newer], { bytes: 80_000 });
    await disk.look();
    expect(disk.health).toMatchObject({ level: 'evicting', totalBytes: 1_000_000 });
    expect(disk.health?.freeBytes).toBeGreaterThanOrEqual(100_000);
    expect((await kept(older.store))[0]).toBe(0);
    expect(await kept(older.store)).not.toContain(1);
    expect(await kept(newer.store)).toHaveLength(10);
    expect(disk.health?.evictedSeconds).toBe((10 - (await kept(older.store)).length) * 2);
  });

  test('is said to be full until there is room again, not until the next recordings have gone', async () => {
    const stream = await aStream({ segments: 12 });
    const free = { bytes: 99_000 };
    const disk = watch([stream], free);
    const levels: unknown[] = [];
    const look = async (bytes: number) => {
      free.bytes += bytes;
      await disk.look();
      levels.push(disk.health?.level);
    };
    await look(0);
    expect(disk.health?.freeBytes).toBeGreaterThanOrEqual(100_000);
    await look(0);
    await look(20_000);
    await look(-20_000);
    expect(levels).toEqual(['evicting', 'evicting', 'ok', 'ok']);
  });

  test('stops recording below five per cent and starts again above', async () => {
    const stream = await aStream({ segments: 1 });
    const free = { bytes: 20_000 };
    const disk = watch([stream], free);
    await disk.look();
    expect(disk.health?.level).toBe('paused');
    expect(stream.store.state).toMatchObject({ state: 'paused', reason: 'space' });
    expect(await writeSegment(stream.store, { mediaSequence: 1 })).toBe(false);
    free.bytes = 45_000;
    await disk.look();
    expect(stream.store.state.state).toBe('paused');
    free.bytes = 200_000;
    await disk.look();
    expect(disk.health?.level).toBe('ok');
    expect(await writeSegment(stream.store, { mediaSequence: 2 })).toBe(true);
  });

  test('is not written to again before there is room, also where it refused bytes first', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const disk = { refuses: false };
    const io: BlobIo = {
      ...diskIo,
      append: (...all) => (disk.refuses ? Promise.reject(full) : diskIo.append(...all)),
    };
    const stream = await aStream({ segments: 1, io });
    stream.store.setLimits({ retryMs: 0 });
    const free = { bytes: 20_000 };
    const watched = watch([stream], free);
    disk.refuses = true;
    await writeSegment(stream.store, { mediaSequence: 1 });
    expect(stream.store.state).toMatchObject({ state: 'paused', reason: 'full' });
    disk.refuses = false;
    await watched.look();
    expect(stream.store.state).toMatchObject({ state: 'paused', reason: 'space' });
    expect(await writeSegment(stream.store, { mediaSequence: 2 })).toBe(false);
    free.bytes = 200_000;
    await watched.look();
    expect(await writeSegment(stream.store, { mediaSequence: 3 })).toBe(true);
  });

  test('loses the oldest media where the disk refuses bytes that it says are free', async () => {
    const full = Object.assign(new Error('quota exceeded'), { code: 'EDQUOT' });
    const disk = { refuses: false };
    const io: BlobIo = {
      ...diskIo,
      append: (...all) => (disk.refuses ? Promise.reject(full) : diskIo.append(...all)),
    };
    const stream = await aStream({ segments: 10, io });
    const watched = watch([stream], { bytes: 500_000 });
    await watched.look();
    expect(await kept(stream.store)).toHaveLength(10);
    disk.refuses = true;
    await writeSegment(stream.store, { mediaSequence: 10 });
    await watched.look();
    expect(watched.health?.level).toBe('evicting');
    expect((await kept(stream.store))[0]).toBeGreaterThan(0);
    disk.refuses = false;
    await stream.store.resumeRecording();
    expect(await writeSegment(stream.store, { mediaSequence: 11 })).toBe(true);
    await watched.look();
    expect(watched.health?.level).toBe('ok');
  });

  test('gives way little by little where it is small: no blob takes more than a sixty-fourth of it', async () => {
    const stream = await aStream({ segments: 1 });
    stream.store.setLimits({ blobBytes: 1_000_000_000 });
    await watch([stream], { bytes: 500_000 }).look();
    for (let mediaSequence = 1; mediaSequence < 20; mediaSequence += 1)
      await writeSegment(stream.store, { mediaSequence });
    const sizes = stream.store.blobs.map(({ bytes }) => bytes);
    expect(sizes.length).toBeGreaterThan(4);
    // And the segment that takes it over.
    expect(Math.max(...sizes)).toBeLessThan(2 * (1_000_000 / 64));
  });

  test('is measured from the file system itself unless told', async () => {
    const disk = new DiskWatch({ path: root, log, streams: () => [] });
    await disk.look();
    expect(disk.health?.totalBytes).toBeGreaterThan(disk.health?.freeBytes ?? Number.POSITIVE_INFINITY);
  });
});
