import { afterAll, beforeAll, expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
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
  const recordings = new RecordingsService({ database: clone.database });
  const start = Date.parse('2026-11-22T10:00:00Z');
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
  expect(await clone.database.segmentMinute.count()).toBe(2);
  expect(await recordings.coverage(stream, new Date(start + 65_000), new Date(start + 600_000))).toEqual([
    { fromMs: start + 65_000, toMs: start + 70_000 },
    { fromMs: start + 75_000, toMs: start + 85_000 },
  ]);
  await expect(recordings.coverage(stream, new Date(0), new Date(start))).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
});
