import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { PictureRegion } from '#server/contracts/picture-region.ts';
import type { RemovalInput } from '#server/contracts/removal.ts';
import { ActivityService } from '#server/identity/activity/service.ts';
import { IdentityService } from '#server/identity/service.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, aCameraInput, anActor, anOwner, aSourcesService, silentLog } from '#server/testing/factories.ts';

import { RemovalsService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
const anonymous = { type: 'anonymous' } as const;
const door: PictureRegion = [
  [0.1, 0.1],
  [0.3, 0.1],
  [0.3, 0.4],
];
const window: PictureRegion = [
  [0.6, 0.6],
  [0.9, 0.6],
  [0.9, 0.9],
  [0.6, 0.9],
];

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.activityItem.deleteMany();
  await clone.database.camera.deleteMany();
  await clone.database.stream.deleteMany();
});

function aHouse(overrides: { now?: () => Date; eraseLog?: (id: string) => boolean } = {}) {
  const { database } = clone;
  const cameras = aSourcesService(database);
  const removals = new RemovalsService({
    database,
    identity: new IdentityService({ database, events: aBus() }),
    activity: new ActivityService({ database }),
    cameras,
    eraseLog: () => true,
    log: silentLog,
    secret: 'a secret for tests only',
    ...overrides,
  });
  return { cameras, removals };
}

const anInput = (cameraId: string, overrides: Partial<RemovalInput> = {}): RemovalInput => ({
  cameraId,
  kind: 'mask',
  name: 'Ken Sato',
  email: 'ken@example.org',
  reason: 'My kitchen window is in the picture.',
  regions: [window],
  ...overrides,
});
const here = { ip: '192.0.2.1' };
const elsewhere = () => ({ ip: randomUUID() });

describe('asking', () => {
  test('gives a reference whose key opens its page, and another key opens nothing', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const { id, key } = await removals.request(anonymous, anInput(camera.id), here);
    expect(await removals.status(id, key)).toMatchObject({ id, state: 'open', camera: { name: camera.name } });
    // Those who decide are told.
    expect(await clone.database.activityItem.findMany()).toMatchObject([
      { userId: owner.userId, kind: 'removal.requested', data: { name: camera.name } },
    ]);
    expect(await removals.status(id, key)).not.toHaveProperty('email');
    expect(await removals.status(id, `${key.slice(0, -1)}!`)).toBeNull();
    expect(await removals.status(id, '')).toBeNull();
    expect(await removals.status('no id', key)).toBeNull();
    const other = await removals.request(anonymous, anInput(camera.id), here);
    expect(await removals.status(id, other.key)).toBeNull();
  });

  test('is not possible for a camera that the sender may not see', async () => {
    const { cameras, removals } = aHouse();
    const secret = await cameras.create(owner, aCameraInput({ visibility: 'private' }));
    await expect(removals.request(anonymous, anInput(secret.id), here)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await clone.database.removalRequest.count()).toBe(0);
  });

  test('is taken five times an hour from one address, and from others still', async () => {
    let now = Date.now();
    const { cameras, removals } = aHouse({ now: () => new Date(now) });
    const camera = await cameras.create(owner, aCameraInput());
    for (let turn = 0; turn < 5; turn += 1) await removals.request(anonymous, anInput(camera.id), here);
    await expect(removals.request(anonymous, anInput(camera.id), here)).rejects.toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      details: { retryAfterSeconds: 3600 },
    });
    await removals.request(anonymous, anInput(camera.id), elsewhere());
    now += 3_600_000;
    await removals.request(anonymous, anInput(camera.id), here);
    expect(await clone.database.removalRequest.count()).toBe(7);
  });

  test('is kept up to five thousand open ones, also where several come side by side', async () => {
    const { cameras, removals } = aHouse();
    const { id: cameraId } = await cameras.create(owner, aCameraInput());
    await clone.database.$executeRaw`
      INSERT INTO removal_requests (id, camera_id, kind, name, email, reason)
      SELECT gen_random_uuid(), ${cameraId}::uuid, 'mask', 'x', 'x@example.org', 'x' FROM generate_series(1, 4998)`;
    const asked = await Promise.allSettled(
      Array.from({ length: 5 }, () => removals.request(anonymous, anInput(cameraId), elsewhere())),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await removals.openCount()).toBe(5000);
    // Who was refused is not told of either.
    expect(await clone.database.activityItem.count({ where: { kind: 'removal.requested' } })).toBe(2);
  });

  test('thanks a machine that fills in the hidden field, and keeps nothing', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const receipt = await removals.request(anonymous, anInput(camera.id, { website: 'https://spam.example' }), here);
    expect(receipt.key).toHaveLength(24);
    expect(await clone.database.removalRequest.count()).toBe(0);
  });
});

describe('deciding', () => {
  test('is the operator’s alone', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const { id } = await removals.request(anonymous, anInput(camera.id), here);
    for (const actor of [anonymous, anActor()]) {
      const code = actor.type === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      await expect(removals.list(actor, { which: 'open' })).rejects.toMatchObject({ code });
      await expect(removals.decide(actor, { id, verdict: 'accepted', note: null })).rejects.toMatchObject({ code });
      await expect(removals.reopen(actor, id)).rejects.toMatchObject({ code });
      await expect(removals.eraseRecordings(actor, { id, name: camera.name })).rejects.toMatchObject({ code });
    }
  });

  test('paints the regions over beside the masks that are there, once, and takes only its own back', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput({ masks: [door] }));
    const masks = async () => {
      const detail = await cameras.get(owner, camera.id);
      return detail.editable ? detail.masks : null;
    };
    const first = await removals.request(anonymous, anInput(camera.id), here);
    const again = await removals.request(anonymous, anInput(camera.id), here);
    const accepted = await removals.decide(owner, { id: first.id, verdict: 'accepted', note: 'Done.' });
    expect(accepted).toMatchObject({ state: 'accepted', note: 'Done.', regions: [window] });
    expect(await masks()).toEqual([door, window]);
    await removals.decide(owner, { id: again.id, verdict: 'accepted', note: null });
    expect(await masks()).toEqual([door, window]);
    await removals.reopen(owner, first.id);
    expect(await masks()).toEqual([door, window]);
    await removals.reopen(owner, again.id);
    expect(await masks()).toEqual([door]);
    expect(await removals.status(first.id, first.key)).toMatchObject({ state: 'open', note: null, decidedAt: null });
  });

  test('leaves the request open when the masks are too many, and says so', async () => {
    const { cameras, removals } = aHouse();
    const many = Array.from({ length: 16 }, (_, index): PictureRegion => [
      [0, index / 20],
      [1, index / 20],
      [1, (index + 1) / 20],
    ]);
    const camera = await cameras.create(owner, aCameraInput({ masks: many }));
    const { id, key } = await removals.request(anonymous, anInput(camera.id), here);
    await expect(removals.decide(owner, { id, verdict: 'accepted', note: null })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { field: 'regions' },
    });
    expect(await removals.status(id, key)).toMatchObject({ state: 'open' });
  });

  test('shows a camera that was taken down to nobody, until the last such decision is taken back', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const ask = () => removals.request(anonymous, anInput(camera.id, { kind: 'takeDown', regions: [] }), elsewhere());
    const [first, second] = [await ask(), await ask()];
    await removals.decide(owner, { id: first.id, verdict: 'accepted', note: null });
    await removals.decide(owner, { id: second.id, verdict: 'accepted', note: null });
    await expect(cameras.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await removals.status(first.id, first.key)).toMatchObject({ state: 'accepted' });
    await removals.reopen(owner, first.id);
    await expect(cameras.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await removals.reopen(owner, second.id);
    expect(await cameras.get(anonymous, camera.id)).toMatchObject({ withheldReason: null });
  });

  test('does not show a camera again that is withheld for another reason', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const input = anInput(camera.id, { kind: 'takeDown', regions: [] });
    const { id } = await removals.request(anonymous, input, here);
    await removals.decide(owner, { id, verdict: 'accepted', note: null });
    await cameras.withhold(owner, camera.id, 'unlisted');
    await removals.reopen(owner, id);
    await expect(cameras.get(anonymous, camera.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('leaves a camera that its feed withheld so when it is taken back, and hides none that its feed left', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const input = anInput(camera.id, { kind: 'takeDown', regions: [] });
    const { id } = await removals.request(anonymous, input, here);
    await cameras.withhold(owner, camera.id, 'NOT_LISTED');
    await removals.decide(owner, { id, verdict: 'accepted', note: null });
    expect(await cameras.get(owner, camera.id)).toMatchObject({ withheldReason: 'takenDown' });
    await removals.reopen(owner, id);
    expect(await cameras.get(owner, camera.id)).toMatchObject({ withheldReason: 'NOT_LISTED' });
    await cameras.release(owner, camera.id, 'NOT_LISTED');
    expect(await cameras.get(anonymous, camera.id)).toMatchObject({ withheldReason: null });
  });

  test('tells how many wait for an answer', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const { id } = await removals.request(anonymous, anInput(camera.id), here);
    await removals.request(anonymous, anInput(camera.id), elsewhere());
    expect(await removals.openCount()).toBe(2);
    await removals.decide(owner, { id, verdict: 'refused', note: 'No.' });
    expect(await removals.openCount()).toBe(1);
  });

  test('happens once: the second decision is told of the first', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const { id } = await removals.request(anonymous, anInput(camera.id), here);
    const verdicts = await Promise.allSettled([
      removals.decide(owner, { id, verdict: 'refused', note: 'The window is not yours.' }),
      removals.decide(owner, { id, verdict: 'refused', note: 'No.' }),
    ]);
    expect(verdicts.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(removals.decide(owner, { id, verdict: 'accepted', note: null })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await removals.reopen(owner, id);
    await expect(removals.reopen(owner, id)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('is read a page at a time, the oldest open request first, with the totals of all', async () => {
    const { cameras, removals } = aHouse();
    const camera = await cameras.create(owner, aCameraInput());
    const ids: string[] = [];
    for (let turn = 0; turn < 53; turn += 1) {
      ids.push((await removals.request(anonymous, anInput(camera.id), elsewhere())).id);
    }
    const first = await removals.list(owner, { which: 'open' });
    expect(first.items.map(({ id }) => id)).toEqual(ids.slice(0, 50));
    const second = await removals.list(owner, { which: 'open', after: first.nextCursor });
    expect(second.items.map(({ id }) => id)).toEqual(ids.slice(50));
    expect(second.nextCursor).toBeNull();
    expect((await removals.list(owner, { which: 'open', limit: 2 })).items.map(({ id }) => id)).toEqual(
      ids.slice(0, 2),
    );
    expect(second.totals).toEqual({ open: 53, accepted: 0, refused: 0 });
  });
});

describe('erasing recordings', () => {
  test('wants an accepted take-down and the camera’s name, and says when nobody could do it', async () => {
    const erased: string[] = [];
    let isSlicerThere = false;
    const { cameras, removals } = aHouse({
      eraseLog: (id) => {
        if (isSlicerThere) erased.push(id);
        return isSlicerThere;
      },
    });
    const camera = await cameras.create(owner, aCameraInput({ name: 'Gate' }));
    const { id } = await removals.request(anonymous, anInput(camera.id, { kind: 'takeDown', regions: [] }), here);
    await expect(removals.eraseRecordings(owner, { id, name: 'Gate' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await removals.decide(owner, { id, verdict: 'accepted', note: null });
    await expect(removals.eraseRecordings(owner, { id, name: 'gate' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(removals.eraseRecordings(owner, { id, name: 'Gate' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    isSlicerThere = true;
    expect(await removals.eraseRecordings(owner, { id, name: ' Gate ' })).toEqual({ erased: true });
    expect(erased).toEqual([camera.streamId]);
  });

  test('of a camera that one may change wants its name alone, and is refused to everybody else', async () => {
    const erased: string[] = [];
    const { cameras, removals } = aHouse({ eraseLog: (id) => erased.push(id) > 0 });
    const camera = await cameras.create(owner, aCameraInput({ name: 'Gate', masks: [door] }));
    const ask = { id: camera.id, name: 'Gate' };
    await expect(removals.eraseCamera(anonymous, ask)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(removals.eraseCamera(anActor(), ask)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(removals.eraseCamera(owner, { ...ask, name: 'Door' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    expect(erased).toEqual([]);
    expect(await removals.eraseCamera(owner, ask)).toEqual({ erased: true });
    expect(erased).toEqual([camera.streamId]);
  });

  test('may be done by whoever holds it for that one camera, of that one alone, and decides nothing', async () => {
    const erased: string[] = [];
    const { cameras, removals } = aHouse({ eraseLog: (id) => erased.push(id) > 0 });
    const secret = { visibility: 'private' } as const;
    const mine = await cameras.create(owner, aCameraInput({ ...secret, name: 'Gate' }));
    const other = await cameras.create(owner, aCameraInput({ ...secret, name: 'Yard' }));
    const object = { type: 'camera', id: mine.id };
    const guard = anActor({ grants: [{ permissions: ['*'], object }] });
    const ask = (id: string) => anInput(id, { kind: 'takeDown', regions: [] });

    // A private camera shows itself to them alone: they may ask for its removal, and for no other's.
    const own = await removals.request(guard, ask(mine.id), elsewhere());
    await expect(removals.request(guard, ask(other.id), elsewhere())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(removals.request(anActor(), ask(mine.id), elsewhere())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const foreign = await removals.request(owner, ask(other.id), elsewhere());

    // Requests hold names and addresses of strangers: to read and to decide them is for who holds it for everything.
    const decision = { id: own.id, verdict: 'accepted', note: null } as const;
    await expect(removals.list(guard, { which: 'open' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(removals.decide(guard, decision)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(removals.reopen(guard, own.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });

    for (const { id } of [own, foreign]) await removals.decide(owner, { ...decision, id });
    expect(await removals.eraseRecordings(guard, { id: own.id, name: 'Gate' })).toEqual({ erased: true });
    expect(await removals.eraseCamera(guard, { id: mine.id, name: 'Gate' })).toEqual({ erased: true });
    await expect(removals.eraseRecordings(guard, { id: foreign.id, name: 'Yard' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(removals.eraseCamera(guard, { id: other.id, name: 'Yard' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    // A key of the owner's for that camera does no more than the grant.
    const key = { ...owner, scope: { permissions: ['*'], objects: [object] } };
    expect(await removals.eraseCamera(key, { id: mine.id, name: 'Gate' })).toEqual({ erased: true });
    await expect(removals.eraseCamera(key, { id: other.id, name: 'Yard' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(removals.decide(key, decision)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(erased).toEqual([mine.streamId, mine.streamId, mine.streamId]);
  });
});
