import { afterAll, beforeAll, expect, test } from 'vitest';

import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { SegmentRow } from '#server/contracts/sidecar.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aCameraInput, anOwner, aSourcesService } from '#server/testing/factories.ts';

import { RecordingsService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());

test('a minute told again as it grows is kept once, and coverage spans minutes', async () => {
  const owner = await anOwner(clone.database);
  const camera = await aSourcesService(clone.database).create(owner, aCameraInput());
  const stream = streamId.parse(camera.streamId);
  const start = Date.parse('2026-11-22T10:00:00Z');
  const recordings = new RecordingsService({ database: clone.database, now: () => new Date(start + 120_000) });
  await recordings.recordMinute({ streamId: stream, minuteMs: start, segments: [[1, start, 30_000, 5, 0]] });
  await recordings.recordMinute({
    streamId: stream,
    minuteMs: start,
    segments: [
      [1, start, 30_000, 5, 0],
      [2, start + 30_000, 40_000, 5, 0],
    ],
  });
  await recordings.recordMinute({
    streamId: stream,
    minuteMs: start + 60_000,
    segments: [[3, start + 75_000, 10_000, 5, 0]],
  });
  expect(await clone.database.segmentMinute.count({ where: { streamId: stream } })).toBe(2);
  expect(await recordings.coverage(stream, new Date(start + 65_000), new Date(start + 600_000))).toEqual([
    { fromMs: start + 65_000, toMs: start + 70_000 },
    { fromMs: start + 75_000, toMs: start + 85_000 },
  ]);
  await expect(recordings.coverage(stream, new Date(0), new Date(start))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});

async function aStream(maxAgeSeconds: number) {
  const owner = await anOwner(clone.database);
  const recordPolicy = { mode: 'always' as const, maxAgeSeconds, maxBytes: null };
  const camera = await aSourcesService(clone.database).create(owner, aCameraInput({ recordPolicy }));
  return streamId.parse(camera.streamId);
}

test('a slicer that starts again in mid-minute adds to the minute, and its later word on a segment counts', async () => {
  const stream = await aStream(3600);
  const start = Date.parse('2026-11-22T10:00:00Z');
  const recordings = new RecordingsService({ database: clone.database, now: () => new Date(start + 60_000) });
  const tell = (segments: SegmentRow[]) => recordings.recordMinute({ streamId: stream, minuteMs: start, segments });
  await tell([
    [8, start, 20_000, 5, 0],
    [9, start + 20_000, 5000, 5, 0],
  ]);
  await tell([
    [9, start + 20_000, 10_000, 7, 0],
    [10, start + 30_000, 20_000, 5, 1],
  ]);
  const kept = await clone.database.segmentMinute.findFirst({ where: { streamId: stream } });
  expect(kept?.segments).toEqual([
    [8, start, 20_000, 5, 0],
    [9, start + 20_000, 10_000, 7, 0],
    [10, start + 30_000, 20_000, 5, 1],
  ]);
});

test('minutes older than the camera keeps go, and those of other cameras stay', async () => {
  const [brief, long] = [await aStream(3600), await aStream(86_400)];
  const start = Date.parse('2026-11-22T10:00:00Z');
  let now = start;
  const recordings = new RecordingsService({ database: clone.database, now: () => new Date(now) });
  const tell = (stream: StreamId) =>
    recordings.recordMinute({ streamId: stream, minuteMs: now, segments: [[1, now, 30_000, 5, 0]] });
  const kept = async (stream: StreamId) =>
    (await clone.database.segmentMinute.findMany({ where: { streamId: stream }, orderBy: { minute: 'asc' } })).map(
      (row) => row.minute.getTime() - start,
    );
  await tell(brief);
  await tell(long);
  // A segment that began at the end of the minute is kept for a minute more than its start.
  now = start + 3_660_000;
  await tell(brief);
  expect(await kept(brief)).toEqual([0, 3_660_000]);
  now = start + 3_720_000;
  await tell(brief);
  await tell(long);
  expect(await kept(brief)).toEqual([3_660_000, 3_720_000]);
  expect(await kept(long)).toEqual([0, 3_720_000]);
});
