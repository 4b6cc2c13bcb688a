import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { timeline } from '#server/contracts/media-state.ts';

import { epochMs, sampleBytes, sampleRun, segmentMs, writeSegment } from '../disk/sample-log.ts';
import { openSegmentStore, type SegmentStore } from '../disk/segment-store.ts';
import { parseJoinedName, readJoined } from './joined-segment.ts';
import { answerTimeline, answerVod } from './recorded-answers.ts';

/** Segments 0…9, a hole of a minute, 40…44 in a second run. */
let dir = '';
let store: SegmentStore;
const nowMs = epochMs + 60 * segmentMs;
const at = (mediaSequence: number) => epochMs + mediaSequence * segmentMs;

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'sensorium-recorded-'));
  store = await openSegmentStore({ dir, epoch: 1, log: pino({ level: 'silent' }), limits: { blobBytes: 9000 } });
  await store.putRun(sampleRun(1));
  for (let mediaSequence = 0; mediaSequence < 10; mediaSequence += 1) await writeSegment(store, { mediaSequence });
  await store.putRun(sampleRun(2));
  for (let mediaSequence = 40; mediaSequence < 45; mediaSequence += 1)
    await writeSegment(store, { mediaSequence, run: 2, discontinuity: mediaSequence === 40 });
});
afterAll(async () => {
  await store.close();
  await rm(dir, { recursive: true, force: true });
});

test('every address of a recorded playlist is answered, and together they are what was written', async () => {
  const query = new URLSearchParams({ from: String(at(2)), to: String(at(43)) });
  const answer = await answerVod({ store, query, nowMs, tracks: [1, 2], ended: false });
  const body = answer.status === 200 ? answer.body : '';
  const names = [...body.matchAll(/^s\/(.+)$/gm)].map((match) => match[1] ?? '');
  const buffers: Buffer[] = [];
  for (const name of names) {
    const single = Number.parseInt(name, 10);
    const parts = await readJoined(store, parseJoinedName(name) ?? { first: single, last: single }, 'all');
    buffers.push(...(parts ?? []));
  }
  const written = [2, 3, 4, 5, 6, 7, 8, 9, 40, 41, 42].map((mediaSequence) => sampleBytes(mediaSequence));
  expect(Buffer.concat(buffers)).toEqual(Buffer.concat(written));
  for (const run of [1, 2]) {
    expect(body).toContain(`i/${run}.mp4`);
    expect(await store.init(run, [1])).toEqual(sampleRun(run).inits.get(1));
  }
});

test('a window that holds nothing, is too long or is no window is refused in words', async () => {
  const ask = async (from: number, to: number) =>
    answerVod({
      store,
      query: new URLSearchParams({ from: String(from), to: String(to) }),
      nowMs,
      tracks: [1],
      ended: false,
    });
  expect(await ask(at(15), at(30))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  expect(await ask(at(0), at(0) + 3_600_001)).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
});

test('without a window the last recorded hour is played', async () => {
  const answer = await answerVod({ store, query: new URLSearchParams(), nowMs, tracks: [1, 2], ended: false });
  expect(answer).toMatchObject({ status: 200, settled: true });
  expect(answer.status === 200 && answer.body).toContain('s/0-2.m4s');
});

test('the timeline tells recording and outage, snapped outward to segments', async () => {
  const query = new URLSearchParams({ from: String(at(3) + 500), to: String(at(43) + 500) });
  const answer = await answerTimeline({ store, query, nowMs });
  const body = timeline.parse(JSON.parse(answer.status === 200 ? answer.body : '{}'));
  const iso = (mediaSequence: number) => new Date(at(mediaSequence)).toISOString();
  expect(body).toEqual({
    from: iso(3),
    to: iso(44),
    spans: [
      { from: iso(3), to: iso(10), kind: 'recorded' },
      { from: iso(10), to: iso(40), kind: 'offline' },
      { from: iso(40), to: iso(44), kind: 'recorded' },
    ],
  });
});
