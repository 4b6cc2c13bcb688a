import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { HouseEvent } from '#server/contracts/events.ts';
import { userId } from '#server/contracts/ids.ts';
import { withChangeNote } from '#server/platform/change-note.ts';
import { EventBus } from '#server/platform/events.ts';
import { readSetting } from '#server/platform/settings.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, aCameraInput, anActor, aSourcesService } from '#server/testing/factories.ts';

import { ActivityService } from '../activity/service.ts';
import { IdentityService } from '../service.ts';
import { AccessService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let house: ReturnType<typeof aHouse>;
const page = { limit: 50 };
const from = { ip: '192.0.2.1', userAgent: 'a browser' };

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  await clone.database.camera.deleteMany();
  await clone.database.user.deleteMany();
  await clone.database.role.deleteMany({ where: { builtIn: false } });
  await clone.database.signInFailure.deleteMany();
  house = aHouse();
});

function aHouse() {
  const { database } = clone;
  const events: EventBus = aBus();
  const told: HouseEvent[] = [];
  for (const type of [
    'session.revoked',
    'credential.revoked',
    'user.changed',
    'user.locked',
    'roles.changed',
    'settings.changed',
  ] as const)
    events.on(type, (event) => void told.push(event));
  let now = Date.now();
  const clock = () => new Date(now);
  const identity = new IdentityService({ database, events, now: clock });
  const sources = aSourcesService(database, { events });
  const resets: string[] = [];
  const access = new AccessService({
    database,
    events,
    identity,
    now: clock,
    activity: new ActivityService({ database }),
    objectTypes: { camera: async (id) => (await sources.subject(id)) !== null },
    sendReset: async (email) => void resets.push(email),
  });
  return { database, events, told, identity, sources, resets, access, pass: (ms: number) => void (now += ms) };
}

/** A person with rows, as they come by a session of theirs. */
async function aPerson(roleIds: string[] = [], more: { name?: string; permissions?: string[] } = {}) {
  const { database, identity } = house;
  const id = userId.parse(randomUUID());
  if (more.permissions) {
    const own = `own-${id.slice(0, 8)}`.replace(/-\d/, '-x');
    await database.role.create({ data: { id: own, name: own, permissions: more.permissions } });
    roleIds.push(own);
  }
  await database.user.create({
    data: {
      id,
      email: `${id}@example.org`,
      userName: `u-${id}`,
      name: more.name ?? 'Somebody',
      roles: { create: roleIds.map((roleId) => ({ id: randomUUID(), roleId })) },
    },
  });
  const sessionId = randomUUID();
  await database.session.create({ data: { id: sessionId, userId: id, expiresAt: new Date(Date.now() + 86_400_000) } });
  const actor = await identity.actorOf(sessionId);
  if (actor.type !== 'user') throw new Error('they have a session');
  return { id, sessionId, actor, again: () => identity.actorOf(sessionId) };
}

const heldBy = async (id: string, roleId: string) =>
  (await clone.database.userRole.findFirstOrThrow({ where: { userId: id, roleId } })).id;

describe('roles', () => {
  const night = {
    id: 'night-shift',
    name: 'Night shift',
    nameJa: '夜勤',
    permissions: ['camera:view', 'camera:write'] as const,
  };
  const input = { ...night, permissions: [...night.permissions] };

  test('are made, given, changed for who holds them at once, and say before they go how many hold them', async () => {
    const { access } = house;
    const admin = await aPerson(['admin']);
    const person = await aPerson();
    expect(await access.roles.create(admin.actor, input)).toMatchObject({ ...night, builtIn: false, people: 0 });
    await expect(access.roles.create(admin.actor, input)).rejects.toMatchObject({ code: 'CONFLICT' });
    await access.grants.give(admin.actor, { userId: person.id, roleId: night.id, object: null });
    expect(house.identity.isAllowed(await person.again(), 'camera:write')).toBe(true);
    await access.roles.update(admin.actor, { ...input, permissions: ['camera:view'] });
    expect(house.identity.isAllowed(await person.again(), 'camera:write')).toBe(false);
    await expect(access.roles.remove(admin.actor, { id: night.id, evenIfHeld: false })).rejects.toMatchObject({
      code: 'CONFLICT',
      details: { reason: 'held', people: 1 },
    });
    await access.settings.update(admin.actor, { signUpRole: night.id });
    expect(await access.roles.remove(admin.actor, { id: night.id, evenIfHeld: true })).toEqual({ people: 1 });
    expect(house.identity.isAllowed(await person.again(), 'camera:view')).toBe(false);
    expect(await readSetting(clone.database, 'signUpRole')).toBe('');
    expect((await access.roles.list(admin.actor)).map(({ id }) => id)).not.toContain(night.id);
  });

  test('that are built in stay as they are', async () => {
    const { access } = house;
    const { actor } = await aPerson(['owner']);
    const change = access.roles.update(actor, { ...input, id: 'viewer' });
    await expect(change).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'builtIn' } });
    await expect(access.roles.remove(actor, { id: 'viewer', evenIfHeld: true })).rejects.toMatchObject({
      code: 'CONFLICT',
    });
    await expect(access.roles.create(actor, { ...input, id: 'owner' })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await access.roles.list(actor)).find(({ id }) => id === 'admin')).toMatchObject({
      permissions: ['*'],
      people: 0,
    });
  });

  test('hold nothing that who makes or changes them does not hold', async () => {
    const { access } = house;
    const { actor } = await aPerson([], { permissions: ['role:admin', 'camera:view'] });
    for (const permissions of [['camera:write'], ['camera:*'], ['*'], ['camera:view', 'user:admin']] as const)
      await expect(access.roles.create(actor, { ...input, permissions: [...permissions] })).rejects.toMatchObject({
        code: 'FORBIDDEN',
        details: { reason: 'moreThanHeld' },
      });
    await access.roles.create(actor, { ...input, permissions: ['camera:view'] });
    await expect(access.roles.update(actor, { ...input, permissions: ['*'] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    // Nor is one that holds more emptied by them.
    await clone.database.role.update({ where: { id: night.id }, data: { permissions: ['*'] } });
    await expect(access.roles.remove(actor, { id: night.id, evenIfHeld: true })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(access.roles.update(actor, { ...input, permissions: [] })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('giving and taking', () => {
  test('only an owner makes and unmakes owners', async () => {
    const { access } = house;
    const [owner, admin, person] = [await aPerson(['owner']), await aPerson(['admin']), await aPerson()];
    const give = { userId: person.id, roleId: 'owner', object: null };
    await expect(access.grants.give(admin.actor, give)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const heldId = await heldBy(owner.id, 'owner');
    await expect(access.grants.take(admin.actor, { userId: owner.id, heldId })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await access.grants.give(owner.actor, give);
    expect(await person.again()).toMatchObject({ isOwner: true });
    await access.grants.take(owner.actor, { userId: owner.id, heldId });
    expect(await owner.again()).toMatchObject({ isOwner: false });
  });

  test('the last owner is neither taken nor locked, and two who take each other leave one', async () => {
    const { access } = house;
    const [one, two] = [await aPerson(['owner']), await aPerson(['owner'])];
    const outcomes = await Promise.allSettled([
      access.grants.take(one.actor, { userId: two.id, heldId: await heldBy(two.id, 'owner') }),
      access.grants.take(two.actor, { userId: one.id, heldId: await heldBy(one.id, 'owner') }),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [left] = await clone.database.userRole.findMany({ where: { roleId: 'owner' } });
    const last = left?.userId === one.id ? one : two;
    await expect(
      access.grants.take(last.actor, { userId: last.id, heldId: await heldBy(last.id, 'owner') }),
    ).rejects.toMatchObject({ code: 'CONFLICT', details: { reason: 'lastOwner' } });
    // A locked owner can't rule: they do not count.
    const other = await aPerson(['owner']);
    await access.people.lock(other.actor, { id: last.id, reason: 'away' });
    await expect(
      access.grants.take(other.actor, { userId: other.id, heldId: await heldBy(other.id, 'owner') }),
    ).rejects.toMatchObject({ details: { reason: 'lastOwner' } });
    await expect(access.people.lock(other.actor, { id: other.id, reason: 'x' })).rejects.toMatchObject({
      details: { reason: 'self' },
    });
  });

  test('nobody gives or takes more than they hold, for everything or for one object', async () => {
    const { access, sources } = house;
    const person = await aPerson(['operator']);
    const { actor } = await aPerson(['viewer'], { permissions: ['role:admin', 'user:admin'] });
    const camera = await sources.create({ type: 'system' }, aCameraInput());
    const object = { type: 'camera', id: camera.id };
    await access.grants.give(actor, { userId: person.id, roleId: 'viewer', object: null });
    await access.grants.give(actor, { userId: person.id, roleId: 'viewer', object });
    for (const roleId of ['operator', 'admin', 'owner', 'creator'])
      await expect(access.grants.give(actor, { userId: person.id, roleId, object: null })).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    await expect(access.grants.give(actor, { userId: person.id, roleId: 'operator', object })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    const heldId = await heldBy(person.id, 'operator');
    await expect(access.grants.take(actor, { userId: person.id, heldId })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    for (const act of [
      () => access.people.lock(actor, { id: person.id, reason: 'x' }),
      () => access.people.signOut(actor, person.id),
      () => access.people.sendReset(actor, person.id),
      () => access.views.begin(actor, person.id, from),
    ])
      await expect(act()).rejects.toMatchObject({ code: 'FORBIDDEN', details: { reason: 'moreThanHeld' } });
    // A key that is narrower than its person gives no more than the key itself.
    const owner = await aPerson(['owner']);
    const byKey = { ...owner.actor, scope: { permissions: ['role:admin', 'camera:view'], objects: null } };
    await expect(access.grants.give(byKey, { userId: person.id, roleId: 'admin', object: null })).rejects.toMatchObject(
      { code: 'FORBIDDEN' },
    );
  });

  test('a role is given for a thing that is there, once', async () => {
    const { access, sources } = house;
    const [{ actor }, person] = [await aPerson(['admin']), await aPerson()];
    const camera = await sources.create({ type: 'system' }, aCameraInput({ visibility: 'private' }));
    const give = (object: { type: string; id: string }) =>
      access.grants.give(actor, { userId: person.id, roleId: 'operator', object });
    await expect(give({ type: 'camera', id: randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const type of ['toString', '__proto__', 'spaceship'])
      await expect(give({ type, id: camera.id })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await give({ type: 'camera', id: camera.id });
    await expect(give({ type: 'camera', id: camera.id })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(
      access.grants.give(actor, { userId: userId.parse(randomUUID()), roleId: 'viewer', object: null }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await clone.database.activityItem.findMany({ where: { userId: person.id } })).toMatchObject([
      { kind: 'role.given' },
    ]);
    // And the camera, which is private, stands in their lists with no other.
    await sources.create({ type: 'system' }, aCameraInput({ visibility: 'private' }));
    const list = await sources.list(await person.again(), {});
    expect(list.items.map(({ id }) => id)).toEqual([camera.id]);
    expect(list.total).toBe(1);
  });
});

describe('people', () => {
  test('are found by words, role and lock, and paged through newest first', async () => {
    const { access } = house;
    const { actor } = await aPerson(['admin'], { name: 'Root' });
    for (const name of ['Aya Tanaka', 'Aya Sato', '100% Ken', 'Ken Aya']) await aPerson(['viewer'], { name });
    const names = async (query: object) =>
      (await access.people.list(actor, { ...page, ...query })).rows.map(({ name }) => name);
    expect((await names({ query: 'aya' })).toSorted()).toEqual(['Aya Sato', 'Aya Tanaka', 'Ken Aya']);
    expect(await names({ query: 'AYA tanaka' })).toEqual(['Aya Tanaka']);
    expect(await names({ query: '%' })).toEqual(['100% Ken']);
    expect(await names({ role: 'admin' })).toEqual(['Root']);
    expect(await names({ locked: true })).toEqual([]);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const part = await access.people.list(actor, { limit: 2, ...(cursor !== undefined && { cursor }) });
      seen.push(...part.rows.map(({ id }) => id));
      cursor = part.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
    await expect(access.people.list(actor, { ...page, cursor: 'made up' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('who is locked is out at once by every way, and in again by none of the old sessions', async () => {
    const { access, database, told } = house;
    const [admin, person] = [await aPerson(['admin']), await aPerson(['viewer'])];
    const family = randomUUID();
    const key = randomUUID();
    await database.tokenFamily.create({ data: { id: family, userId: person.id, scope: [] } });
    await database.apiKey.create({
      data: { id: key, userId: person.id, name: 'k', prefix: `sns_${key.slice(0, 8)}`, secretHash: Buffer.from(key) },
    });
    expect(await person.again()).toMatchObject({ type: 'user' });
    const row = await access.people.lock(admin.actor, { id: person.id, reason: 'left the company' });
    expect(row).toMatchObject({ lockedReason: 'left the company', sessions: 0 });
    expect(await person.again()).toEqual({ type: 'anonymous' });
    const credential = { kind: 'key' as const, id: key };
    expect(await house.identity.personActor(person.id, { credential, scope: null })).toBeNull();
    expect(told).toEqual(
      expect.arrayContaining([
        { type: 'session.revoked', sessionId: person.sessionId, userId: person.id },
        { type: 'credential.revoked', kind: 'token', id: family, userId: person.id },
        { type: 'credential.revoked', kind: 'key', id: key, userId: person.id },
        { type: 'user.locked', userId: person.id },
      ]),
    );
    await access.people.unlock(admin.actor, person.id);
    expect(await person.again()).toEqual({ type: 'anonymous' });
    expect(await house.identity.personActor(person.id, { credential, scope: null })).toMatchObject({
      userId: person.id,
    });
  });

  test('are signed out everywhere, and sent a link that nobody else gets', async () => {
    const { access, resets } = house;
    const [admin, person] = [await aPerson(['admin']), await aPerson()];
    expect(await access.people.sessions(admin.actor, person.id)).toMatchObject([
      { id: person.sessionId, current: false },
    ]);
    expect(await access.people.signOut(admin.actor, person.id)).toEqual({ sessions: 1, tokens: 0 });
    expect(await person.again()).toEqual({ type: 'anonymous' });
    await access.people.sendReset(admin.actor, person.id);
    expect(resets).toEqual([`${person.id}@example.org`]);
  });

  test('who waits because of failed tries is listed and let go', async () => {
    const { access, database } = house;
    const { actor } = await aPerson(['admin']);
    for (let at = 0; at < 3; at += 1)
      await database.signInFailure.create({
        data: { key: `email ${at}`, failures: 9, lastAt: new Date(Date.now() + at) },
      });
    const first = await access.people.locks(actor, { limit: 2 });
    expect(first.rows.map(({ key }) => key)).toEqual(['email 2', 'email 1']);
    const rest = await access.people.locks(actor, { limit: 2, cursor: first.nextCursor ?? '' });
    expect(rest).toMatchObject({ rows: [{ key: 'email 0' }], nextCursor: null });
    await access.people.clearLock(actor, 'email 1');
    await expect(access.people.clearLock(actor, 'email 1')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('looking as somebody else', () => {
  test('shows what they see for half an hour, and ends with the admin, the right, or the sign-out', async () => {
    const { access, pass } = house;
    const [admin, person] = [await aPerson(['admin']), await aPerson(['viewer'])];
    const { cookie } = await access.views.begin(admin.actor, person.id, from);
    const look = async (value = cookie.value) => access.views.actorOf(await admin.again(), value);
    expect(await look()).toMatchObject({ userId: person.id, viewedBy: admin.id });
    pass(31 * 60_000);
    expect(await look()).toMatchObject({ userId: admin.id, viewedBy: null });

    const second = await access.views.begin(admin.actor, person.id, from);
    expect(await look(second.cookie.value)).toMatchObject({ userId: person.id });
    await clone.database.session.update({ where: { id: second.cookie.value }, data: { revokedAt: new Date() } });
    house.events.publish({ type: 'session.revoked', sessionId: second.cookie.value, userId: person.id });
    expect(await access.views.actorOf(admin.actor, second.cookie.value)).toMatchObject({ userId: admin.id });

    const third = await access.views.begin(admin.actor, person.id, from);
    await clone.database.userRole.deleteMany({ where: { userId: admin.id } });
    house.events.publish({ type: 'user.changed', userId: admin.id });
    expect(await access.views.actorOf(await admin.again(), third.cookie.value)).toMatchObject({ userId: admin.id });
  });

  test('is not for an owner’s eyes, nor for keys, nor for who found the cookie', async () => {
    const { access } = house;
    const [owner, admin, person] = [await aPerson(['owner']), await aPerson(['admin']), await aPerson()];
    await expect(access.views.begin(admin.actor, owner.id, from)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(access.views.begin(owner.actor, admin.id, from)).resolves.toMatchObject({ name: 'Somebody' });
    const byKey = { ...admin.actor, credential: { kind: 'key' as const, id: randomUUID() } };
    await expect(access.views.begin(byKey, person.id, from)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const { cookie } = await access.views.begin(admin.actor, person.id, from);
    const finders = [await aPerson(['admin']), await aPerson(['owner']), await aPerson()];
    for (const finder of finders)
      expect(await access.views.actorOf(finder.actor, cookie.value)).toMatchObject({ userId: finder.id });
    expect(await access.views.actorOf({ type: 'anonymous' }, cookie.value)).toEqual({ type: 'anonymous' });
    // A session of the person themselves is no look.
    expect(await access.views.actorOf(admin.actor, person.sessionId)).toMatchObject({ userId: admin.id });
    expect(await access.views.actorOf(admin.actor, 'made up')).toMatchObject({ userId: admin.id });
    // Who rises meanwhile above the admin is looked at no more.
    await clone.database.userRole.create({ data: { id: randomUUID(), userId: person.id, roleId: 'owner' } });
    house.events.publish({ type: 'user.changed', userId: person.id });
    expect(await access.views.actorOf(admin.actor, cookie.value)).toMatchObject({ userId: admin.id });
  });
});

describe('settings', () => {
  test('are kept, told and noted; what is left out stays', async () => {
    const { access, told } = house;
    const { actor } = await aPerson(['admin']);
    const { value, note } = await withChangeNote(() =>
      access.settings.update(actor, { signUp: 'open', embedOrigins: ['https://example.org', 'https://example.org/'] }),
    );
    expect(value).toEqual({ signUp: 'open', signUpRole: null, embedOrigins: ['https://example.org'] });
    expect(note).toMatchObject({
      object: { type: 'setting' },
      before: { signUp: 'invitation' },
      after: { signUp: 'open' },
    });
    expect(told).toContainEqual({ type: 'settings.changed' });
    expect(await access.settings.update(actor, { signUpRole: 'viewer' })).toMatchObject({
      signUp: 'open',
      signUpRole: 'viewer',
    });
  });

  test('give nobody who signs up what rules the house, and no frame what is no origin', async () => {
    const { access } = house;
    const { actor } = await aPerson(['owner']);
    for (const signUpRole of ['owner', 'admin', 'no-such-role'])
      await expect(access.settings.update(actor, { signUpRole })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    for (const origin of ['https://example.org/path', 'https://u:p@example.org', 'https://example.org/?q'])
      await expect(access.settings.update(actor, { embedOrigins: [origin] })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      });
    await expect(access.settings.update(anActor(), { signUp: 'open' })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});
