import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { diskIo, type BlobIo } from './blob.ts';
import { epochMs, sampleBytes, sampleClose, samplePart, sampleRun, segmentMs, writeSegment } from './sample-log.ts';
import { openSegmentStore, type SegmentStore, type SegmentStoreOptions } from './segment-store.ts';

const log = pino({ level: 'silent' });
let dir = '';
const opened: SegmentStore[] = [];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sensorium-log-'));
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await rm(dir, { recursive: true, force: true });
});

async function openStore(options: Partial<SegmentStoreOptions> = {}): Promise<SegmentStore> {
  const store = await openSegmentStore({ dir, epoch: 3, log, ...options });
  opened.push(store);
  return store;
}

describe('a log that is written and read', () => {
  test('gives back each closed segment byte for byte, whole and by track', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    for (const mediaSequence of [0, 1, 2]) expect(await writeSegment(store, { mediaSequence })).toBe(true);
    for (const mediaSequence of [0, 1, 2]) {
      expect(await store.read(mediaSequence, 'all')).toEqual(sampleBytes(mediaSequence));
      expect(await store.read(mediaSequence, [1])).toEqual(sampleBytes(mediaSequence, 1));
      expect(await store.read(mediaSequence, [2])).toEqual(sampleBytes(mediaSequence, 2));
    }
    expect(await store.read(3, 'all')).toBeNull();
  });

  test('gives back the parts of a closed segment, whole and by track, and after a restart', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    await writeSegment(store, { mediaSequence: 1 });
    const bytesOf = (part: number, track: number | 'all') =>
      Buffer.concat(
        samplePart(1, part).chunks.flatMap((chunk) => (track === 'all' || chunk.track === track ? [chunk.data] : [])),
      );
    const check = async (kept: SegmentStore) => {
      for (const part of [0, 1, 2, 3, 4]) {
        expect(await kept.readPart(1, part, 'all')).toEqual(bytesOf(part, 'all'));
        expect(await kept.readPart(1, part, [1])).toEqual(bytesOf(part, 1));
        expect(await kept.readPart(1, part, [2])).toEqual(bytesOf(part, 2));
      }
      expect(await kept.readPart(1, 5, 'all')).toBeNull();
      expect(await kept.readPart(2, 0, 'all')).toBeNull();
    };
    await check(store);
    await store.close();
    await check(await openStore({ epoch: 4 }));
  });

  test('does not serve a segment that is still open', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await store.appendPart(samplePart(0, 0));
    expect(await store.read(0, 'all')).toBeNull();
    expect(store.lastMediaSequence).toBe(0);
  });

  test('keeps the digest of each track segment', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    const [segment] = await store.segments(0, Number.MAX_SAFE_INTEGER);
    const digest = (track: number) => createHash('sha256').update(sampleBytes(0, track)).digest('hex');
    expect(segment?.tracks).toEqual([
      { track: 1, tfdt: 0, duration: 180_000, bytes: sampleBytes(0, 1).length, sha256: digest(1) },
      { track: 2, tfdt: 0, duration: 96_000, bytes: sampleBytes(0, 2).length, sha256: digest(2) },
    ]);
  });

  test('reads across ended blobs and after a clean restart as before', async () => {
    const store = await openStore({ limits: { blobBytes: 12_000 } });
    await store.putRun(sampleRun());
    for (let mediaSequence = 0; mediaSequence < 12; mediaSequence += 1) await writeSegment(store, { mediaSequence });
    const before = await store.segments(epochMs + 3000, epochMs + 9000);
    expect(before.map((segment) => segment.mediaSequence)).toEqual([1, 2, 3, 4]);
    expect(store.blobs.length).toBeGreaterThan(2);
    await store.close();
    const again = await openStore({ epoch: 4 });
    expect(again.lastMediaSequence).toBe(11);
    expect(again.lastRun).toBe(1);
    expect(again.lastWriter).toEqual({ epoch: 7, seq: 11_000 + 400 + 19 });
    expect(await again.segments(epochMs + 3000, epochMs + 9000)).toEqual(before);
    expect(await again.read(0, 'all')).toEqual(sampleBytes(0));
    expect(await again.read(11, [2])).toEqual(sampleBytes(11, 2));
    expect((await again.run(1))?.inits).toEqual(sampleRun().inits);
    expect(again.oldestMs).toBe(epochMs);
    expect(again.bytes).toBe(store.bytes);
  });

  test('says what is durable once the disk has it', async () => {
    const store = await openStore({ limits: { syncMs: 20 } });
    const durable = new Promise((resolve) => void store.once('durable', resolve));
    await store.putRun(sampleRun());
    expect(store.durableThrough).toBeNull();
    await store.appendPart(samplePart(0, 0));
    expect(await durable).toEqual({ mediaSequence: 0, part: 0, writer: { epoch: 7, seq: 19 } });
  });

  test('takes nothing more once it is closed, and may be closed twice', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    const files = await store.close().then(() => readdir(dir));
    expect(await writeSegment(store, { mediaSequence: 1 })).toBe(false);
    await store.close();
    expect(await readdir(dir)).toEqual(files);
    expect(await store.read(0, 'all')).toEqual(sampleBytes(0));
  });

  test('leaves nothing behind when it is erased', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    await store.erase();
    await expect(readdir(dir)).rejects.toThrow('ENOENT');
  });
});

describe('a log that keeps nothing', () => {
  test('remembers the media sequence and the run over a restart', async () => {
    const store = await openStore({ recording: false });
    await store.putRun(sampleRun(5));
    for (const mediaSequence of [0, 1, 2]) expect(await writeSegment(store, { mediaSequence, run: 5 })).toBe(false);
    await store.close();
    expect((await readdir(dir)).filter((name) => name.endsWith('.cmaf'))).toEqual([]);
    const again = await openStore({ recording: false, epoch: 4 });
    expect([again.lastMediaSequence, again.lastRun, again.bytes, again.oldestMs]).toEqual([2, 5, 0, null]);
  });

  test('is covered by off, not by an outage, when recording comes back', async () => {
    const store = await openStore();
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    await store.setRecording(false);
    await writeSegment(store, { mediaSequence: 1 });
    await store.setRecording(true);
    await writeSegment(store, { mediaSequence: 2 });
    const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;
    expect(store.coverage(at(0), at(4))).toEqual([
      { fromMs: at(0), toMs: at(1), kind: 'recorded' },
      { fromMs: at(1), toMs: at(2), kind: 'off' },
      { fromMs: at(2), toMs: at(3), kind: 'recorded' },
    ]);
  });
});

describe('a disk that is full', () => {
  function fillingDisk(): { io: BlobIo; full: boolean } {
    const disk = {
      full: false,
      io: {
        ...diskIo,
        append: async (...[handle, buffers, position]: Parameters<BlobIo['append']>) => {
          if (!disk.full) return diskIo.append(handle, buffers, position);
          // As a real disk does: half of it is written.
          const [first] = buffers;
          if (first) await diskIo.append(handle, [first.subarray(0, first.length >> 1)], position);
          throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
        },
      },
    };
    return disk;
  }

  test('pauses recording without a throw, resumes with a hole marked, and loses nothing before or after', async () => {
    const disk = fillingDisk();
    const store = await openStore({ io: disk.io, limits: { retryMs: 0 } });
    const states: string[] = [];
    store.on('state', (state) => states.push(state.state === 'paused' ? state.reason : state.state));
    await store.putRun(sampleRun());
    for (const mediaSequence of [0, 1]) await writeSegment(store, { mediaSequence });
    await store.appendPart(samplePart(2, 0));
    disk.full = true;
    for (const part of [1, 2]) await store.appendPart(samplePart(2, part));
    expect(store.state).toMatchObject({ state: 'paused', reason: 'full' });
    expect(await store.closeSegment(sampleClose({ mediaSequence: 2 }))).toBeNull();
    expect(await writeSegment(store, { mediaSequence: 3 })).toBe(false);
    disk.full = false;
    expect(await writeSegment(store, { mediaSequence: 4 })).toBe(true);
    expect(states).toEqual(['full', 'recording']);
    expect(store.lastMediaSequence).toBe(4);
    const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;
    const expected = [
      { fromMs: at(0), toMs: at(2), kind: 'recorded' },
      { fromMs: at(2), toMs: at(4), kind: 'dropped' },
      { fromMs: at(4), toMs: at(5), kind: 'recorded' },
    ];
    expect(store.coverage(at(0), at(9))).toEqual(expected);
    await store.close();
    const again = await openStore({ epoch: 4 });
    expect(again.coverage(at(0), at(9))).toEqual(expected);
    for (const mediaSequence of [0, 1, 4])
      expect(await again.read(mediaSequence, 'all')).toEqual(sampleBytes(mediaSequence));
    expect(await again.read(2, 'all')).toBeNull();
  });

  test('and refuses again at the next try leaves one hole, not two and a stretch without a reason', async () => {
    const disk = fillingDisk();
    const store = await openStore({ io: disk.io, limits: { retryMs: 0 } });
    await store.putRun(sampleRun());
    await writeSegment(store, { mediaSequence: 0 });
    disk.full = true;
    await writeSegment(store, { mediaSequence: 1 });
    // There is room for a part, and not for its segment.
    disk.full = false;
    await store.appendPart(samplePart(3, 0));
    disk.full = true;
    await store.appendPart(samplePart(3, 1));
    const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;
    expect(store.coverage(at(0), at(4))).toEqual([
      { fromMs: at(0), toMs: at(1), kind: 'recorded' },
      { fromMs: at(1), toMs: at(4), kind: 'dropped' },
    ]);
  });

  test('that answers with another error is told apart', async () => {
    const io = { ...diskIo, append: () => Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' })) };
    const store = await openStore({ io });
    await store.putRun(sampleRun());
    await store.appendPart(samplePart(0, 0));
    expect(store.state).toMatchObject({ state: 'paused', reason: 'fault', message: 'i/o error' });
    expect(store.lastMediaSequence).toBe(0);
  });

  test('and stalls holds no more than its bound in memory', async () => {
    let release = () => {};
    const stalled = new Promise<void>((resolve) => {
      release = resolve;
    });
    const io: BlobIo = {
      ...diskIo,
      append: (handle, buffers, position) => stalled.then(() => diskIo.append(handle, buffers, position)),
    };
    const store = await openStore({ io, limits: { pendingBytesMax: 4000 } });
    const writes = [store.putRun(sampleRun())];
    for (let part = 0; part < 5; part += 1) writes.push(store.appendPart(samplePart(0, part)));
    release();
    await Promise.all(writes);
    expect(store.state).toMatchObject({ state: 'paused', reason: 'slow' });
  });
});

test('moves the sequence on after a power loss, so that no number is used twice', async () => {
  const { SequenceFile } = await import('./mark.ts');
  const sequence = new SequenceFile(dir);
  await sequence.write({ mediaSequence: 40, run: 2, boot: 'another boot' });
  sequence.close();
  expect((await openStore()).lastMediaSequence).toBeGreaterThan(40 + 5);
});
