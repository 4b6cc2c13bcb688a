import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import fc from 'fast-check';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { asItLies } from './blob-as-it-lies.ts';
import { sampleBytes, samplePart, sampleRun, writeSegment } from './sample-log.ts';
import { openSegmentStore, type SegmentStore } from './segment-store.ts';

/**
 * A process killed in the middle of segment 3 leaves a folder; copies of it are cut and opened again. What holds at every cut: what is served is a prefix
 * of what was written, in whole chunks; no number comes back; and the log can be written on.
 */
/** Hundreds of openings: in memory where there is such a place, for each of them syncs. */
const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const log = pino({ level: 'silent' });
let killed = '';
let work = '';
let blobName = '';
let blobBytes = 0;
let indexBytes = 0;
const lastSegment = 3;
const writtenOf3 = Buffer.concat([0, 1].flatMap((part) => samplePart(3, part).chunks.map((chunk) => chunk.data)));

const wholeBytes = writtenOf3.length + [0, 1, 2].reduce((sum, at) => sum + sampleBytes(at).length, 0);

beforeAll(async () => {
  killed = await mkdtemp(path.join(scratch, 'sensorium-killed-'));
  work = await mkdtemp(path.join(scratch, 'sensorium-cut-'));
  const live = await mkdtemp(path.join(scratch, 'sensorium-live-'));
  const store = await openSegmentStore({ dir: live, epoch: 1, log });
  await store.putRun(sampleRun());
  for (let mediaSequence = 0; mediaSequence < lastSegment; mediaSequence += 1)
    await writeSegment(store, { mediaSequence });
  for (const part of [0, 1]) await store.appendPart(samplePart(lastSegment, part));
  // What SIGKILL leaves is what the page cache holds at this moment.
  await copyFolder(live, killed);
  await store.close();
  await rm(live, { recursive: true });
  blobName = (await readdir(killed)).find((name) => name.endsWith('.cmaf')) ?? '';
  blobBytes = (await stat(path.join(killed, blobName))).size;
  indexBytes = (await stat(path.join(killed, indexName()))).size;
});

afterAll(async () => {
  await rm(killed, { recursive: true, force: true });
  await rm(work, { recursive: true, force: true });
});

function indexName(): string {
  return blobName.replace('.cmaf', '.idx');
}

/** What a process killed at this moment leaves; drafts that were never put in place count for nothing. */
async function copyFolder(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, filter: (file) => !file.endsWith('.new') });
}

async function openCut(cut: { blob?: number; index?: number }): Promise<SegmentStore> {
  await copyFolder(killed, work);
  if (cut.blob !== undefined) await truncate(path.join(work, blobName), cut.blob);
  if (cut.index !== undefined) await truncate(path.join(work, indexName()), cut.index);
  return openSegmentStore({ dir: work, epoch: 2, log });
}

/** Throws where something is served that was not written, or a number would be used twice; gives the bytes that are served. */
async function checkRecovered(store: SegmentStore): Promise<number> {
  expect(store.lastMediaSequence).toBe(lastSegment);
  const segments = await store.segments(0, Number.MAX_SAFE_INTEGER);
  let served = 0;
  for (const [at, segment] of segments.entries()) {
    expect(segment.mediaSequence).toBe(at);
    const bytes = await store.read(segment.mediaSequence, 'all');
    const truth = segment.mediaSequence === lastSegment ? writtenOf3 : sampleBytes(segment.mediaSequence);
    expect(bytes?.equals(truth.subarray(0, bytes.length))).toBe(true);
    expect(bytes?.at(-1)).toBeDefined();
    served += bytes?.length ?? 0;
  }
  return served;
}

/** Chunk ends in the joined bytes of segment 3: the only lengths that a whole-chunk cut can leave. */
function chunkEnds(): Set<number> {
  const ends = new Set([0]);
  let end = 0;
  for (const part of [0, 1])
    for (const chunk of samplePart(lastSegment, part).chunks) ends.add((end += chunk.data.length));
  return ends;
}

test('serves all of what a killed process had written, the open segment closed short, and goes on above it', async () => {
  const store = await openCut({});
  await checkRecovered(store);
  expect(await store.read(lastSegment, 'all')).toEqual(writtenOf3);
  const [last] = (await store.segments(0, Number.MAX_SAFE_INTEGER)).slice(-1);
  expect(last).toMatchObject({
    mediaSequence: 3,
    durationMs: 800,
    recovered: true,
    independent: true,
    synthetic: false,
  });
  expect(store.lastWriter).toEqual({ epoch: 7, seq: 3000 + 100 + 19 });
  await store.putRun(sampleRun(2));
  expect(await writeSegment(store, { mediaSequence: 4, run: 2 })).toBe(true);
  await store.close();
  const again = await openSegmentStore({ dir: work, epoch: 3, log });
  expect(await again.read(lastSegment, 'all')).toEqual(writtenOf3);
  expect(await again.read(4, 'all')).toEqual(sampleBytes(4));
  await again.close();
});

test('opens and records on where a blob can not be ended, and ends it at the next opening', async () => {
  await copyFolder(killed, work);
  // No index can be put in place, as on a full disk.
  const obstacle = path.join(work, `${indexName()}.new`);
  await mkdir(obstacle);
  const store = await openSegmentStore({ dir: work, epoch: 2, log });
  expect(store.lastMediaSequence).toBe(lastSegment);
  await store.putRun(sampleRun(2));
  expect(await writeSegment(store, { mediaSequence: 4, run: 2 })).toBe(true);
  await store.close();
  await rm(obstacle, { recursive: true });
  const again = await openSegmentStore({ dir: work, epoch: 3, log });
  expect(await again.read(0, 'all')).toEqual(sampleBytes(0));
  expect(await again.read(lastSegment, 'all')).toEqual(writtenOf3);
  expect(await again.read(4, 'all')).toEqual(sampleBytes(4));
  await again.close();
});

test('cuts a blob truncated at any byte of its tail to a whole chunk', async () => {
  const ends = chunkEnds();
  let before = Number.POSITIVE_INFINITY;
  const cuts = Array.from({ length: 300 }, (_, back) => blobBytes - back);
  for (let at = blobBytes - 300; at > 0; at -= 397) cuts.push(at);
  for (const blob of cuts) {
    const store = await openCut({ blob });
    const served = await checkRecovered(store);
    expect(served).toBeLessThanOrEqual(before);
    before = served;
    expect(ends).toContain((await store.read(lastSegment, 'all'))?.length ?? 0);
    await store.close();
  }
}, 60_000);

test('rebuilds what an index truncated at any byte of its tail does not tell, from the blob', async () => {
  const cuts = Array.from({ length: 300 }, (_, back) => indexBytes - back);
  for (let at = indexBytes - 300; at >= 0; at -= 131) cuts.push(at);
  cuts.push(0);
  for (const index of cuts) {
    const store = await openCut({ index });
    expect(await checkRecovered(store)).toBe(wholeBytes);
    expect((await store.run(1))?.inits).toEqual(sampleRun().inits);
    await store.close();
  }
}, 60_000);

test('never serves a damaged chunk, wherever in the tail the damage is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(blobBytes - 1),
      fc.nat(indexBytes - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (inBlob, inIndex, flip, both) => {
        await copyFolder(killed, work);
        const damage = async (name: string, at: number) => {
          const file = path.join(work, name);
          const bytes = await readFile(file);
          bytes.writeUInt8(bytes.readUInt8(at) ^ flip, at);
          await writeFile(file, bytes);
        };
        await damage(blobName, inBlob);
        if (both) await damage(indexName(), inIndex);
        const store = await openSegmentStore({ dir: work, epoch: 2, log });
        expect(await checkRecovered(store)).toBeLessThanOrEqual(wholeBytes);
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test('a crash at any moment of a life, again and again, gives out each number once and serves only what was written', async () => {
  const life = fc.array(
    fc.record({ segments: fc.nat(4), parts: fc.integer({ min: 0, max: 4 }), tornBytes: fc.nat(900) }),
    { minLength: 1, maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(life, async (lives) => {
      const dir = await mkdtemp(path.join(scratch, 'sensorium-lives-'));
      const given = new Set<number>();
      const whole = new Set<number>();
      for (const [at, { segments, parts, tornBytes }] of lives.entries()) {
        const store = await openSegmentStore({ dir, epoch: at + 1, log });
        await store.putRun(sampleRun(store.lastRun + 1));
        let mediaSequence = store.lastMediaSequence + 1;
        for (let count = 0; count < segments; count += 1, mediaSequence += 1) {
          expect(given.has(mediaSequence)).toBe(false);
          given.add(mediaSequence);
          await writeSegment(store, { mediaSequence, run: store.lastRun });
          whole.add(mediaSequence);
        }
        for (let part = 0; part < parts; part += 1) await store.appendPart(samplePart(mediaSequence, part));
        if (parts > 0) given.add(mediaSequence);
        const after = await mkdtemp(path.join(scratch, 'sensorium-lives-'));
        await copyFolder(dir, after);
        await store.close();
        await rm(dir, { recursive: true });
        await rename(after, dir);
        const blob = (await readdir(dir)).findLast(
          (name) => name.endsWith('.cmaf') && name.startsWith(`00000${at + 1}`),
        );
        // Torn inside the open segment only: a killed process loses no more than its last write.
        if (blob && parts > 0)
          await truncate(
            path.join(dir, blob),
            Math.max(1, (await stat(path.join(dir, blob))).size - Math.min(tornBytes, 600)),
          );
      }
      const store = await openSegmentStore({ dir, epoch: 99, log });
      expect(store.lastMediaSequence).toBe(Math.max(-1, ...given));
      for (const mediaSequence of whole)
        expect(await store.read(mediaSequence, 'all')).toEqual(sampleBytes(mediaSequence));
      for (const { mediaSequence } of await store.segments(0, Number.MAX_SAFE_INTEGER))
        expect(given.has(mediaSequence)).toBe(true);
      await store.close();
      await rm(dir, { recursive: true });
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('a blob that a full disk does not let be ended is there for retention at once, and plays', async () => {
  await copyFolder(killed, work);
  // No draft of the new index can be made.
  await mkdir(path.join(work, `${indexName()}.new`));
  const store = await openSegmentStore({ dir: work, epoch: 2, log });
  expect(store.blobs).toHaveLength(1);
  expect(store.lastMediaSequence).toBeGreaterThanOrEqual(lastSegment);
  for (let mediaSequence = 0; mediaSequence < lastSegment; mediaSequence += 1)
    expect(await store.read(mediaSequence, 'all')).toEqual(sampleBytes(mediaSequence));
  const [blob] = store.blobs;
  if (!blob) throw new Error('there is one');
  expect((await store.evictBlob(blob)).bytes).toBe(blobBytes + indexBytes);
  expect((await readdir(work)).filter((name) => name.endsWith('.cmaf'))).toEqual([]);
  await store.close();
});

test('one of which nothing can be played has the age of its file', async () => {
  await copyFolder(killed, work);
  await rm(path.join(work, indexName()));
  const { summary, lastMediaSequence } = await asItLies(work, blobName.replace('.cmaf', ''));
  expect(lastMediaSequence).toBe(-1);
  expect(summary).toMatchObject({ first: -1, last: -1, bytes: blobBytes });
  expect(Math.abs((summary?.spans[0]?.toMs ?? 0) - Date.now())).toBeLessThan(300_000);
});
