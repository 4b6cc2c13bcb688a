import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import type { CameraState } from '#server/contracts/camera.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { SourcesService, StreamSource } from '#server/sources/service.ts';
import { aBus, aMediaState } from '#server/testing/factories.ts';
import { StreamsHouse, join, type FakeNode } from '#server/testing/streams-house.ts';

import type { StreamsService } from './service.ts';

let house: StreamsHouse;
beforeAll(async () => {
  house = await StreamsHouse.open();
});
beforeEach(() => house.empty());
afterAll(() => house.close());

describe('streams that are not to be read', () => {
  test('a withheld camera is not read, and its log stays with its slicer', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(ingest.held.size).toBe(1);
    await house.sources.withhold(house.owner, camera.id, 'takenDown');
    await gateway.pass();
    expect([ingest.held.size, slicer.held.size]).toEqual([0, 1]);
    expect(await gateway.mediaPlace(streamId.parse(camera.streamId))).toMatchObject({ source: { hidden: true } });
  });

  test('a stream that has ended is not read again, and whoever keeps its log is told that it is over', async () => {
    const [camera, broadcast] = [await house.addCamera(), await house.addCamera()];
    const withGrace = (source: StreamSource) => ({ ...source, policy: { ...source.policy, graceMs: 30_000 } });
    const mortal: SourcesService['streamSources'] = async (ids) =>
      (await house.sources.streamSources(ids)).map((source) =>
        source.streamId === broadcast.streamId ? withGrace(source) : source,
      );
    const own = () =>
      house.gateway(aBus(), {
        sources: {
          streamSources: mortal,
          streamSource: (id) => house.sources.streamSource(id),
          demoShown: () => house.sources.demoShown(),
        },
      });
    const gateway = own();
    const [slicer, ingest] = [join(gateway, 'slicer'), join(gateway, 'ingest')];
    await gateway.pass();
    const assigned = ingest.told.flatMap((message) => (message.type === 'ingest' ? message.streams : []));
    const graces = new Map<string, unknown>(assigned.map((stream) => [stream.streamId, stream.graceMs]));
    expect([graces.get(camera.streamId), graces.get(broadcast.streamId)]).toEqual([undefined, 30_000]);
    const over = { state: 'offline' as const, reason: 'ended', measuredAt: new Date(house.time).toISOString() };
    const states = [camera, broadcast].map(({ streamId: id }) => aMediaState({ ...over, streamId: id }));
    await gateway.received(slicer.link, { type: 'states', states });
    await gateway.pass();
    expect([...ingest.held.keys()]).toEqual([camera.streamId]);
    const policies = (node: FakeNode) =>
      new Map<string, boolean | undefined>(
        node.told.flatMap((message) =>
          message.type === 'slice' ? message.streams.map((stream) => [stream.streamId, stream.policy.ended]) : [],
        ),
      );
    expect([policies(slicer).get(camera.streamId), policies(slicer).get(broadcast.streamId)]).toEqual([
      undefined,
      true,
    ]);
    await gateway.linkClosed(slicer.link, true);
    // The pass that the closing began: one gateway plans at a time.
    await gateway.pass();
    const later = own();
    const heir = join(later, 'slicer');
    await later.pass();
    expect(policies(heir).get(broadcast.streamId)).toBe(true);
  });
});

describe('states', () => {
  test('a measured change becomes a row and an event, from the keeper of the stream alone', async () => {
    const camera = await house.addCamera();
    const events = aBus();
    const gateway = house.gateway(events);
    const heard = vi.fn<(state: string) => void>();
    events.on('stream.state', ({ state }) => heard(state));
    const keeper = join(gateway, 'slicer');
    await gateway.pass();
    const stranger = join(gateway, 'slicer', { url: 'http://127.0.0.1:7010' });
    const measured = { streamId: camera.streamId, measuredAt: new Date(house.time).toISOString() };
    await gateway.received(stranger.link, { type: 'states', states: [aMediaState({ ...measured, state: 'offline' })] });
    await gateway.received(keeper.link, { type: 'states', states: [aMediaState({ ...measured, state: 'live' })] });
    await gateway.received(keeper.link, { type: 'states', states: [aMediaState({ ...measured, state: 'live' })] });
    await gateway.pass();
    expect(heard.mock.calls).toEqual([['live']]);
    expect(await house.sources.get(house.owner, camera.id)).toMatchObject({ state: 'live' });
    expect(await gateway.states([streamId.parse(camera.streamId)])).toMatchObject([{ state: 'live', fps: 25 }]);
  });

  test('a stream whose slicer is gone is offline, not live for ever', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const keeper = join(gateway, 'slicer');
    await gateway.pass();
    await gateway.received(keeper.link, {
      type: 'states',
      states: [aMediaState({ streamId: camera.streamId, measuredAt: new Date(house.time).toISOString() })],
    });
    await gateway.linkClosed(keeper.link, false);
    for (let second = 0; second < 16; second += 1) {
      house.time += 1000;
      await gateway.pass();
    }
    expect(await house.sources.get(house.owner, camera.id)).toMatchObject({
      state: 'offline',
      stateReason: 'slicerMissing',
    });
  });

  test('an outage lasts since it began, over a log that begins anew, a gateway that does, and another reason', async () => {
    const camera = await house.addCamera();
    const began = new Date(house.time).toISOString();
    const events = aBus();
    const heard = vi.fn<(state: string, reason: string | null) => void>();
    events.on('stream.state', ({ state, reason }) => heard(state, reason));
    const seen = (state: CameraState, reason: string | null) => ({
      type: 'states' as const,
      states: [
        aMediaState({
          streamId: camera.streamId,
          state,
          reason,
          since: new Date(house.time).toISOString(),
          measuredAt: new Date(house.time).toISOString(),
        }),
      ],
    });
    const both = async (gateway: StreamsService) => {
      const [view, [state]] = [
        await house.sources.get(house.owner, camera.id),
        await gateway.states([streamId.parse(camera.streamId)]),
      ];
      expect([state?.state, state?.reason, state?.since]).toEqual([view.state, view.stateReason, view.stateSince]);
      return [view.state, view.stateReason, view.stateSince];
    };
    const first = house.gateway(events);
    const keeper = join(first, 'slicer');
    await first.pass();
    await first.received(keeper.link, seen('offline', 'noSource'));
    await first.pass();
    expect(await both(first)).toEqual(['offline', 'noSource', began]);
    house.time += 60_000;
    await first.received(keeper.link, seen('offline', 'UNREACHABLE'));
    await first.pass();
    expect(await both(first)).toEqual(['offline', 'UNREACHABLE', began]);
    await first.linkClosed(keeper.link, true);
    const second = house.gateway(events);
    const heir = join(second, 'slicer');
    await second.pass();
    const reports: [CameraState, string | null][] = [
      ['unchecked', null],
      ['unchecked', null],
      ['offline', 'UNREACHABLE'],
    ];
    for (const report of reports) {
      house.time += 60_000;
      await second.received(heir.link, seen(...report));
      await second.pass();
      expect(await both(second)).toEqual(['offline', 'UNREACHABLE', began]);
    }
    await second.received(heir.link, seen('live', null));
    await second.pass();
    expect(await both(second)).toEqual(['live', null, new Date(house.time).toISOString()]);
    expect(heard.mock.calls.map(([state]) => state).at(-1)).toBe('live');
    expect(heard.mock.calls).not.toContainEqual(['unchecked', null]);
  });

  test('why there is no picture is told to the slicer of the stream', async () => {
    const camera = await house.addCamera();
    const gateway = house.gateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    await gateway.received(ingest.link, {
      type: 'source',
      streamId: streamId.parse(camera.streamId),
      state: 'failed',
      fault: 'AUTH_REFUSED',
      message: 'the password was refused',
      attempt: 1,
      retryInMs: null,
    });
    expect(slicer.told.at(-1)).toEqual({
      type: 'sourceState',
      streamId: camera.streamId,
      fault: 'AUTH_REFUSED',
      message: 'the password was refused',
    });
  });
});

describe('doctor', () => {
  test('says that no ingest node is there', async () => {
    const gateway = house.gateway();
    await expect((async () => gateway.diagnose({ kind: 'synthetic' }))()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  test('fails the question when the node goes away', async () => {
    const gateway = house.gateway();
    const ingest = join(gateway, 'ingest');
    const fault = gateway.diagnose({ kind: 'synthetic' }).catch((error: unknown) => error);
    await gateway.linkClosed(ingest.link, true);
    expect(await fault).toMatchObject({ code: 'UNAVAILABLE' });
  });
});
