import { expect, test } from 'vitest';

import type { HouseEvent } from '#server/contracts/events.ts';
import { cameraId, streamId, type StreamId } from '#server/contracts/ids.ts';
import type { CameraStates, MediaState } from '#server/contracts/media-state.ts';
import { EventBus } from '#server/platform/events.ts';
import { anActor, silentLog } from '#server/testing/factories.ts';

import { watchCameras } from './live-cameras.ts';

const streams = Array.from({ length: 1200 }, () => streamId.parse(crypto.randomUUID()));
const camera = cameraId.parse(crypto.randomUUID());
const stateOf = (id: string): HouseEvent => ({
  type: 'stream.state',
  streamId: streamId.parse(id),
  state: 'live',
  reason: null,
});

/** Cameras of which a test says who sees them; counts how they are asked for. */
function aWatch(ids: readonly string[] | null, shown: Set<StreamId>) {
  const events = new EventBus({ url: 'postgresql://127.0.0.1:1/none', log: silentLog });
  const left = new AbortController();
  const looks: string[] = [];
  const told = watchCameras(
    {
      events,
      sources: {
        visibleStreams: async () => {
          looks.push('all');
          return [...shown];
        },
        visibleAmong: async (_actor, asked) => {
          looks.push(`${asked.length}`);
          return asked.filter((id) => shown.has(id));
        },
      },
      streams: {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of a state, the id is what is looked at here
        states: async (of) => (of ?? []).map((id) => ({ streamId: id }) as unknown as MediaState),
      },
    },
    { actor: anActor(), ids, signal: left.signal },
  );
  const next = async (): Promise<CameraStates | undefined> => {
    const turn: IteratorResult<CameraStates, undefined> = await told.next();
    return turn.value;
  };
  return { events, left, looks, told, next };
}

const idsOf = (states: CameraStates | undefined) => states?.states.map((state) => state.streamId);

test('a burst of changes is one look and one telling, and a flood is a look at all', async () => {
  const [one, other] = [streams[0] ?? '', streams[1] ?? ''];
  const { events, looks, next, told } = aWatch(null, new Set([streamId.parse(one), streamId.parse(other)]));
  expect(idsOf(await next())).toEqual([one, other]);
  const second = next();
  for (let count = 0; count < 50; count += 1) events.publish(stateOf(one));
  expect(idsOf(await second)).toEqual([one]);
  const third = next();
  for (const id of streams) events.publish(stateOf(id));
  expect(idsOf(await third)).toEqual([one, other]);
  expect(looks).toEqual(['all', '1', 'all']);
  await told.return(undefined);
});

test('a long list is told in parts', async () => {
  const { next, told } = aWatch(null, new Set(streams.slice(0, 600)));
  expect([await next(), await next(), await next()].map((part) => part?.states.length)).toEqual([250, 250, 100]);
  await told.return(undefined);
});

test('what may not be seen any more is gone, and where nothing is left of what was named it ends', async () => {
  const shown = new Set(streams.slice(0, 1));
  const { events, next } = aWatch([camera], shown);
  expect(idsOf(await next())).toEqual(streams.slice(0, 1));
  const [id] = shown;
  if (!id) throw new Error('there is one');
  shown.clear();
  const last = next();
  events.publish({ type: 'camera.changed', cameraId: camera, streamId: id, change: 'changed' });
  expect(await last).toEqual({ states: [], gone: [id] });
  expect(await next()).toBeUndefined();
});

test('who leaves ends it while nothing happens', async () => {
  const { left, next } = aWatch(null, new Set());
  expect(await next()).toEqual({ states: [], gone: [] });
  const waiting = next();
  left.abort();
  expect(await waiting).toBeUndefined();
});
