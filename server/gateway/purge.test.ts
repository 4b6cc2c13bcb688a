import { randomUUID } from 'node:crypto';

import { expect, test, vi } from 'vitest';

import { cameraId, streamId } from '#server/contracts/ids.ts';
import { aBus, silentLog } from '#server/testing/factories.ts';

import { watchPurges } from './purge.ts';

test('a camera that is deleted, restored and deleted again has a purge of each deletion', async () => {
  const keys: (string | undefined)[] = [];
  const events = aBus();
  const work = vi.fn<() => Promise<void>>(async () => {});
  const stop = watchPurges({
    house: {
      sources: { listPurgeable: async () => [], purge: async () => true },
      streams: { erase: () => true },
      platform: { events },
    },
    jobs: {
      start: async () => {},
      send: async (_queue, _payload, options) => keys.push(options?.key) > 0,
      work,
    },
    log: silentLog,
  });
  await vi.waitFor(() => expect(work).toHaveBeenCalled(), { timeout: 10_000 });
  const camera = { cameraId: cameraId.parse(randomUUID()), streamId: streamId.parse(randomUUID()) };
  const clock = vi.spyOn(Date, 'now');
  for (const [at, change] of (['deleted', 'added', 'deleted'] as const).entries()) {
    clock.mockReturnValue(1000 + at);
    events.publish({ type: 'camera.changed', ...camera, change });
  }
  clock.mockRestore();
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(2);
  stop();
});
