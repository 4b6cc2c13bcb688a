import { z } from 'zod';

import { streamId } from '#server/contracts/ids.ts';
import type { Events } from '#server/platform/events.ts';
import type { Jobs, Queue } from '#server/platform/jobs.ts';
import type { Logger } from '#server/platform/log.ts';
import { undoWindowMs, type SourcesService } from '#server/sources/service.ts';
import type { StreamsService } from '#server/streams/service.ts';

const payload = z.object({ cameraId: z.uuid(), streamId });

/** Takes a deleted camera and its log away for good. */
const purgeQueue: Queue<z.infer<typeof payload>> = {
  name: 'camera.purge',
  payload,
  retriesMax: 20,
  triesWithinSeconds: 60,
};

interface Options {
  house: {
    sources: Pick<SourcesService, 'listPurgeable' | 'purge'>;
    streams: Pick<StreamsService, 'erase'>;
    platform: { events: Pick<Events, 'on'> };
  };
  jobs: Pick<Jobs, 'start' | 'send' | 'work'>;
  log: Logger;
}

/** Sends the purge of each deleted camera, does it when its time has come, and makes up for what was missed while nobody ran. */
export function watchPurges({ house, jobs, log }: Options): () => void {
  const { sources, streams, platform } = house;
  const afterSeconds = undoWindowMs / 1000 + 1;
  let started = false;

  const plan = (camera: z.infer<typeof payload>, after: number) => {
    // Each deletion has a job of its own: one of a deletion that was undone comes too early for the next. Doing it twice does no harm.
    const key = `${camera.cameraId} ${Date.now()}`;
    jobs.send(purgeQueue, camera, { afterSeconds: after, key }).catch((error: unknown) => {
      // The next start of a gateway makes up for it.
      log.warn(
        { action: 'camera.purge', cameraId: camera.cameraId, error },
        'the purge of a camera could not be planned',
      );
    });
  };

  const stopListening = platform.events.on('camera.changed', ({ cameraId, streamId: line, change }) => {
    if (change === 'deleted' && started) plan({ cameraId, streamId: line }, afterSeconds);
  });

  const start = async () => {
    await jobs.start();
    started = true;
    await jobs.work(purgeQueue, async ({ cameraId, streamId: line }) => {
      const due = (await sources.listPurgeable()).some((camera) => camera.id === cameraId);
      if (!due) return; // It was restored, or is gone already.
      // First the log: once the rows are gone, nobody would know whose it was.
      if (!streams.erase(line)) throw new Error('no slicer is linked that could erase the log');
      await sources.purge(cameraId, line);
    });
    for (const camera of await sources.listPurgeable())
      plan({ cameraId: camera.id, streamId: streamId.parse(camera.streamId) }, 0);
  };
  start().catch((error: unknown) =>
    log.error({ action: 'jobs.start', error }, 'jobs are not worked on until the next start'),
  );
  return stopListening;
}
