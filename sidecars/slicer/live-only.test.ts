import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import pino from 'pino';
import { expect, it, vi } from 'vitest';

import { liveOnlyHeader } from '#server/contracts/tokens.ts';

import { sampleRun, writeSegment } from './disk/sample-log.ts';
import { LiveRoutes } from './live-routes.ts';
import { StreamShelf } from './stream-shelf.ts';
import { fakeRequest } from './testing/fake-request.ts';
import { anAssignment } from './testing/slicer-under-test.ts';

it('keeps what has left the live window from who may see the present alone, at a single segment too', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'sensorium-live-only-'));
  const log = pino({ level: 'silent' });
  const shelf = new StreamShelf({ dir, log, ringBytesMax: 1_000_000, opened: () => {} });
  const assignment = anAssignment();
  shelf.assign(assignment);
  const stream = await shelf.open(assignment.streamId);
  if (!stream?.store) throw new Error('the log is open');
  await stream.store.putRun(sampleRun());
  await writeSegment(stream.store, { mediaSequence: 0 });
  // Long ago: the window stands elsewhere.
  stream.window.nextMediaSequence = 500;
  const routes = new LiveRoutes(() => {});
  const statusFor = async (headers: Record<string, string>, mediaSequence: number) => {
    const { request, response } = fakeRequest({ url: `/media/x/v/s/${mediaSequence}.m4s`, headers });
    void routes.media(
      { stream, request, response, query: new URLSearchParams() },
      { file: 'segment', rendition: 'v', mediaSequence },
    );
    await vi.waitFor(() => expect(response.writableEnded).toBe(true), { timeout: 10_000 });
    return response.statusCode;
  };
  expect(await statusFor({}, 0)).toBe(200);
  expect(await statusFor({ [liveOnlyHeader]: '1' }, 0)).toBe(403);
  // Kept or not is not told either.
  expect(await statusFor({ [liveOnlyHeader]: '1' }, 7)).toBe(403);
  expect(await statusFor({}, 7)).toBe(410);
  await shelf.close();
  await rm(dir, { recursive: true, force: true });
});
