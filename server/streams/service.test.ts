import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as inFolder } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { nodeId, streamId } from '#server/contracts/ids.ts';
import type { LookReport } from '#server/contracts/look.ts';
import type { ToSidecar } from '#server/contracts/sidecar.ts';
import type { SourcesService, StreamSource } from '#server/sources/service.ts';
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

const aGateway = (events = aBus(), more: Partial<ConstructorParameters<typeof StreamsService>[0]> = {}) =>
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
    ...more,
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

  test('sources that sleep take no part: no node is told of them until somebody asks', async () => {
    const asleep = await addCamera({ ingest: 'onDemand' });
    const always = await addCamera();
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect([...slicer.held.keys()]).toEqual([always.streamId]);
    const place = await gateway.mediaPlace(streamId.parse(asleep.streamId));
    expect(place).toMatchObject({ url: null, isRead: false, source: { streamId: asleep.streamId } });
    if (!place) throw new Error('the stream is not there');
    expect(await gateway.openMedia(place)).toMatchObject({ isRead: true, url: slicer.link.hello.url, refusal: null });
    expect(ingest.held.has(asleep.streamId)).toBe(true);
    expect(slicer.held.has(asleep.streamId)).toBe(true);
  });

  test('the log of a source that sleeps again stays while its recording is to be kept, and is let go then', async () => {
    const recordPolicy = { mode: 'always' as const, maxAgeSeconds: 3600, maxBytes: null };
    const camera = await addCamera({ ingest: 'onDemand', recordPolicy });
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    join(gateway, 'ingest');
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(camera.streamId) });
    await gateway.pass();
    const later = async (minutes: number) => {
      time += minutes * 60_000;
      await beat(gateway, slicer);
      await gateway.pass();
      return slicer.held.has(camera.streamId);
    };
    expect(await later(2)).toBe(true);
    expect(await later(60)).toBe(true);
    expect(await later(10)).toBe(false);
  });

  test('of a feed that allows two a third waits, and begins when one was left long enough and is gone', async () => {
    const cameras = [];
    for (let count = 0; count < 3; count += 1) cameras.push(await addCamera({ ingest: 'onDemand' }));
    await clone.database.camera.updateMany({ data: { feed: 'two-at-once' } });
    const gateway = aGateway(aBus(), { feedLimits: new Map([['two-at-once', 2]]) });
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    const [first, second, third] = cameras.map((camera) => streamId.parse(camera.streamId));
    if (!first || !second || !third) throw new Error('there are three');
    const want = (id: typeof first) => gateway.received(slicer.link, { type: 'want', streamId: id });
    await want(first);
    await want(second);
    await gateway.pass();
    expect(new Set(ingest.held.keys())).toEqual(new Set([first, second]));
    const place = await gateway.mediaPlace(third);
    if (!place) throw new Error('the stream is not there');
    expect(await gateway.openMedia(place)).toMatchObject({ isRead: false, refusal: 'feedBusy' });
    expect(await gateway.states([third])).toMatchObject([{ state: 'unchecked', reason: 'feedBusy' }]);
    let most = 0;
    for (let second_ = 0; second_ < 40 && !ingest.held.has(third); second_ += 1) {
      time += 1000;
      await beat(gateway, slicer);
      await beat(gateway, ingest);
      // The first is left; the others are watched on.
      if (second_ % 5 === 0) await Promise.all([want(second), want(third)]);
      await gateway.pass();
      most = Math.max(most, ingest.held.size);
    }
    expect(new Set(ingest.held.keys())).toEqual(new Set([second, third]));
    expect(most).toBe(2);
    expect(await gateway.states([third])).toMatchObject([{ reason: null }]);
  });

  test('what is beyond the capacity of the nodes is told so', async () => {
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    join(gateway, 'ingest', { capacity: 1 });
    await gateway.pass();
    const refusals = [];
    for (let count = 0; count < 2; count += 1) {
      const camera = await addCamera({ ingest: 'onDemand' });
      const place = await gateway.mediaPlace(streamId.parse(camera.streamId));
      if (place) refusals.push((await gateway.openMedia(place)).refusal);
    }
    expect(refusals).toEqual([null, 'capacity']);
    expect(slicer.held.size).toBe(1);
  });

  test('a withheld camera is not read, and its log stays with its slicer', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    expect(ingest.held.size).toBe(1);
    await sources.withhold(owner, camera.id, 'takenDown');
    await gateway.pass();
    expect([ingest.held.size, slicer.held.size]).toEqual([0, 1]);
    expect(await gateway.mediaPlace(streamId.parse(camera.streamId))).toMatchObject({ source: { hidden: true } });
  });

  test('a slicer whose stream was taken over is told who has it now', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const old = join(gateway, 'slicer', { url: 'http://127.0.0.1:7021', place: 'disk a' });
    await gateway.pass();
    join(gateway, 'slicer', { url: 'http://127.0.0.1:7022', place: 'disk b' });
    for (let second = 0; second < 20 && old.held.size > 0; second += 1) {
      time += 1000;
      for (const node of gateway.links.ofRole('slicer'))
        if (node !== old.link) await gateway.received(node, { type: 'heartbeat', health, disk: null });
      await gateway.pass();
    }
    expect(old.told.at(-1)).toEqual({
      type: 'release',
      streamIds: [camera.streamId],
      erase: false,
      movedTo: 'http://127.0.0.1:7022',
    });
  });

  test('a stream that has ended is not read again, and whoever keeps its log is told that it is over', async () => {
    const [camera, broadcast] = [await addCamera(), await addCamera()];
    const withGrace = (source: StreamSource) => ({ ...source, policy: { ...source.policy, graceMs: 30_000 } });
    const mortal: SourcesService['streamSources'] = async (ids) =>
      (await sources.streamSources(ids)).map((source) =>
        source.streamId === broadcast.streamId ? withGrace(source) : source,
      );
    const own = () =>
      aGateway(aBus(), {
        sources: {
          streamSources: mortal,
          streamSource: (id) => sources.streamSource(id),
          demoShown: () => sources.demoShown(),
        },
      });
    const gateway = own();
    const [slicer, ingest] = [join(gateway, 'slicer'), join(gateway, 'ingest')];
    await gateway.pass();
    const assigned = ingest.told.flatMap((message) => (message.type === 'ingest' ? message.streams : []));
    const graces = new Map<string, unknown>(assigned.map((stream) => [stream.streamId, stream.graceMs]));
    expect([graces.get(camera.streamId), graces.get(broadcast.streamId)]).toEqual([undefined, 30_000]);
    const over = { state: 'offline' as const, reason: 'ended', measuredAt: new Date(time).toISOString() };
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
    const later = own();
    const heir = join(later, 'slicer');
    await later.pass();
    expect(policies(heir).get(broadcast.streamId)).toBe(true);
  });

  test('no node is given an erased stream again, not by a pass that was under way either', async () => {
    const camera = await addCamera();
    const gateway = aGateway();
    const slicer = join(gateway, 'slicer');
    await gateway.pass();
    const passing = gateway.pass();
    expect(gateway.erase(streamId.parse(camera.streamId))).toBe(true);
    await passing;
    await gateway.pass();
    const last = slicer.told.findLast(
      (message) => message.type === 'slice' || (message.type === 'release' && message.erase),
    );
    expect(last?.type).toBe('release');
    expect(slicer.held.size).toBe(0);
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

describe('looks', () => {
  const folder = inFolder(tmpdir(), `looks-${randomUUID()}`);
  afterAll(async () => rm(folder, { recursive: true, force: true }));
  const looks = () => ({ dir: inFolder(folder, randomUUID()), perMinute: 60, bytesPerSecond: 100_000 });
  const aLook = (more: Partial<LookReport> = {}): LookReport => ({
    ok: true,
    frameTime: new Date(time).toISOString(),
    hash: randomUUID(),
    bytes: 20_000,
    ms: 100,
    width: 640,
    height: 480,
    thumbnail: Buffer.from('a picture').toString('base64'),
    fault: null,
    ...more,
  });
  const asked = (node: FakeNode) => node.told.filter((message) => message.type === 'look');
  const lookOf = async (id: string) => clone.database.stream.findUniqueOrThrow({ where: { id } });

  async function answer(gateway: StreamsService, node: FakeNode, report: LookReport): Promise<string> {
    const question = await vi.waitUntil(() => asked(node).at(-1), { timeout: 5000 });
    node.told.splice(node.told.indexOf(question), 1);
    await gateway.received(node.link, {
      type: 'looked',
      requestId: question.requestId,
      streamId: question.streamId,
      report,
    });
    return question.streamId;
  }

  test('what nobody reads is looked at in turn, and called live only after two pictures that differ', async () => {
    const camera = await addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    await addCamera({ ingest: 'onDemand', visibility: 'private' });
    await addCamera();
    const gateway = aGateway(aBus(), { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    const state = async () => (await gateway.states([streamId.parse(camera.streamId)]))[0];
    const step = () => gateway.looks.rotation.tick();
    await step();
    expect(await answer(gateway, ingest, aLook())).toBe(camera.streamId);
    await gateway.looks.rotation.settled();
    await gateway.pass();
    expect(await state()).toMatchObject({ state: 'delayed', measuredAt: new Date(time).toISOString() });
    // Not again before its round is over.
    time += 60_000;
    await beat(gateway, ingest);
    await gateway.pass();
    await step();
    expect(asked(ingest)).toHaveLength(0);
    time += 600_000;
    await beat(gateway, ingest);
    await gateway.pass();
    await step();
    await answer(gateway, ingest, aLook());
    await gateway.looks.rotation.settled();
    await gateway.pass();
    expect(await state()).toMatchObject({ state: 'live' });
    expect((await lookOf(camera.streamId)).look).toMatchObject({ failures: 0, width: 640 });
  });

  test('a state that nobody has confirmed for three rounds is not known any more', async () => {
    const camera = await addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const events = aBus();
    const heard = vi.fn<(state: string) => void>();
    events.on('stream.state', (event) => heard(event.state));
    const gateway = aGateway(events, { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    await gateway.looks.rotation.tick();
    await answer(gateway, ingest, aLook());
    await gateway.looks.rotation.settled();
    await gateway.pass();
    const unlooked = async (ms: number) => {
      time += ms;
      await beat(gateway, ingest);
      await gateway.pass();
      await clone.database.camera.update({ where: { id: camera.id }, data: { visibility: 'unlisted' } });
      await gateway.looks.rotation.tick();
      await gateway.pass();
      return (await sources.get(owner, camera.id)).state;
    };
    expect(await unlooked(1_700_000)).toBe('delayed');
    expect(await unlooked(200_000)).toBe('unchecked');
    expect(heard.mock.calls.flat()).toEqual(['delayed', 'unchecked']);
  });

  test('who sees a camera that was never looked at has it looked at, together with all who see it', async () => {
    const camera = await addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const gateway = aGateway(aBus(), { looks: looks() });
    const ingest = join(gateway, 'ingest');
    await gateway.pass();
    const id = streamId.parse(camera.streamId);
    const seen = [gateway.lookThumbnail(id), gateway.lookThumbnail(id), gateway.lookThumbnail(id)];
    await answer(gateway, ingest, aLook());
    const pictures = await Promise.all(seen);
    expect(pictures.map((picture) => picture?.jpeg.toString())).toEqual(['a picture', 'a picture', 'a picture']);
    expect(asked(ingest)).toHaveLength(0);
    expect(pictures[0]?.capturedAt).toEqual(new Date(time));
  });

  test('a picture taken before a mask was set is not shown after it', async () => {
    const camera = await addCamera({ kind: 'snapshot', address: 'http://cam.example/a.jpg', ingest: 'onDemand' });
    const events = aBus();
    const gateway = aGateway(events, { looks: { ...looks(), perMinute: 0 } });
    const ingest = join(gateway, 'ingest');
    const stop = gateway.start();
    const heard = aSourcesService(clone.database, { events });
    await gateway.pass();
    const id = streamId.parse(camera.streamId);
    const before = gateway.lookThumbnail(id);
    await vi.waitUntil(() => asked(ingest).length === 1, { timeout: 5000 });
    const corner: [number, number] = [0, 0];
    await heard.setMasks(owner, camera.id, [[corner, corner, [1, 1]]]);
    await answer(gateway, ingest, aLook());
    expect(await before).toBeNull();
    time += 60_000;
    await beat(gateway, ingest);
    await gateway.pass();
    const after = gateway.lookThumbnail(id);
    await vi.waitUntil(() => asked(ingest).length === 1, { timeout: 5000 });
    expect(asked(ingest)[0]?.source.masks).toHaveLength(1);
    await answer(gateway, ingest, aLook());
    expect(await after).not.toBeNull();
    await stop();
  });

  test('of a feed that allows one, nothing is looked at while one of it is read', async () => {
    const cameras = [];
    for (let count = 0; count < 2; count += 1) cameras.push(await addCamera({ ingest: 'onDemand' }));
    await clone.database.camera.updateMany({ data: { feed: 'one-at-once' } });
    const gateway = aGateway(aBus(), { looks: looks(), feedLimits: new Map([['one-at-once', 1]]) });
    const slicer = join(gateway, 'slicer');
    const ingest = join(gateway, 'ingest');
    const [watched] = cameras;
    await gateway.received(slicer.link, { type: 'want', streamId: streamId.parse(watched?.streamId) });
    await gateway.pass();
    await gateway.looks.rotation.tick();
    expect(asked(ingest)).toHaveLength(0);
    time += 70_000;
    await beat(gateway, slicer);
    await beat(gateway, ingest);
    await gateway.pass();
    time += 6000;
    await gateway.looks.rotation.tick();
    expect(await vi.waitUntil(() => asked(ingest).length, { timeout: 5000 })).toBe(1);
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
