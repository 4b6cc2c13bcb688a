import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { DiskWatch } from './disk-watch.ts';
import { keepPolicy, LeftFolders } from './left-folders.ts';
import { epochMs, sampleRun, segmentMs, writeSegment } from './sample-log.ts';
import { openSegmentStore } from './segment-store.ts';

const log = pino({ level: 'silent' });
const first = '0198a000-0000-7000-8000-0000000000aa';
const second = '0198a000-0000-7000-8000-0000000000bb';
const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;
let root = '';

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'sensorium-left-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Ten segments, each in a blob of its own, and nobody who holds them. */
async function leave(name: string, maxAgeSeconds: number | null): Promise<string> {
  const dir = path.join(root, name);
  const store = await openSegmentStore({ dir, epoch: 1, log, limits: { blobBytes: 1 } });
  await store.putRun(sampleRun());
  for (let mediaSequence = 0; mediaSequence < 10; mediaSequence += 1) await writeSegment(store, { mediaSequence });
  await store.close();
  if (maxAgeSeconds !== null) await keepPolicy(dir, { mode: 'always', maxAgeSeconds, maxBytes: null }, log);
  return dir;
}
const blobsIn = async (dir: string) => (await readdir(dir)).filter((name) => name.endsWith('.cmaf')).length;
const sweep = (nowMs: number, taken: string[] = []) =>
  new LeftFolders({ dir: root, log, isTaken: (id) => taken.includes(id) }).sweep(nowMs);

test('what is not held any more grows old by the policy it had; of what nothing is known nothing is taken', async () => {
  const [known, unknown] = [await leave(first, 60), await leave(second, null)];
  await sweep(at(5) + 60_000);
  expect([await blobsIn(known), await blobsIn(unknown)]).toEqual([5, 10]);
  const again = await openSegmentStore({ dir: known, epoch: 2, log });
  expect(again.oldestMs).toBe(at(5));
  expect(again.coverage(at(0), at(10))).toMatchObject([{ toMs: at(5), kind: 'retention' }, { kind: 'recorded' }]);
  await again.close();
});

test('a stream that is held is its store’s own matter', async () => {
  const dir = await leave(first, 60);
  await sweep(at(1000), [first]);
  expect(await blobsIn(dir)).toBe(10);
});

test('an empty folder goes a week after it was touched last, and folders of others stay', async () => {
  const dir = await leave(first, 60);
  await mkdir(path.join(root, 'not-a-stream'));
  await sweep(at(1000));
  expect(await readdir(dir)).not.toEqual([]);
  const now = Date.now();
  for (const name of await readdir(dir)) await utimes(path.join(dir, name), 0, 0);
  await utimes(dir, 0, 0);
  await sweep(now);
  expect(await readdir(root)).toEqual(['not-a-stream']);
});

test('a disk that is nearly full takes of what is left as well', async () => {
  const dir = await leave(first, null);
  const left = new LeftFolders({ dir: root, log, isTaken: () => false });
  const measure = async () => ({ freeBytes: (await blobsIn(dir)) > 6 ? 1 : 1_000_000, totalBytes: 10_000 });
  const watch = new DiskWatch({ path: root, log, streams: () => [], left, measure });
  await watch.look();
  expect(await blobsIn(dir)).toBeLessThan(10);
  expect(watch.health?.evictedSeconds).toBeGreaterThan(0);
  await watch.close();
});
