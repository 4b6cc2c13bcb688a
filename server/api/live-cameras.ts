import { setTimeout as sleep } from 'node:timers/promises';

import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { CameraStates } from '#server/contracts/media-state.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import { Wake } from '#server/platform/wake.ts';
import type { SourcesService } from '#server/sources/service.ts';
import type { StreamsService } from '#server/streams/service.ts';

interface Options {
  sources: Pick<SourcesService, 'visibleStreams' | 'visibleAmong'>;
  streams: Pick<StreamsService, 'states'>;
  events: Pick<Events, 'on' | 'onGap'>;
}

interface Watched {
  actor: Actor;
  /** Null: all in their list. */
  ids: readonly string[] | null;
  signal: AbortSignal;
}

/** Streams in one telling. */
const atOnceMax = 250;
/** More that changed than this, and all is looked at anew. */
const changedMax = 1000;
/** So long changes are gathered before they are told. */
const gatherMs = 250;

/**
 * First the measured states of all that are watched, then of those that change. Who may see them is asked at each telling; what may not be seen any
 * more is `gone`. Ends where nothing is left of the cameras that were named.
 */
export async function* watchCameras(
  { sources, streams, events }: Options,
  { actor, ids, signal }: Watched,
): AsyncGenerator<CameraStates> {
  const named = ids && new Set(ids);
  const changed = new Set<StreamId>();
  const wake = new Wake();
  let isStale = true;
  let known = new Set<StreamId>();

  const lookAtAll = () => {
    isStale = true;
    wake.set();
  };
  const lookAt = (id: StreamId) => {
    if (changed.size < changedMax) changed.add(id);
    else isStale = true;
    wake.set();
  };
  const stops = [
    events.on('stream.state', ({ streamId }) => {
      if (!named || known.has(streamId)) lookAt(streamId);
    }),
    events.on('camera.changed', ({ cameraId, streamId }) => {
      if (!named || named.has(cameraId)) lookAt(streamId);
    }),
    events.on('cameras.imported', lookAtAll),
    events.onGap(lookAtAll),
  ];

  try {
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const asked = isStale ? null : [...changed];
      isStale = false;
      changed.clear();
      const visible = asked
        ? await sources.visibleAmong(actor, asked, { listed: named === null })
        : await sources.visibleStreams(actor, ids);
      const now = new Set(visible);
      const gone = (asked ?? [...known]).filter((id) => known.has(id) && !now.has(id));
      if (asked) {
        for (const id of gone) known.delete(id);
        for (const id of now) known.add(id);
      } else known = now;
      if (isFirst && named && now.size === 0)
        throw new AppError('NOT_FOUND', { message: 'there is no such camera, or it is not shown to you' });
      // The first telling says that there is nothing, too.
      if (gone.length > 0 || (isFirst && visible.length === 0)) yield { states: [], gone };
      for (let from = 0; from < visible.length; from += atOnceMax)
        yield { states: await streams.states(visible.slice(from, from + atOnceMax)), gone: [] };
      if (named && known.size === 0) return;
      await wake.wait(signal);
      await sleep(gatherMs, undefined, { signal }).catch(() => {
        // It was closed meanwhile: the loop ends by itself.
      });
    }
  } finally {
    for (const stop of stops) stop();
  }
}
