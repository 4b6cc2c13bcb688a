import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { CameraState } from '#server/contracts/camera.ts';
import type { EarthFilter, GeoBounds } from '#server/contracts/earth.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { streamId } from '#server/contracts/ids.ts';
import { IdentityService } from '#server/identity/service.ts';
import { writeSetting } from '#server/platform/settings.ts';
import { RecordingsService } from '#server/recordings/service.ts';
import { StateHistory } from '#server/streams/state-history.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, aCameraInput, anActor, anOwner, aSourcesService, silentLog } from '#server/testing/factories.ts';

import { EarthService } from './service.ts';

const anonymous: Actor = { type: 'anonymous' };
const world: GeoBounds = [-180, -90, 180, 90];
const tokyo = { latitude: 35.68, longitude: 139.76 };
const paris = { latitude: 48.85, longitude: 2.35 };
const now = new Date('2026-11-22T10:00:00Z');

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let house: ReturnType<typeof aHouse>;
beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.camera.deleteMany();
  await clone.database.stream.deleteMany();
  await writeSetting(clone.database, 'demoCamerasShown', true);
  house = aHouse();
  return () => house.stop();
});

function aHouse() {
  const { database } = clone;
  const events = aBus();
  const sources = aSourcesService(database, { events });
  const history = new StateHistory({ database, events, log: silentLog, now: () => now });
  const recordings = new RecordingsService({ database, now: () => now });
  const hinted: string[][] = [];
  const earth = new EarthService({
    sources,
    streams: { history, hint: (ids) => void hinted.push([...ids]) },
    recordings,
    identity: new IdentityService({ database, events }),
    events,
    log: silentLog,
    now: () => now,
    random: () => 0,
  });
  const stop = earth.start();
  const add = (input: Parameters<typeof aCameraInput>[0] = {}) => sources.create(owner, aCameraInput(input));
  const tell = async (stream: string, state: CameraState, since: Date = now) => {
    await database.stream.update({ where: { id: stream }, data: { state, stateSince: since } });
    events.publish({ type: 'stream.state', streamId: streamId.parse(stream), state, reason: null });
  };
  return { events, sources, history, recordings, earth, add, tell, stop, hinted };
}

const see = (actor: Actor = anonymous, more: object = {}) =>
  house.earth.view(actor, { bounds: world, zoom: 18, ...more });

describe('the view', () => {
  test('has a camera that was added, and no more the moment it is deleted', async () => {
    expect(await see()).toMatchObject({ points: [], clusters: [], totals: {}, at: null });
    const camera = await house.add({ ...tokyo, bearing: 40 });
    await house.earth.settled();
    expect(await see()).toMatchObject({
      points: [{ id: camera.id, streamId: camera.streamId, ...tokyo, bearing: 40, state: 'unchecked' }],
      totals: { unchecked: 1 },
    });
    await house.sources.delete(owner, camera.id);
    expect(await see()).toMatchObject({ points: [], totals: {} });
    await house.sources.restore(owner, camera.id);
    await house.earth.settled();
    expect((await see()).totals).toEqual({ unchecked: 1 });
  });

  test('turns a camera at the word of its state, and its cluster stands still', async () => {
    const [one, other] = [await house.add(tokyo), await house.add({ ...tokyo, latitude: 35.69 })];
    await house.tell(one.streamId, 'live');
    await house.tell(other.streamId, 'live');
    await house.earth.settled();
    const before = (await see(anonymous, { zoom: 2 })).clusters;
    expect(before).toMatchObject([{ count: 2, states: { live: 2 } }]);
    await house.tell(one.streamId, 'offline');
    const after = (await see(anonymous, { zoom: 2 })).clusters;
    expect(after).toEqual([{ ...before[0], states: { live: 1, offline: 1 } }]);
    const living = await see(anonymous, { zoom: 2, filter: { states: ['live'] } });
    expect(living).toMatchObject({ points: [{ id: other.id }], clusters: [], totals: { live: 1, offline: 1 } });
    expect(await see(anonymous, { zoom: 2, filter: { states: ['error'] } })).toMatchObject({
      points: [],
      clusters: [],
    });
  });

  test('shows strangers what is public, everybody their own, the owner all', async () => {
    const [open, hidden, unlisted] = [
      await house.add(tokyo),
      await house.add({ ...tokyo, visibility: 'private' }),
      await house.add({ ...tokyo, visibility: 'unlisted' }),
    ];
    await house.earth.settled();
    const ids = async (actor: Actor) => (await see(actor)).points.map((point) => point.id).toSorted();
    expect(await ids(anonymous)).toEqual([open.id]);
    expect(await ids(anActor())).toEqual([open.id]);
    expect(await ids({ ...owner, isOwner: false })).toEqual([open.id, hidden.id, unlisted.id].toSorted());
    expect(await ids(owner)).toEqual([open.id, hidden.id, unlisted.id].toSorted());
    await house.sources.update(owner, open.id, { visibility: 'private' });
    await house.earth.settled();
    expect(await ids(anonymous)).toEqual([]);
  });

  test('shows who holds a role for one camera that camera, and each key of a person its own', async () => {
    const [one, two] = [
      await house.add({ ...tokyo, visibility: 'private' }),
      await house.add({ ...paris, visibility: 'private' }),
    ];
    const open = await house.add({ ...paris, longitude: 3 });
    await house.earth.settled();
    const ids = async (actor: Actor) => (await see(actor)).points.map((point) => point.id).toSorted();
    const person = anActor();
    const forOne = { permissions: ['camera:view'], object: { type: 'camera', id: one.id } };
    expect(await ids(person)).toEqual([open.id]);
    // The same person, a moment later: what was made for them before is no answer any more.
    expect(await ids({ ...person, grants: [forOne] })).toEqual([one.id, open.id].toSorted());
    const scope = (id: string) => ({ permissions: ['*'], objects: [{ type: 'camera', id }] });
    expect(await ids({ ...owner, scope: scope(one.id) })).toEqual([one.id]);
    expect(await ids({ ...owner, scope: scope(two.id) })).toEqual([two.id]);
    expect(await ids({ ...owner, scope: scope('no id of ours') })).toEqual([]);
    expect(await ids({ ...owner, scope: { permissions: ['product:search'], objects: null } })).toEqual([]);

    // What was recorded is counted over the same cameras.
    for (const { streamId: line } of [one, two, open])
      await clone.database.segmentMinute.create({
        data: { streamId: line, minute: new Date(now.getTime() - 600_000), segments: [] },
      });
    const counted = async (actor: Actor) => {
      const [from, to] = [new Date(now.getTime() - 3_600_000).toISOString(), now.toISOString()];
      return Math.max(...(await house.earth.coverage(actor, { from, to, buckets: 2 })).recorded);
    };
    expect(await counted({ type: 'anonymous' })).toBe(1);
    expect(await counted({ ...person, grants: [forOne] })).toBe(2);
    expect(await counted(owner)).toBe(3);
    expect(await counted({ ...owner, scope: scope(two.id) })).toBe(1);
    expect(await counted({ ...owner, scope: scope('no id of ours') })).toBe(0);
  });

  test('leaves out withheld cameras, and demo cameras where the operator hides them', async () => {
    const [taken, demo] = [await house.add(tokyo), await house.add(paris)];
    await clone.database.camera.update({ where: { id: demo.id }, data: { demo: true } });
    await clone.database.camera.update({ where: { id: taken.id }, data: { withheldAt: now } });
    house.events.publish({ type: 'cameras.imported', source: 'test', count: 2 });
    await house.earth.settled();
    expect((await see(owner)).points.map((point) => point.id)).toEqual([demo.id]);
    expect((await see(anonymous, { filter: { demo: false } })).points).toEqual([]);
    await writeSetting(clone.database, 'demoCamerasShown', false);
    house.events.publish({ type: 'cameras.imported', source: 'demo', count: 1 });
    await house.earth.settled();
    expect((await see(owner)).points).toEqual([]);
  });

  test('filters by kind, country and the light at the place', async () => {
    const [japan, france] = [
      await house.add(tokyo),
      await house.add({ ...paris, kind: 'synthetic', address: undefined }),
    ];
    await house.earth.settled();
    const ids = async (filter: object) => (await see(anonymous, { filter })).points.map((point) => point.id);
    expect(await ids({ kinds: ['synthetic'] })).toEqual([france.id]);
    expect(await ids({ country: 'JP' })).toEqual([japan.id]);
    // 10:00 UTC in November: morning in Paris, an hour and a half after dusk in Tokyo.
    expect(await ids({ daylight: 'day' })).toEqual([france.id]);
    expect(await ids({ daylight: 'night' })).toEqual([japan.id]);
    expect((await see(anonymous, { filter: { daylight: 'day' } })).totals).toEqual({ unchecked: 1 });
    expect(await house.earth.countries(anonymous)).toEqual([
      { country: 'FR', cameras: 1 },
      { country: 'JP', cameras: 1 },
    ]);
  });

  test('of the past has the states as they were', async () => {
    const stop = house.history.start();
    const [camera, demo] = [await house.add(tokyo), await house.add(paris)];
    await clone.database.camera.update({ where: { id: demo.id }, data: { demo: true } });
    const at = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
    await house.tell(camera.streamId, 'live', at(30));
    await house.history.flush();
    await house.tell(camera.streamId, 'offline', at(10));
    await house.history.flush();
    await house.earth.settled();
    const states = async (minutes: number) => {
      const { points, at: told } = await see(anonymous, { at: at(minutes).toISOString() });
      expect(told).toBe(at(minutes).toISOString());
      return new Map(points.map((point) => [point.id, point.state]));
    };
    for (const [minutes, state] of [
      [40, 'unchecked'],
      [30, 'live'],
      [11, 'live'],
      [10, 'offline'],
      [1, 'offline'],
    ] as const) {
      const then = await states(minutes);
      expect([minutes, then.get(camera.id)]).toEqual([minutes, state]);
      expect(then.get(demo.id)).toBe('demo');
    }
    expect(house.hinted).toEqual([]);
    expect((await see(anonymous, { at: new Date(now.getTime() + 60_000).toISOString() })).at).toBeNull();
    // What is in view now is what somebody waits for.
    expect(house.hinted.flat().toSorted()).toEqual([camera.streamId, demo.streamId].toSorted());
    await stop();
  });

  test('refuses bounds that are upside down', async () => {
    await expect(see(anonymous, { bounds: [0, 10, 10, 0] })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('finding', () => {
  test('finds cameras by their names in both languages, for those who may see them', async () => {
    const camera = await house.add({ name: 'Shibuya crossing', nameJa: '渋谷交差点', visibility: 'private' });
    await house.earth.settled();
    const ids = async (actor: Actor, query: string) =>
      (await house.earth.search(actor, { query })).flatMap((find) => (find.type === 'camera' ? find.camera.id : []));
    expect(await ids(owner, '渋谷')).toEqual([camera.id]);
    expect(await ids(owner, 'SHIBUYA')).toEqual([camera.id]);
    expect(await ids(anonymous, '渋谷')).toEqual([]);
  });

  test('lists what is near, nearest first, over the date line', async () => {
    const [west, east, far] = [
      await house.add({ latitude: -17, longitude: 179.9 }),
      await house.add({ latitude: -17, longitude: -179.8 }),
      await house.add(paris),
    ];
    await house.earth.settled();
    const near = await house.earth.nearby(anonymous, { latitude: -17, longitude: 179.99 });
    expect(near.map((camera) => camera.id)).toEqual([west.id, east.id, far.id]);
    expect(near[0]?.distanceMetres).toBeGreaterThan(9000);
    expect(near[0]?.distanceMetres).toBeLessThan(10_000);
    const few = { latitude: -17, longitude: 179.99, exclude: west.id, withinMetres: 50_000 };
    expect((await house.earth.nearby(anonymous, few)).map((camera) => camera.id)).toEqual([east.id]);
  });

  test('lists what is near and passes a filter, however much stands between', async () => {
    const [one, other] = [await house.add(tokyo), await house.add(paris)];
    await house.tell(other.streamId, 'live');
    await house.earth.settled();
    const near = async (filter: EarthFilter) =>
      (await house.earth.nearby(anonymous, { ...tokyo, limit: 1, ...filter })).map((camera) => camera.id);
    expect(await near({})).toEqual([one.id]);
    expect(await near({ states: ['live'] })).toEqual([other.id]);
    expect(await near({ country: 'FR' })).toEqual([other.id]);
    // At ten in the morning in Greenwich it is night in Tokyo.
    expect(await near({ daylight: 'day' })).toEqual([other.id]);
    expect(await near({ country: 'JP', states: ['live'] })).toEqual([]);
  });

  test('surprises with a living camera by day, and says when nothing fits', async () => {
    await expect(house.earth.surprise(anonymous, { kind: 'random' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [night, day, dusk] = [
      await house.add(tokyo),
      await house.add(paris),
      await house.add({ latitude: 10, longitude: 118 }),
    ];
    for (const camera of [night, day, dusk]) await house.tell(camera.streamId, 'live');
    await house.earth.settled();
    expect(await house.earth.surprise(anonymous, { kind: 'random' })).toEqual({ id: day.id, exact: true });
    expect(await house.earth.surprise(anonymous, { kind: 'sunset' })).toEqual({ id: dusk.id, exact: true });
    // Nowhere does the sun rise at this moment; in Paris it is on its way up.
    expect(await house.earth.surprise(anonymous, { kind: 'sunrise' })).toEqual({ id: day.id, exact: false });
    // Three hours before, the sun rose there.
    const before = { kind: 'sunrise' as const, at: '2026-11-22T07:00:00Z' };
    expect(await house.earth.surprise(anonymous, before)).toEqual({ id: day.id, exact: true });
    await house.tell(day.streamId, 'offline');
    expect(await house.earth.surprise(anonymous, { kind: 'random' })).not.toMatchObject({ id: day.id });
  });

  test('surprises with another camera than the one that is open, where there is one, and with none that the filter leaves out', async () => {
    const one = await house.add(paris);
    await house.tell(one.streamId, 'live');
    await house.earth.settled();
    const random = { kind: 'random' as const, exclude: one.id };
    expect(await house.earth.surprise(anonymous, random)).toMatchObject({ id: one.id });
    const other = await house.add(tokyo);
    await house.tell(other.streamId, 'live');
    await house.earth.settled();
    expect(await house.earth.surprise(anonymous, random)).toMatchObject({ id: other.id });
    expect(await house.earth.surprise(anonymous, { kind: 'random', country: 'JP' })).toMatchObject({ id: other.id });
    await expect(house.earth.surprise(anonymous, { kind: 'random', country: 'IS' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('coverage', () => {
  test('counts the cameras that have a picture in each part, as long as they keep it', async () => {
    const recordPolicy = { mode: 'always' as const, maxAgeSeconds: 3600, maxBytes: null };
    const [one, other, hidden] = [
      await house.add({ recordPolicy }),
      await house.add({ recordPolicy }),
      await house.add({ recordPolicy, visibility: 'private' }),
    ];
    const minute = async (camera: { streamId: string }, minutesAgo: number) =>
      clone.database.segmentMinute.create({
        data: { streamId: camera.streamId, minute: new Date(now.getTime() - minutesAgo * 60_000), segments: [] },
      });
    for (const ago of [90, 30, 29, 10]) await minute(one, ago);
    for (const ago of [30, 5]) await minute(other, ago);
    await minute(hidden, 50);
    const ask = (actor: Actor) =>
      house.earth.coverage(actor, {
        from: new Date(now.getTime() - 7_200_000).toISOString(),
        to: now.toISOString(),
        buckets: 6,
      });
    expect(await ask(anonymous)).toMatchObject({
      // What is older than the hour that they keep counts no more.
      recorded: [0, 0, 0, 0, 2, 2],
      oldest: new Date(now.getTime() - 30 * 60_000).toISOString(),
    });
    expect((await ask(owner)).recorded).toEqual([0, 0, 0, 1, 2, 2]);
    const long = { from: '2026-01-01T00:00:00Z', to: '2026-11-01T00:00:00Z', buckets: 10 };
    await expect(house.earth.coverage(anonymous, long)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});
