import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';

import { cameraPatch } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { withChangeNote } from '#server/platform/change-note.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, aCameraInput, anActor, anOwner, aSourcesService } from '#server/testing/factories.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
const anonymous = { type: 'anonymous' } as const;

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.camera.deleteMany();
  await clone.database.stream.deleteMany();
  await clone.database.setting.deleteMany();
});

describe('who may', () => {
  test('refuses every change to whoever is not the owner, and says nobody is signed in where nobody is', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(owner, aCameraInput());
    const guest = anActor();
    for (const change of [
      (actor: typeof guest | typeof anonymous) => sources.create(actor, aCameraInput()),
      (actor: typeof guest | typeof anonymous) => sources.update(actor, camera.id, { name: 'Mine' }),
      (actor: typeof guest | typeof anonymous) => sources.delete(actor, camera.id),
      (actor: typeof guest | typeof anonymous) => sources.restore(actor, camera.id),
      (actor: typeof guest | typeof anonymous) =>
        sources.diagnosable(actor, { kind: 'synthetic', cameraId: camera.id }),
    ]) {
      await expect(change(guest)).rejects.toMatchObject({ code: 'FORBIDDEN' });
      await expect(change(anonymous)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    expect(await clone.database.camera.count()).toBe(1);
  });

  test('hides a private camera from others as if it were not there, an unlisted one from lists only', async () => {
    const sources = aSourcesService(clone.database);
    const secret = await sources.create(owner, aCameraInput({ visibility: 'private' }));
    const unlisted = await sources.create(owner, aCameraInput({ visibility: 'unlisted' }));
    const members = await sources.create(owner, aCameraInput({ visibility: 'members' }));
    const open = await sources.create(owner, aCameraInput());
    const idsFor = async (actor: Parameters<typeof sources.list>[0]) =>
      new Set((await sources.list(actor, {})).items.map((item) => item.id));
    expect(await idsFor(anonymous)).toEqual(new Set([open.id]));
    expect(await idsFor(anActor())).toEqual(new Set([open.id, members.id]));
    expect(await idsFor(owner)).toEqual(new Set([open.id, members.id, unlisted.id, secret.id]));
    await expect(sources.get(anonymous, secret.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sources.get(anonymous, unlisted.id)).toMatchObject({ editable: false });
    expect(await sources.visibleStreams(anonymous, [secret.id, unlisted.id])).toEqual([unlisted.streamId]);
  });

  test('finds the streams of one’s own list behind a thousand cameras of others', async () => {
    const sources = aSourcesService(clone.database);
    const secret = await sources.create(owner, aCameraInput({ visibility: 'private' }));
    const granted = await sources.create(owner, aCameraInput({ visibility: 'private' }));
    const open = await sources.create(owner, aCameraInput());
    // Copies of the private one, with ids that come first in every order.
    await clone.database.$executeRaw`
      INSERT INTO streams SELECT (jsonb_populate_record(s, jsonb_build_object('id', '00000000-0000-4000-8001-' || lpad(n::text, 12, '0')))).*
      FROM streams s, generate_series(1, 1000) n WHERE s.id = ${secret.streamId}::uuid`;
    await clone.database.$executeRaw`
      INSERT INTO cameras SELECT (jsonb_populate_record(c, jsonb_build_object('id', '00000000-0000-4000-8002-' || lpad(n::text, 12, '0'), 'stream_id', '00000000-0000-4000-8001-' || lpad(n::text, 12, '0')))).*
      FROM cameras c, generate_series(1, 1000) n WHERE c.id = ${secret.id}::uuid`;
    expect(await sources.visibleStreams(anonymous, null)).toEqual([open.streamId]);
    const object = { type: 'camera', id: granted.id };
    const guard = anActor({ grants: [{ permissions: ['camera:view'], object }] });
    expect(new Set(await sources.visibleStreams(guard, null))).toEqual(new Set([open.streamId, granted.streamId]));
    expect(await sources.visibleStreams(owner, null)).toHaveLength(1000);
  });

  test('shows neither address nor options to whoever may not change the camera', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(
      owner,
      aCameraInput({ address: 'rtsp://u:hunter2@camera.example/live?key=abc' }),
    );
    const seen = await sources.get(anonymous, camera.id);
    expect(seen).not.toHaveProperty('addressHint');
    expect(await sources.get(owner, camera.id)).toMatchObject({
      addressHint: 'rtsp://camera.example/live',
      hasCredentials: true,
      editable: true,
    });
    expect(JSON.stringify(await sources.get(owner, camera.id))).not.toMatch(/hunter2|abc/);
  });
});

describe('shown to nobody', () => {
  test('a withheld camera is hidden from all but its owner, who sees why, and is shown again for that reason alone', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(owner, aCameraInput());
    await sources.withhold(owner, camera.id, 'takenDown');
    await expect(sources.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sources.list(anonymous, {})).toMatchObject({ items: [], total: 0 });
    expect(await sources.visibleStreams(anonymous, [camera.id])).toEqual([]);
    expect((await sources.list(owner, {})).items).toMatchObject([{ id: camera.id, withheldReason: 'takenDown' }]);
    expect(await sources.streamSource(streamId.parse(camera.streamId))).toMatchObject({ hidden: true });
    await sources.release(owner, camera.id, 'NOT_LISTED');
    await expect(sources.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await sources.release(owner, camera.id, 'takenDown');
    expect(await sources.get(anonymous, camera.id)).toMatchObject({ withheldReason: null });
    await expect(sources.withhold(anActor(), camera.id, 'mine')).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  test('demo cameras go from all lists but the owner’s when they are not to be shown, and are not read', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(owner, aCameraInput({ kind: 'synthetic', address: undefined }));
    await clone.database.camera.update({ where: { id: camera.id }, data: { demo: true } });
    expect((await sources.list(anonymous, {})).total).toBe(1);
    await expect(sources.setDemoShown(anActor(), false)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(await sources.setDemoShown(owner, false)).toBe(false);
    expect((await sources.list(anonymous, {})).total).toBe(0);
    expect((await sources.list(owner, {})).total).toBe(1);
    await expect(sources.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sources.streamSources()).toMatchObject([{ hidden: true }]);
    await sources.setDemoShown(owner, true);
    expect(await sources.streamSources()).toMatchObject([{ hidden: false }]);
  });
});

describe('masks', () => {
  test('are told to everybody as a fact, to the owner as they are, and to ingest with the source', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(owner, aCameraInput());
    expect((await sources.streamSources())[0]?.source).not.toHaveProperty('masks');
    const masks: [number, number][][] = [
      [
        [0, 0],
        [0.5, 0],
        [0.5, 0.5],
      ],
    ];
    expect(await sources.update(owner, camera.id, { masks })).toMatchObject({ masks, masked: true });
    const seen = await sources.get(anonymous, camera.id);
    expect(seen).toMatchObject({ masked: true });
    expect(seen).not.toHaveProperty('masks');
    expect((await sources.streamSources())[0]?.source?.masks).toEqual(masks);
  });

  test('a polygon of two corners, one outside of the picture and a seventeenth are refused', () => {
    const corner: [number, number] = [0.1, 0.1];
    for (const masks of [
      [[corner, corner]],
      [[corner, corner, [0.5, 1.1]]],
      Array.from({ length: 17 }, () => [corner, corner, corner]),
    ]) {
      expect(cameraPatch.safeParse({ masks }).success).toBe(false);
    }
    expect(cameraPatch.safeParse({ masks: [[corner, corner, corner]] }).success).toBe(true);
  });
});

test('on-demand cameras are read out only when they are named', async () => {
  const sources = aSourcesService(clone.database);
  await sources.create(owner, aCameraInput());
  const sleeping = await sources.create(owner, aCameraInput({ ingest: 'onDemand' }));
  expect(await sources.streamSources()).toHaveLength(1);
  expect(await sources.streamSources([streamId.parse(sleeping.streamId)])).toHaveLength(2);
});

describe('addresses', () => {
  test('are sealed in the row and opened for ingest alone', async () => {
    const sources = aSourcesService(clone.database);
    const address = 'rtsp://u:hunter2@camera.example/live';
    const camera = await sources.create(owner, aCameraInput({ address }));
    const row = await clone.database.camera.findUniqueOrThrow({ where: { id: camera.id } });
    expect(Buffer.from(row.sealedAddress ?? []).toString('latin1')).not.toContain('hunter2');
    expect(JSON.stringify({ ...row, sealedAddress: null, stream: null })).not.toContain('hunter2');
    expect((await sources.streamSources())[0]?.source?.address).toBe(address);
  });

  test('stay when a change leaves them out, and go when the kind needs none', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(owner, aCameraInput({ address: 'rtsp://u:p@camera.example/live' }));
    await sources.update(owner, camera.id, { name: 'Renamed' });
    expect((await sources.streamSources())[0]?.source?.address).toBe('rtsp://u:p@camera.example/live');
    const drawn = await sources.update(owner, camera.id, { kind: 'synthetic', options: { scene: 'sky' } });
    expect(drawn).toMatchObject({ kind: 'synthetic', addressHint: null, hasCredentials: false });
  });

  test('of the stored camera are what the doctor looks at when none is given', async () => {
    const sources = aSourcesService(clone.database);
    const camera = await sources.create(
      owner,
      aCameraInput({ address: 'rtsp://u:p@camera.example/live', options: { transport: 'udp' } }),
    );
    expect(await sources.diagnosable(owner, { kind: 'rtsp', cameraId: camera.id })).toEqual({
      kind: 'rtsp',
      address: 'rtsp://u:p@camera.example/live',
      options: { transport: 'udp' },
    });
  });
});

describe('lists', () => {
  test('pages are whole, in order and without doubles, also among equal names', async () => {
    const sources = aSourcesService(clone.database);
    for (let count = 0; count < 7; count += 1)
      await sources.create(owner, aCameraInput({ name: count < 4 ? 'Same' : `Other ${count}` }));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await sources.list(anonymous, { limit: 3, cursor });
      expect(page.total).toBe(7);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(new Set(seen).size).toBe(7);
    expect(seen).toHaveLength(7);
  });

  test('finds by all words in names and places, in both languages, and takes % for a sign', async () => {
    const sources = aSourcesService(clone.database);
    await sources.create(
      owner,
      aCameraInput({ name: 'Station plaza', nameJa: '渋谷駅前', place: 'Shibuya, Tokyo', placeJa: '東京都渋谷区' }),
    );
    await sources.create(owner, aCameraInput({ name: 'Harbour 100%', placeJa: '神奈川県' }));
    const found = async (query: string) => (await sources.list(anonymous, { query })).items.map((item) => item.name);
    expect(await found('tokyo station')).toEqual(['Station plaza']);
    expect(await found('渋谷　東京')).toEqual(['Station plaza']);
    expect(await found('神奈川')).toEqual(['Harbour 100%']);
    expect(await found('%')).toEqual(['Harbour 100%']);
    expect(await found('station 神奈川')).toEqual([]);
  });

  test('filters by kind and state', async () => {
    const sources = aSourcesService(clone.database);
    const drawn = await sources.create(owner, aCameraInput({ kind: 'synthetic', address: undefined }));
    await sources.create(owner, aCameraInput());
    await clone.database.stream.update({ where: { id: drawn.streamId }, data: { state: 'demo' } });
    expect((await sources.list(anonymous, { kinds: ['synthetic'] })).items).toHaveLength(1);
    expect((await sources.list(anonymous, { states: ['demo', 'live'] })).items).toMatchObject([
      { id: drawn.id, state: 'demo' },
    ]);
    expect((await sources.list(anonymous, { states: ['live'] })).total).toBe(0);
  });

  test('refuses a cursor that is not ours', async () => {
    const sources = aSourcesService(clone.database);
    await expect(sources.list(anonymous, { cursor: 'bm90IG91cnM' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('deleting', () => {
  test('can be undone with the same stream, and is final when the time is over', async () => {
    let time = Date.now();
    const sources = aSourcesService(clone.database, { now: () => new Date(time) });
    const camera = await sources.create(owner, aCameraInput());
    await sources.delete(owner, camera.id);
    await expect(sources.get(owner, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await sources.listPurgeable()).toEqual([]);
    expect((await sources.streamSources())[0]).toMatchObject({ deleted: true });
    expect(await sources.restore(owner, camera.id)).toMatchObject({ streamId: camera.streamId });
    expect(await sources.purge(camera.id, camera.streamId)).toBe(false);
    await sources.delete(owner, camera.id);
    time += 31_000;
    expect(await sources.listPurgeable()).toEqual([{ id: camera.id, streamId: camera.streamId }]);
    expect(await sources.purge(camera.id, camera.streamId)).toBe(true);
    await expect(sources.restore(owner, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await clone.database.stream.count()).toBe(0);
  });

  test('each change is told once', async () => {
    const events = aBus();
    const heard = vi.fn<(change: string) => void>();
    events.on('camera.changed', ({ change }) => heard(change));
    const sources = aSourcesService(clone.database, { events });
    const camera = await sources.create(owner, aCameraInput());
    await sources.update(owner, camera.id, { name: 'Renamed' });
    await sources.delete(owner, camera.id);
    await sources.restore(owner, camera.id);
    expect(heard.mock.calls.flat()).toEqual(['added', 'changed', 'deleted', 'added']);
  });
});

test('fills in time zone, view and policy', async () => {
  const sources = aSourcesService(clone.database);
  const camera = await sources.create(
    owner,
    aCameraInput({ latitude: -1.29, longitude: 36.82, bearing: 90, kind: 'mjpeg', address: 'http://cam.example/x' }),
  );
  expect(camera).toMatchObject({
    timeZone: 'Africa/Nairobi',
    initialView: { heading: 90, pitch: -35 },
    ingest: 'onDemand',
    recordPolicy: { mode: 'always', maxAgeSeconds: 86_400 },
    ladder: 'onDemand',
    playback: { hls: `/media/${camera.streamId}/index.m3u8` },
    state: 'unchecked',
  });
  await expect(sources.get(owner, randomUUID())).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('tells whoever keeps the log when its ladder is to be made', async () => {
  const sources = aSourcesService(clone.database);
  const ladderOf = async (id: StreamId) => (await sources.streamSource(id))?.policy.ladder;
  const camera = await sources.create(owner, aCameraInput());
  expect(await ladderOf(camera.streamId)).toBe('onDemand');
  expect(await sources.update(owner, camera.id, { ladder: 'always' })).toMatchObject({ ladder: 'always' });
  expect(await ladderOf(camera.streamId)).toBe('always');
  // What is left out stays.
  await sources.update(owner, camera.id, { name: 'Renamed' });
  expect(await sources.get(anActor(), camera.id)).toMatchObject({ name: 'Renamed', ladder: 'always' });
});

test('what a change tells the audit log holds the fields that differ, and nothing that opens a camera', async () => {
  const sources = aSourcesService(clone.database);
  const secret = 'hunter2-in-address';
  const input = aCameraInput({
    address: `rtsp://admin:${secret}@camera.example/live?token=${secret}`,
    options: { stillUrl: `https://user:${secret}@camera.example/still.jpg?key=${secret}` },
  });
  const made = await withChangeNote(() => sources.create(owner, input));
  expect(made.note).toMatchObject({
    object: { type: 'camera', id: made.value.id },
    after: { addressHint: 'rtsp://camera.example/live' },
  });
  const { id } = made.value;
  const changed = await withChangeNote(() =>
    sources.update(owner, id, { name: 'Another', address: `rtsp://x:${secret}@camera.example/live` }),
  );
  expect(changed.note).toEqual({
    object: { type: 'camera', id },
    before: { name: input.name },
    after: { name: 'Another' },
    details: { address: 'given' },
  });
  const gone = await withChangeNote(() => sources.delete(owner, id));
  expect(gone.note).toMatchObject({ object: { type: 'camera', id }, before: { name: 'Another' } });
  expect(JSON.stringify([made.note, changed.note, gone.note])).not.toContain(secret);
});

test('a list holds what a role for one camera shows, and a key for one camera shows that one alone', async () => {
  const sources = aSourcesService(clone.database);
  const hidden = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  const other = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  const open = await sources.create(owner, aCameraInput());
  const idsFor = async (actor: Actor) => {
    const { items, total } = await sources.list(actor, {});
    expect(total).toBe(items.length);
    return new Set(items.map(({ id }) => id).filter((id) => [hidden.id, other.id, open.id].includes(id)));
  };
  const object = { type: 'camera', id: hidden.id };
  expect(await idsFor(anActor())).toEqual(new Set([open.id]));
  expect(await idsFor(anActor({ grants: [{ permissions: ['camera:view'], object }] }))).toEqual(
    new Set([open.id, hidden.id]),
  );
  expect(await idsFor({ ...owner, scope: { permissions: ['*'], objects: [object] } })).toEqual(new Set([hidden.id]));
  expect(await idsFor({ ...owner, scope: { permissions: ['*'], objects: [{ type: 'camera', id: 'x' }] } })).toEqual(
    new Set(),
  );
  await sources.withhold(owner, hidden.id, 'takenDown');
  expect(await idsFor(anActor({ grants: [{ permissions: ['camera:view'], object }] }))).toEqual(new Set([open.id]));
  expect(await idsFor(anActor({ grants: [{ permissions: ['camera:write'], object }] }))).toEqual(
    new Set([open.id, hidden.id]),
  );
});
