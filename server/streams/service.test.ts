import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { nodeId, streamId } from '#server/contracts/ids.ts';
import type { ToSidecar } from '#server/contracts/sidecar.ts';
import type { SourcesService } from '#server/sources/service.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, aCameraInput, aMediaState, anOwner, aSourcesService, silentLog } from '#server/testing/factories.ts';

import { StreamsService, type LinkedNode } from './service.ts';

const health = {
  ready: true,
  stuck: null,
  uptimeSeconds: 1,
  rssBytes: 1,
  cpuSeconds: 1,
  eventLoopDelayP99Ms: 1,
  counters: {},
};

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let sources: SourcesService;
let owner: Awaited<ReturnType<typeof anOwner>>;
/** Virtual milliseconds: the clock of heartbeats and the monotonic one together. */
let time = 0;

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
  sources = aSourcesService(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.camera.deleteMany();
  await clone.database.streamLease.deleteMany();
  await clone.database.stream.deleteMany();
  await clone.database.node.deleteMany();
  time = Date.now();
});

const aGateway = (events = aBus()) =>
  new StreamsService({
    database: clone.database,
    events,
    sources,
    log: silentLog,
    secret: 'a secret for tests only',
    now: () => new Date(time),
    monotonicNow: () => time,
    clock: () => Promise.resolve(new Date(time)),
    processExists: () => true,
  });

interface FakeNode {
  link: LinkedNode;
  id: string;
  told: ToSidecar[];
  /** What it holds, as a sidecar would after these messages: stream and epoch. */
  held: Map<string, number>;
}

function join(
  gateway: StreamsService,
  role: 'ingest' | 'slicer',
  more: { url?: string | null; place?: string; capacity?: number } = {},
): FakeNode {
  const id = randomUUID();
  const told: ToSidecar[] = [];
  const held = new Map<string, number>();
  const send = (message: ToSidecar) => {
    told.push(message);
    if (message.type === 'release') for (const stream of message.streamIds) held.delete(stream);
    if (message.type !== 'ingest' && message.type !== 'slice') return;
    if (message.full) held.clear();
    for (const stream of message.streams) held.set(stream.streamId, stream.epoch);
  };
  const url =
    more.url === undefined ? (role === 'slicer' ? `http://127.0.0.1:${1 + (told.length % 9)}` : null) : more.url;
  const hello = {
    type: 'hello' as const,
    node: nodeId.parse(id),
    role,
    url,
    pid: 1,
    capacity: more.capacity ?? 100,
    ...(more.place && { place: more.place }),
  };
  return { link: gateway.linkOpened(hello, { host: null, send }), id, told, held };
}

const beat = (gateway: StreamsService, node: FakeNode) =>
  gateway.received(node.link, { type: 'heartbeat', health, disk: null });
const addCamera = (input: Parameters<typeof aCameraInput>[0] = {}) => sources.create(owner, aCameraInput(input));
const leases = (role: string) => clone.database.streamLease.findMany({ where: { role }, orderBy: { streamId: 'asc' } });

describe('leases', () => {
  test('a camera becomes an assignment of a slicer and of an ingest node that point at each other', async () => {
    const camera = await addCamera({ address: 'rtsp://u:secret@camera.example/live' });
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer', { url: 'http://127.0.0.1:7001' });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(slicer.told).toMatchObject([
      { type: 'slice', full: true, streams: [{ streamId: camera.streamId, epoch: 1, firstMediaSequence: 0 }] },
    ]);
    expect(ingest.told).toMatchObject([
      {
        type: 'ingest',
        full: true,
        streams: [
          {
            streamId: camera.streamId,
            epoch: 1,
            logUrl: `ws://127.0.0.1:7001/log/v1/streams/${camera.streamId}?rung=src`,
            source: { kind: 'rtsp', address: 'rtsp://u:secret@camera.example/live', timeZone: 'Asia/Tokyo' },
          },
        ],
      },
    ]);
  });

  test('two ingest nodes of two gateways never hold the same stream, and share the load', async () => {
    for (let count = 0; count < 6; count += 1) await addCamera();
    const [first, second] = [aGateway(), aGateway()];
    join(first, 'slicer');
    const one = join(first, 'ingest');
    const two = join(second, 'ingest');
    await Promise.all([first.pass(), second.pass()]);
    await Promise.all([first.pass(), second.pass()]);
    await first.pass();
    await second.pass();
    const both = [...one.held.keys()].filter((stream) => two.held.has(stream));
    expect(both).toEqual([]);
    expect(one.held.size + two.held.size).toBe(6);
    expect(one.held.size).toBeLessThanOrEqual(6);
    expect((await leases('ingest')).every((lease) => lease.epoch === 1)).toBe(true);
  });

  test('a dead ingest node is replaced within 10 s, with the epoch one higher', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    const dead = join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    expect(dead.held.get(camera.streamId)).toBe(1);
    const heir = join(gateway, 'ingest');
    const diedAt = time;
    while (!heir.held.has(camera.streamId) && time - diedAt < 20_000) {
      time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, heir);
      await gateway.pass();
    }
    expect(time - diedAt).toBeLessThanOrEqual(10_000);
    expect(time - diedAt).toBeGreaterThanOrEqual(5000);
    expect(heir.held.get(camera.streamId)).toBe(2);
  });

  test('an ingest node that says good-bye is replaced at once', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    join(gateway, 'slicer');
    const leaver = join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    const heir = join(gateway, 'ingest');
    await gateway.linkClosed(leaver.link, true);
    await gateway.pass();
    expect(heir.held.get(camera.streamId)).toBe(2);
  });

  test('an outage of the database reshuffles nothing', async () => {
    const camera = await addCamera();
    const [first, second] = [aGateway(), aGateway()];
    const slicer = join(first, 'slicer');
    const holder = join(first, 'ingest', { capacity: 1 });
    await first.pass();
    const other = join(second, 'ingest');
    time += 60_000;
    for (const [gateway, node] of [
      [first, slicer],
      [first, holder],
      [second, other],
    ] as const)
      await beat(gateway, node);
    // The gateway without the holder is the first to reach the database again.
    await second.pass();
    await first.pass();
    await second.pass();
    expect(holder.held.get(camera.streamId)).toBe(1);
    expect(other.held.size).toBe(0);
  });

  test('a gateway that starts again gives the nodes time to come back', async () => {
    const camera = await addCamera();
    const first = aGateway();
    join(first, 'slicer', { url: 'http://127.0.0.1:7003' });
    const holder = join(first, 'ingest', { capacity: 1 });
    await first.pass();
    time += 6000;
    const second = aGateway();
    const stranger = join(second, 'ingest');
    await second.pass();
    expect(stranger.held.size).toBe(0);
    const back = second.linkOpened(holder.link.hello, { host: null, send: (message) => holder.told.push(message) });
    expect(back.hello.node).toBe(holder.id);
    await second.pass();
    expect((await leases('ingest'))[0]).toMatchObject({ streamId: camera.streamId, nodeId: holder.id, epoch: 1 });
  });

  test('a slicer that takes over elsewhere starts well above the last media sequence; one at the same place goes on', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const first = join(gateway, 'slicer', { url: 'http://127.0.0.1:7005', place: 'disk a' });
    await gateway.pass();
    await gateway.received(first.link, {
      type: 'sequences',
      sequences: [{ streamId: streamId.parse(camera.streamId), mediaSequence: 700 }],
    });
    await gateway.linkClosed(first.link, true);
    const same = join(gateway, 'slicer', { url: 'http://127.0.0.1:7006', place: 'disk a' });
    await gateway.pass();
    expect(same.told.at(-1)).toMatchObject({ streams: [{ epoch: 2, firstMediaSequence: 700 }] });
    await gateway.linkClosed(same.link, true);
    const elsewhere = join(gateway, 'slicer', { url: 'http://127.0.0.1:7007', place: 'disk b' });
    await gateway.pass();
    expect(elsewhere.told.at(-1)).toMatchObject({ streams: [{ epoch: 3, firstMediaSequence: 800 }] });
  });

  test('an on-demand source is read while it is wanted and let go a minute after', async () => {
    const camera = await addCamera({ ingest: 'onDemand' });
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(ingest.held.size).toBe(0);
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(camera.streamId) });
    await gateway.pass();
    expect(ingest.held.has(camera.streamId)).toBe(true);
    for (let second = 0; second < 62; second += 1) {
      time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, ingest);
    }
    await gateway.pass();
    expect(ingest.held.size).toBe(0);
  });

  test('a changed address is told again under the same epoch; a deleted camera is let go and its log kept', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    await sources.update(owner, camera.id, { address: 'rtsp://camera.example/other' });
    await gateway.pass();
    expect(ingest.told.at(-1)).toMatchObject({
      full: false,
      streams: [{ epoch: 1, source: { address: 'rtsp://camera.example/other' } }],
    });
    await sources.delete(owner, camera.id);
    await gateway.pass();
    expect(ingest.told.at(-1)).toEqual({ type: 'release', streamIds: [camera.streamId], erase: false });
    expect(slicer.held.has(camera.streamId)).toBe(true);
  });

  test('a node takes no more than it can', async () => {
    for (let count = 0; count < 3; count += 1) await addCamera();
    const gateway = aGateway();
    join(gateway, 'slicer');
    const small = join(gateway, 'ingest', { capacity: 2 });
    await gateway.pass();
    expect(small.held.size).toBe(2);
  });
});

describe('states', () => {
  test('a measured change becomes a row and an event, from the keeper of the stream alone', async () => {
    const camera = await addCamera();
    const events = aBus();
    const gateway = aGateway(events);
    const heard = vi.fn<(state: string) => void>();
    events.on('stream.state', ({ state }) => heard(state));
    const keeper = join(gateway, 'slicer');
    await gateway.pass();
    const stranger = join(gateway, 'slicer', { url: 'http://127.0.0.1:7010' });
    const measured = { streamId: camera.streamId, measuredAt: new Date(time).toISOString() };
    await gateway.received(stranger.link, { type: 'states', states: [aMediaState({ ...measured, state: 'offline' })] });
    await gateway.received(keeper.link, { type: 'states', states: [aMediaState({ ...measured, state: 'live' })] });
    await gateway.received(keeper.link, { type: 'states', states: [aMediaState({ ...measured, state: 'live' })] });
    await gateway.pass();
    expect(heard.mock.calls).toEqual([['live']]);
    expect(await sources.get(owner, camera.id)).toMatchObject({ state: 'live' });
    expect(await gateway.states([streamId.parse(camera.streamId)])).toMatchObject([{ state: 'live', fps: 25 }]);
  });

  test('a stream whose slicer is gone is offline, not live for ever', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const keeper = join(gateway, 'slicer');
    await gateway.pass();
    await gateway.received(keeper.link, {
      type: 'states',
      states: [aMediaState({ streamId: camera.streamId, measuredAt: new Date(time).toISOString() })],
    });
    await gateway.linkClosed(keeper.link, false);
    for (let second = 0; second < 16; second += 1) {
      time += 1000;
      await gateway.pass();
    }
    expect(await sources.get(owner, camera.id)).toMatchObject({ state: 'offline', stateReason: 'slicerMissing' });
  });

  test('why there is no picture is told to the slicer of the stream', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
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
    const gateway = aGateway();
    await expect((async () => gateway.diagnose({ kind: 'synthetic' }))()).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
  });

  test('fails the question when the node goes away', async () => {
    const gateway = aGateway();
    const ingest = join(gateway, 'ingest');
    const fault = gateway.diagnose({ kind: 'synthetic' }).catch((error: unknown) => error);
    await gateway.linkClosed(ingest.link, true);
    expect(await fault).toMatchObject({ code: 'UNAVAILABLE' });
  });
});
