import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { builtInRoles, type PermissionPattern } from '#server/contracts/permissions.ts';
import { aCamera, tokenRooms } from '#server/testing/token-rooms.ts';

const rooms = tokenRooms();
const { from, now, later, aHouse, aPerson, aKey, login, whoIs, mayWrite, setLocked } = rooms;

test('a key opens the door, its secret is nowhere in the database, and a wrong one, however close, opens nothing', async () => {
  const { key, secret } = await aKey(['camera:view', 'camera:write']);
  expect(secret).toMatch(/^sns_[a-z0-9]{8}_[0-9a-f]{48}$/);
  expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
  expect(await whoIs(secret)).toMatchObject({ userId: rooms.person.userId, credential: { kind: 'key', id: key.id } });
  const stored = JSON.stringify(await rooms.database.apiKey.findUnique({ where: { id: key.id } }));
  expect(stored).not.toContain(secret.slice(-48));
  const off = secret.endsWith('0') ? '1' : '0';
  for (const wrong of [
    `${secret.slice(0, -1)}${off}`,
    key.prefix,
    `${key.prefix}_`,
    `${secret}0`,
    'sns_',
    `sns_aaaaaaaa_${secret.slice(-48)}`,
  ])
    expect(await whoIs(wrong)).toBeNull();
});

test('a key may what it and its person both may: a scope narrower than the role, and a role narrower than the scope', async () => {
  const viewing = await whoIs((await aKey(['camera:view'])).secret);
  expect([mayWrite(viewing), viewing && rooms.identity.isAllowed(viewing, 'camera:view', aCamera())]).toEqual([
    false,
    true,
  ]);
  const wide = await whoIs((await aKey(['*'])).secret);
  expect(mayWrite(wide)).toBe(true);
  // An operator gives no key what an operator has not.
  expect(wide && rooms.identity.isAllowed(wide, 'user:admin')).toBe(false);
});

test('whoever asks by a key who they are is told what the key may, not what its person may', async () => {
  const toldBy = async (permissions: PermissionPattern[], more: Parameters<typeof aKey>[1] = {}) => {
    const actor = await whoIs((await aKey(permissions, more)).secret);
    return actor && (await rooms.identity.me(actor))?.permissions;
  };
  expect(await toldBy(['camera:view', 'user:admin'])).toEqual(['camera:view']);
  expect(await toldBy(['camera:*'])).toEqual(['camera:view', 'camera:write']);
  expect(await toldBy(['*'])).toEqual(builtInRoles.operator.toSorted());
  expect(await toldBy(['camera:view'], { objects: [{ type: 'camera', id: randomUUID() }] })).toEqual([]);
});

test('a key never holds more than its person holds at that moment', async () => {
  const { secret } = await aKey(['camera:*']);
  expect(mayWrite(await whoIs(secret))).toBe(true);
  await rooms.database.userRole.deleteMany({ where: { userId: rooms.person.userId } });
  rooms.events.publish({ type: 'user.changed', userId: rooms.person.userId });
  expect(mayWrite(await whoIs(secret))).toBe(false);
});

test('a key for one camera opens that one and no other', async () => {
  const mine = aCamera();
  const actor = await whoIs((await aKey(['camera:*'], { objects: [{ type: 'camera', id: mine.id }] })).secret);
  expect([mayWrite(actor, mine), mayWrite(actor), actor && rooms.identity.isAllowed(actor, 'camera:write')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a key is over at its time, when it is revoked, and while its person is locked', async () => {
  const expiresAt = new Date(rooms.now().getTime() + 60_000).toISOString();
  const short = await aKey(['*'], { expiresAt });
  const long = await aKey(['*']);
  expect(await whoIs(short.secret)).not.toBeNull();
  later(61);
  expect(await whoIs(short.secret)).toBeNull();
  expect(await whoIs(long.secret)).not.toBeNull();
  await setLocked(now());
  expect(await whoIs(long.secret)).toBeNull();
  await setLocked(null);
  later(5.1);
  expect(await whoIs(long.secret)).not.toBeNull();
  await rooms.tokens.keys.revoke(rooms.person, long.key.id);
  expect(await whoIs(long.secret)).toBeNull();
  await expect(aKey(['*'], { expiresAt })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a revocation that the bus did not carry holds after five seconds', async () => {
  const { key, secret } = await aKey(['*']);
  const elsewhere = aHouse();
  expect(await whoIs(secret, elsewhere.tokens)).not.toBeNull();
  await rooms.tokens.keys.revoke(rooms.person, key.id);
  later(5.1);
  expect(await whoIs(secret, elsewhere.tokens)).toBeNull();
});

test('use is written down once a minute, with where it came from', async () => {
  const { key, secret } = await aKey(['*']);
  const used = async () =>
    (await rooms.database.apiKey.findUniqueOrThrow({ where: { id: key.id } })).lastUsedAt?.getTime();
  await whoIs(secret);
  const first = rooms.now().getTime();
  expect(await used()).toBe(first);
  later(30);
  await whoIs(secret);
  expect(await used()).toBe(first);
  later(31);
  await whoIs(secret);
  expect(await used()).toBe(rooms.now().getTime());
  expect((await rooms.tokens.keys.list(rooms.person, { limit: 10, everybody: false })).items[0]).toMatchObject({
    lastUsedIp: from.ip,
  });
});

test('who uses a key in its last week is told once that it will be over', async () => {
  const told = () => rooms.database.activityItem.count({ where: { userId: rooms.person.userId, kind: 'key.expires' } });
  const { secret } = await aKey(['*'], { expiresAt: new Date(rooms.now().getTime() + 9 * 86_400_000).toISOString() });
  const brief = await aKey(['*'], { expiresAt: new Date(rooms.now().getTime() + 86_400_000).toISOString() });
  await whoIs(secret);
  await whoIs(brief.secret);
  expect(await told()).toBe(0);
  later(3 * 86_400);
  await Promise.all([whoIs(secret), whoIs(secret, aHouse().tokens)]);
  later(86_400);
  await whoIs(secret);
  expect(await told()).toBe(1);
});

test('a key makes and revokes no other key, whatever it holds; it may end itself', async () => {
  const [wide, other] = [await aKey(['*']), await aKey(['*'])];
  const actor = await whoIs(wide.secret);
  if (actor?.type !== 'user') throw new Error('the key is not taken');
  const input = { name: 'x', permissions: ['*' as const], objects: null, expiresAt: null };
  await expect(rooms.tokens.keys.create(actor, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(rooms.tokens.keys.revoke(actor, other.key.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await rooms.tokens.keys.revoke(actor, wide.key.id);
  expect(await whoIs(wide.secret)).toBeNull();
  const narrowed = await whoIs((await login('camera:view')).access_token);
  if (narrowed?.type !== 'user') throw new Error('the token is not taken');
  await expect(rooms.tokens.keys.create(narrowed, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('keys of others are not there for who may not administer them; who may finds them by prefix', async () => {
  const { key } = await aKey(['*']);
  const [stranger, admin] = [await aPerson(['operator']), await aPerson(['admin'])];
  const ask = { limit: 10, everybody: true };
  await expect(rooms.tokens.keys.list(stranger, ask)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(rooms.tokens.keys.list(stranger, { ...ask, userId: rooms.person.userId })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(rooms.tokens.keys.revoke(stranger, key.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(rooms.tokens.keys.setRateFactor(stranger, key.id, 5)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const found = await rooms.tokens.keys.list(admin, { ...ask, prefix: key.prefix.slice(0, 9) });
  expect(found.items.map((row) => row.id)).toContain(key.id);
  expect((await rooms.tokens.keys.setRateFactor(admin, key.id, 5)).rateFactor).toBe(5);
  expect((await rooms.tokens.keys.revoke(admin, key.id)).revokedAt).not.toBeNull();
});

test('keys of who holds more are administered by nobody below them; who has one in hand ends it', async () => {
  const owner = await aPerson(['owner']);
  const { key, secret } = await rooms.tokens.keys.create(owner, {
    name: 'the owner’s',
    permissions: ['*'],
    objects: null,
    expiresAt: null,
  });
  const admin = await aPerson(['admin']);
  const held = { code: 'FORBIDDEN', details: { reason: 'moreThanHeld' } };
  await expect(rooms.tokens.keys.revoke(admin, key.id)).rejects.toMatchObject(held);
  await expect(rooms.tokens.keys.setRateFactor(admin, key.id, 1000)).rejects.toMatchObject(held);
  expect(await whoIs(secret)).not.toBeNull();
  await rooms.tokens.keys.revokeGiven(secret);
  expect(await whoIs(secret)).toBeNull();
});

test('a key of a person is found in a list a page at a time, newest first', async () => {
  const made = [await aKey(['*']), await aKey(['*']), await aKey(['*'])].map(({ key }) => key.id);
  const first = await rooms.tokens.keys.list(rooms.person, { limit: 2, everybody: false });
  const cursor = first.nextCursor ?? undefined;
  const rest = await rooms.tokens.keys.list(rooms.person, { limit: 2, everybody: false, cursor });
  expect([...first.items, ...rest.items].map((row) => row.id)).toEqual(made.toReversed());
  expect(rest.nextCursor).toBeNull();
});

test('a person has a hundred keys at most, also where several are asked for side by side; a revoked one makes room', async () => {
  const { userId } = rooms.person;
  const one = (at: number) => ({ id: randomUUID(), userId, name: 'x', prefix: `sns_${at}-${userId}` });
  await rooms.database.apiKey.createMany({
    data: Array.from({ length: 97 }, (_, at) => ({ ...one(at), secretHash: Uint8Array.of(1), permissions: ['*'] })),
  });
  const made = await Promise.allSettled(Array.from({ length: 6 }, () => aKey(['*'])));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  for (const outcome of made.filter(({ status }) => status === 'rejected'))
    expect(outcome).toMatchObject({ reason: { code: 'CONFLICT' } });
  expect(await rooms.database.apiKey.count({ where: { userId } })).toBe(100);
  const { items } = await rooms.tokens.keys.list(rooms.person, { limit: 1, everybody: false });
  await rooms.tokens.keys.revoke(rooms.person, items[0]?.id ?? '');
  await expect(aKey(['*'])).resolves.toBeDefined();
});
