import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { sampleRun, writeSegment } from './disk/sample-log.ts';
import type { SegmentStore } from './disk/segment-store.ts';
import { StreamShelf } from './stream-shelf.ts';
import { anAssignment } from './testing/slicer-under-test.ts';

let dir = '';
let shelf: StreamShelf;

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sensorium-shelf-'));
  shelf = new StreamShelf({ dir, log: pino({ level: 'silent' }), ringBytesMax: 1_000_000, opened: () => {} });
});
afterEach(async () => {
  await shelf.close();
  await rm(dir, { recursive: true, force: true });
});

async function storeOf(streamId: string): Promise<SegmentStore> {
  const stream = await shelf.open(streamId);
  if (!stream?.store) throw new Error(`no store of ${streamId} is open`);
  return stream.store;
}

describe('a stream that is not held', () => {
  const streamId = '0198a000-0000-7000-8000-0000000000aa';

  it('may still be told, until the gateway has told all', () => {
    expect(shelf.find(streamId)).toEqual({ state: 'unknown', isTold: false });
    shelf.allTold();
    expect(shelf.find(streamId)).toEqual({ state: 'unknown', isTold: true });
  });

  it('is known by where it went: to another node, or away for good', async () => {
    await shelf.release(streamId, { erase: false, movedTo: 'http://node-b:7000' });
    expect(shelf.find(streamId)).toEqual({ state: 'released', movedTo: 'http://node-b:7000' });
    await shelf.release(streamId, { erase: true });
    expect(shelf.find(streamId)).toEqual({ state: 'erased' });
  });
});

describe('a stream that is released and assigned again', () => {
  it.each([
    { erase: false, kept: 1 },
    { erase: true, kept: 0 },
  ])('opens its log after the one before is closed, erase: $erase', async ({ erase, kept }) => {
    const assignment = anAssignment();
    const { streamId } = assignment;
    shelf.assign(assignment);
    const before = await storeOf(streamId);
    await before.putRun(sampleRun());
    await writeSegment(before, { mediaSequence: 0 });
    const order: string[] = [];
    const disk = Promise.withResolvers<void>();
    const close = before.close.bind(before);
    vi.spyOn(before, 'close').mockImplementation(async () => {
      await disk.promise;
      await close();
      order.push('closed');
    });
    const released = shelf.release(streamId, { erase });
    shelf.assign({ ...assignment, epoch: 2 });
    const opened = storeOf(streamId).then((store) => {
      order.push('opened');
      return store;
    });
    // A log that did not wait would be open by then.
    await Promise.race([opened, new Promise((resolve) => void setTimeout(resolve, 100))]);
    disk.resolve();
    await released;
    const after = await opened;
    expect(order).toEqual(['closed', 'opened']);
    expect(after.blobs).toHaveLength(kept);
    await after.putRun(sampleRun(2));
    expect(await writeSegment(after, { mediaSequence: 5, run: 2 })).toBe(true);
    expect(await after.read(5, 'all')).not.toBeNull();
  });

  it('is let go whatever the order of the words', async () => {
    const assignment = anAssignment();
    const { streamId } = assignment;
    shelf.assign(assignment);
    const first = shelf.release(streamId, { erase: false });
    shelf.assign({ ...assignment, epoch: 2 });
    const second = shelf.release(streamId, { erase: true });
    await Promise.all([first, second]);
    expect(shelf.size).toBe(0);
    shelf.assign({ ...assignment, epoch: 3 });
    expect((await storeOf(streamId)).lastMediaSequence).toBe(-1);
  });
});

it('holds a log that is open to the bounds of a changed policy', async () => {
  const assignment = anAssignment();
  shelf.assign(assignment);
  const store = await storeOf(assignment.streamId);
  const record = { mode: 'always' as const, maxAgeSeconds: 3600, maxBytes: 48_000 };
  shelf.assign({ ...assignment, policy: { ...assignment.policy, record } });
  await store.putRun(sampleRun());
  for (let mediaSequence = 0; mediaSequence < 12; mediaSequence += 1) await writeSegment(store, { mediaSequence });
  expect(store.blobs.length).toBeGreaterThan(2);
});
