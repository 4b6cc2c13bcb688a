import { randomUUID } from 'node:crypto';

import { base64url, decodeJwt, decodeProtectedHeader, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import type { Actor, UserActor } from '#server/contracts/identity.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { PermissionPattern } from '#server/contracts/permissions.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { EventBus } from '#server/platform/events.ts';
import { createSealer } from '#server/platform/sealed.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aBus, anActor, silentLog } from '#server/testing/factories.ts';
import { TokenCheck } from '#sidecars/slicer/lease-token.ts';

import { ActivityService } from '../activity/service.ts';
import { AuditService } from '../audit/service.ts';
import { IdentityService } from '../service.ts';
import { TokensService } from './service.ts';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let time = Date.now();
let events: EventBus;
let identity: IdentityService;
let tokens: TokensService;
let person: UserActor;

const issuer = 'https://sensorium.example';
const password = 'correct horse battery';
const from = { ip: '192.0.2.1', userAgent: 'an agent', requestId: null };
const now = () => new Date(time);
const later = (seconds: number) => (time += seconds * 1000);

beforeAll(async () => {
  clone = await cloneDatabase();
});
afterAll(async () => clone[Symbol.asyncDispose]());
beforeEach(async () => {
  time = Date.now();
  ({ events, identity, tokens } = aHouse());
  person = await aPerson(['operator']);
});

function aHouse(more: { issuer?: string; key?: string; seconds?: number } = {}) {
  const { database } = clone;
  const bus = aBus();
  const people = new IdentityService({ database, events: bus, now });
  const service = new TokensService({
    database,
    events: bus,
    sealer: createSealer(more.key ?? 'a key for tests only'),
    identity: people,
    audit: new AuditService({ database }),
    activity: new ActivityService({ database }),
    checkPassword: async ({ email, password: given }) => {
      const found = await database.user.findUnique({ where: { email } });
      if (!found || given !== password) throw new AppError('UNAUTHENTICATED', { message: 'wrong' });
      return { userId: found.id };
    },
    log: silentLog,
    secret: 'internal secret of this test',
    issuer: more.issuer ?? issuer,
    accessTokenSeconds: more.seconds ?? 3600,
    now,
  });
  return { events: bus, identity: people, tokens: service };
}

async function aPerson(roles: string[]): Promise<UserActor> {
  const actor = anActor();
  const { userId: id, email, name } = actor;
  const held = roles.map((roleId) => ({ id: randomUUID(), roleId }));
  await clone.database.user.create({ data: { id, email, name, userName: `u-${id}`, roles: { create: held } } });
  const found = await identity.personActor(id, { credential: actor.credential, scope: null });
  if (!found) throw new Error('nobody was made');
  return found;
}

const aKey = (permissions: PermissionPattern[], more: object = {}) =>
  tokens.keys.create(person, { name: 'A key', permissions, objects: null, expiresAt: null, ...more });
const login = (scope?: string, who: TokensService = tokens) =>
  who.machines.login({ username: person.email, password, scope }, from);
const whoIs = (token: string, who: TokensService = tokens) => who.actorOfToken(token, from.ip);
const aCamera = (id: string = randomUUID()) => ({ type: 'camera', id, ownerId: null, visibility: 'private' }) as const;
const mayWrite = (actor: Actor | null, camera = aCamera()) =>
  actor !== null && identity.isAllowed(actor, 'camera:write', camera);
const setLocked = async (lockedAt: Date | null) => {
  await clone.database.user.update({ where: { id: person.userId }, data: { lockedAt } });
  events.publish({ type: 'user.changed', userId: person.userId });
};

test('a key opens the door, its secret is nowhere in the database, and a wrong one, however close, opens nothing', async () => {
  const { key, secret } = await aKey(['camera:view', 'camera:write']);
  expect(secret).toMatch(/^sns_[a-z0-9]{8}_[0-9a-f]{48}$/);
  expect(secret.startsWith(`${key.prefix}_`)).toBe(true);
  expect(await whoIs(secret)).toMatchObject({ userId: person.userId, credential: { kind: 'key', id: key.id } });
  const stored = JSON.stringify(await clone.database.apiKey.findUnique({ where: { id: key.id } }));
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
  expect([mayWrite(viewing), viewing && identity.isAllowed(viewing, 'camera:view', aCamera())]).toEqual([false, true]);
  const wide = await whoIs((await aKey(['*'])).secret);
  expect(mayWrite(wide)).toBe(true);
  // An operator gives no key what an operator has not.
  expect(wide && identity.isAllowed(wide, 'user:admin')).toBe(false);
});

test('a key never holds more than its person holds at that moment', async () => {
  const { secret } = await aKey(['camera:*']);
  expect(mayWrite(await whoIs(secret))).toBe(true);
  await clone.database.userRole.deleteMany({ where: { userId: person.userId } });
  events.publish({ type: 'user.changed', userId: person.userId });
  expect(mayWrite(await whoIs(secret))).toBe(false);
});

test('a key for one camera opens that one and no other', async () => {
  const mine = aCamera();
  const actor = await whoIs((await aKey(['camera:*'], { objects: [{ type: 'camera', id: mine.id }] })).secret);
  expect([mayWrite(actor, mine), mayWrite(actor), actor && identity.isAllowed(actor, 'camera:write')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a key is over at its time, when it is revoked, and while its person is locked', async () => {
  const expiresAt = new Date(time + 60_000).toISOString();
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
  await tokens.keys.revoke(person, long.key.id);
  expect(await whoIs(long.secret)).toBeNull();
  await expect(aKey(['*'], { expiresAt })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a revocation that the bus did not carry holds after five seconds', async () => {
  const { key, secret } = await aKey(['*']);
  const elsewhere = aHouse();
  expect(await whoIs(secret, elsewhere.tokens)).not.toBeNull();
  await tokens.keys.revoke(person, key.id);
  later(5.1);
  expect(await whoIs(secret, elsewhere.tokens)).toBeNull();
});

test('use is written down once a minute, with where it came from', async () => {
  const { key, secret } = await aKey(['*']);
  const used = async () =>
    (await clone.database.apiKey.findUniqueOrThrow({ where: { id: key.id } })).lastUsedAt?.getTime();
  await whoIs(secret);
  const first = time;
  expect(await used()).toBe(first);
  later(30);
  await whoIs(secret);
  expect(await used()).toBe(first);
  later(31);
  await whoIs(secret);
  expect(await used()).toBe(time);
  expect((await tokens.keys.list(person, { limit: 10, everybody: false })).rows[0]).toMatchObject({
    lastUsedIp: from.ip,
  });
});

test('who uses a key in its last week is told once that it will be over', async () => {
  const told = () => clone.database.activityItem.count({ where: { userId: person.userId, kind: 'key.expires' } });
  const { secret } = await aKey(['*'], { expiresAt: new Date(time + 9 * 86_400_000).toISOString() });
  const brief = await aKey(['*'], { expiresAt: new Date(time + 86_400_000).toISOString() });
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
  await expect(tokens.keys.create(actor, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(tokens.keys.revoke(actor, other.key.id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await tokens.keys.revoke(actor, wide.key.id);
  expect(await whoIs(wide.secret)).toBeNull();
  const narrowed = await whoIs((await login('camera:view')).access_token);
  if (narrowed?.type !== 'user') throw new Error('the token is not taken');
  await expect(tokens.keys.create(narrowed, input)).rejects.toMatchObject({ code: 'FORBIDDEN' });
});

test('keys of others are not there for who may not administer them; who may finds them by prefix', async () => {
  const { key } = await aKey(['*']);
  const [stranger, admin] = [await aPerson(['operator']), await aPerson(['admin'])];
  const ask = { limit: 10, everybody: true };
  await expect(tokens.keys.list(stranger, ask)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(tokens.keys.list(stranger, { ...ask, userId: person.userId })).rejects.toMatchObject({
    code: 'FORBIDDEN',
  });
  await expect(tokens.keys.revoke(stranger, key.id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(tokens.keys.setRateFactor(stranger, key.id, 5)).rejects.toMatchObject({ code: 'FORBIDDEN' });
  const found = await tokens.keys.list(admin, { ...ask, prefix: key.prefix.slice(0, 9) });
  expect(found.rows.map((row) => row.id)).toContain(key.id);
  expect((await tokens.keys.setRateFactor(admin, key.id, 5)).rateFactor).toBe(5);
  expect((await tokens.keys.revoke(admin, key.id)).revokedAt).not.toBeNull();
});

test('a key of a person is found in a list a page at a time, newest first', async () => {
  const made = [await aKey(['*']), await aKey(['*']), await aKey(['*'])].map(({ key }) => key.id);
  const first = await tokens.keys.list(person, { limit: 2, everybody: false });
  const cursor = first.nextCursor ?? undefined;
  const rest = await tokens.keys.list(person, { limit: 2, everybody: false, cursor });
  expect([...first.rows, ...rest.rows].map((row) => row.id)).toEqual(made.toReversed());
  expect(rest.nextCursor).toBeNull();
});

test('a machine signs in, is who signed in, and an access token is over at its time', async () => {
  const { access_token: token, expires_in: seconds } = await login();
  expect(await whoIs(token)).toMatchObject({ userId: person.userId, credential: { kind: 'token' }, scope: null });
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
  expect(decodeJwt(token)).toMatchObject({ iss: issuer, aud: 'sensorium', sub: person.userId });
  later(seconds + 1);
  expect(await whoIs(token)).toBeNull();
  await expect(tokens.machines.login({ username: person.email, password: 'wrong' }, from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a token narrowed at sign-in stays narrow after it is refreshed, and words that are no permission are refused', async () => {
  const first = await login('camera:view  stream:view');
  expect(first.scope).toBe('camera:view stream:view');
  later(1);
  const { access_token: token } = await tokens.machines.refresh(first.refresh_token, from);
  expect(mayWrite(await whoIs(token))).toBe(false);
  await expect(login('camera:drop')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('a token that we did not sign so is refused: no algorithm, our public key as a secret, another audience, issuer, type or key', async () => {
  const { access_token: token } = await login();
  const claims = decodeJwt(token);
  const { kid = '' } = decodeProtectedHeader(token);
  const key = await tokens.signingKeys.verifying(kid);
  if (!key || key instanceof Uint8Array) throw new Error('the key is not there');
  const [head, body, signature] = token.split('.');
  const unsigned = (header: object) => `${base64url.encode(JSON.stringify(header))}.${body}.`;
  const hmac = (secret: Uint8Array) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(secret);
  const { keys } = await tokens.signingKeys.jwks();
  const own = await generateKeyPair('RS256');
  const current = await tokens.signingKeys.current();
  const resigned = (over: object, header: object = {}) =>
    new SignJWT({ ...claims, ...over })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: current.kid, ...header })
      .sign(current.key);
  const forged = [
    unsigned({ alg: 'none', typ: 'at+jwt', kid }),
    unsigned({ alg: 'None', typ: 'at+jwt', kid }),
    `${head}.${body}.`,
    `${head}.${body}.${signature?.split('').toReversed().join('')}`,
    await hmac(new TextEncoder().encode(JSON.stringify(keys[0]))),
    await hmac(new TextEncoder().encode(await exportSPKI(await publicKey(keys[0])))),
    await hmac(new TextEncoder().encode('internal secret of this test')),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid }).sign(own.privateKey),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'unknown' }).sign(current.key),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(current.key),
    await resigned({}, { typ: 'JWT' }),
    await resigned({ aud: 'somebody else' }),
    await resigned({ iss: 'https://elsewhere.example' }),
    await resigned({ exp: undefined }),
    await resigned({ fam: undefined }),
    await resigned({ fam: randomUUID() }),
    await resigned({ sub: randomUUID() }),
    'eyJhbGciOiJSUzI1NiJ9',
    '',
  ];
  for (const wrong of forged) expect(await whoIs(wrong)).toBeNull();
  expect(await whoIs(await resigned({}))).not.toBeNull();
});

async function publicKey(jwk: Parameters<typeof importJWK>[0] | undefined) {
  const key = await importJWK({ ...jwk, ext: true }, 'RS256');
  if (key instanceof Uint8Array) throw new Error('not an RSA key');
  return key;
}

test('a token of another house opens nothing here', async () => {
  const elsewhere = aHouse({ issuer: 'https://other.example' });
  expect(await whoIs((await login(undefined, elsewhere.tokens)).access_token)).toBeNull();
});

test('a refresh token works once; its second use ends the sign-in, for thief and owner alike, and the person is told', async () => {
  const first = await login();
  later(60);
  const second = await tokens.machines.refresh(first.refresh_token, from);
  expect(await whoIs(second.access_token)).not.toBeNull();
  later(60);
  await expect(tokens.machines.refresh(first.refresh_token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect([await whoIs(first.access_token), await whoIs(second.access_token)]).toEqual([null, null]);
  await expect(tokens.machines.refresh(second.refresh_token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const told = await clone.database.activityItem.findMany({ where: { userId: person.userId, kind: 'token.reused' } });
  expect(told).toHaveLength(1);
  const audited = await clone.database.auditEntry.findMany({ where: { action: 'token.reused' } });
  expect(audited.filter((entry) => JSON.stringify(entry.details).includes(person.userId))).toHaveLength(1);
});

test('two refreshes side by side by one client both get an answer, and one line of tokens goes on', async () => {
  const first = await login();
  later(1);
  const [one, two] = await Promise.all([1, 2].map(() => tokens.machines.refresh(first.refresh_token, from)));
  if (!one || !two) throw new Error('no answers');
  expect(one.refresh_token).not.toBe(two.refresh_token);
  later(20);
  const next = await tokens.machines.refresh(two.refresh_token, from);
  later(20);
  await expect(tokens.machines.refresh(one.refresh_token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  expect(await whoIs(next.access_token)).toBeNull();
});

test('a lost answer is asked for again only at once, by the same client, and before anything came of it', async () => {
  const lost = await login();
  later(1);
  await tokens.machines.refresh(lost.refresh_token, from);
  later(5);
  await expect(tokens.machines.refresh(lost.refresh_token, from)).resolves.toMatchObject({ token_type: 'Bearer' });

  const elsewhere = await login();
  later(1);
  const taken = await tokens.machines.refresh(elsewhere.refresh_token, from);
  await expect(
    tokens.machines.refresh(elsewhere.refresh_token, { ...from, ip: '198.51.100.9' }),
  ).rejects.toBeInstanceOf(AppError);
  expect(await whoIs(taken.access_token)).toBeNull();

  const goneOn = await login();
  later(1);
  const after = await tokens.machines.refresh(goneOn.refresh_token, from);
  later(1);
  await tokens.machines.refresh(after.refresh_token, from);
  await expect(tokens.machines.refresh(goneOn.refresh_token, from)).rejects.toBeInstanceOf(AppError);
});

test('a refresh token is over after seven days, and opens nothing for who is locked', async () => {
  const { refresh_token: token } = await login();
  await setLocked(now());
  await expect(tokens.machines.refresh(token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await setLocked(null);
  later(7 * 86_400 + 1);
  await expect(tokens.machines.refresh(token, from)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const fresh = await login();
  later(1);
  await expect(tokens.machines.refresh(fresh.refresh_token, from)).resolves.toBeDefined();
  await expect(tokens.machines.refresh('snr_nothing-of-ours-at-all', from)).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a revoked sign-in is over at once: by its token, by its person, and with all others', async () => {
  const [one, two, three] = [await login(), await login(), await login()];
  await tokens.revokeGiven(one.refresh_token);
  expect(await whoIs(one.access_token)).toBeNull();
  await tokens.revokeGiven(two.access_token);
  await expect(tokens.machines.refresh(two.refresh_token, from)).rejects.toBeInstanceOf(AppError);
  const [left, ...none] = await tokens.machines.list(person);
  expect(none).toEqual([]);
  await expect(tokens.machines.revoke(await aPerson([]), left?.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await tokens.machines.revoke(person, left?.id ?? '');
  expect([await whoIs(three.access_token), await tokens.machines.list(person)]).toEqual([null, []]);
  const { key, secret } = await aKey(['*']);
  await tokens.revokeGiven(secret.replace(/.$/, secret.endsWith('0') ? '1' : '0'));
  expect(await whoIs(secret)).not.toBeNull();
  await tokens.revokeGiven(secret);
  expect([await whoIs(secret), key.revokedAt]).toEqual([null, null]);
});

test('keys are rotated without a sign-out, here and in another process, and old ones leave when their last token is over', async () => {
  const before = await login();
  const elsewhere = aHouse();
  expect(await whoIs(before.access_token, elsewhere.tokens)).not.toBeNull();
  const old = decodeProtectedHeader(before.access_token).kid;
  const kid = await tokens.signingKeys.rotate();
  later(2);
  const after = await login();
  expect(decodeProtectedHeader(after.access_token).kid).toBe(kid);
  for (const { access_token: token } of [before, after])
    for (const who of [tokens, elsewhere.tokens]) expect(await whoIs(token, who)).not.toBeNull();
  const { keys } = await tokens.signingKeys.jwks();
  expect(keys.map((key) => key.kid)).toEqual(expect.arrayContaining([old, kid]));
  expect(JSON.stringify(keys)).not.toMatch(/"(?:d|p|q|dp|dq|qi)"/);
  later(86_400 + 301);
  await tokens.signingKeys.rotate();
  expect((await tokens.signingKeys.jwks()).keys.map((key) => key.kid)).not.toContain(old);
});

test('a key that has signed for a month is followed by another', async () => {
  await clone.database.signingKey.deleteMany();
  const first = (await tokens.signingKeys.current()).kid;
  later(29 * 86_400);
  expect((await tokens.signingKeys.current()).kid).toBe(first);
  later(2 * 86_400);
  expect((await tokens.signingKeys.current()).kid).not.toBe(first);
});

test('two processes that need the first key make one; a house with another key of its own makes its own', async () => {
  await clone.database.signingKey.deleteMany();
  const [one, two] = [aHouse(), aHouse()];
  const [a, b] = await Promise.all([one, two].map((house) => house.tokens.signingKeys.current()));
  expect(a?.kid).toBe(b?.kid);
  const restored = aHouse({ key: 'the key of another house' });
  expect((await restored.tokens.signingKeys.current()).kid).not.toBe(a?.kid);
});

test('a ticket opens one WebSocket, within 30 s, as who asked for it, while they still may', async () => {
  const { secret, key } = await aKey(['camera:view']);
  const agent = await whoIs(secret);
  if (!agent) throw new Error('the key is not taken');
  const { ticket } = await tokens.issueWsTicket(agent);
  const [first, second] = await Promise.all([tokens.redeemWsTicket(ticket), tokens.redeemWsTicket(ticket)]);
  expect([first, second].filter((actor) => actor !== null)).toEqual([agent]);
  const late = await tokens.issueWsTicket(agent);
  later(31);
  expect(await tokens.redeemWsTicket(late.ticket)).toBeNull();
  const dead = await tokens.issueWsTicket(agent);
  await tokens.keys.revoke(person, key.id);
  expect(await tokens.redeemWsTicket(dead.ticket)).toBeNull();
  expect(await tokens.redeemWsTicket('snw_nothing')).toBeNull();
  await expect(tokens.issueWsTicket({ type: 'anonymous' })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  const guest = { type: 'guest', guestId: randomUUID(), name: 'Guest' } as const;
  expect(await tokens.redeemWsTicket((await tokens.issueWsTicket(guest)).ticket)).toEqual(guest);
});

test('a playback token names who it was given to, opens one stream, and is over at its time', async () => {
  const [id, other] = [streamId.parse(randomUUID()), streamId.parse(randomUUID())];
  const { key, secret } = await aKey(['stream:view']);
  const agent = await whoIs(secret);
  if (!agent) throw new Error('the key is not taken');
  const { token, path } = await tokens.playback.create(agent, { streamId: id, purpose: 'view' });
  expect(path).toBe(`/media/~${token}/${id}/index.m3u8`);
  expect(await tokens.playback.read(token, id)).toEqual({ kind: 'key', id: key.id });
  expect(await tokens.playback.read(token, other)).toBeNull();
  later(61);
  expect(await tokens.playback.read(token, id)).toBeNull();
  const long = await tokens.playback.create(agent, { streamId: id, purpose: 'foreign' });
  later(12 * 3600 - 1);
  expect(await tokens.playback.read(long.token, id)).not.toBeNull();
  later(2);
  expect(await tokens.playback.read(long.token, id)).toBeNull();
  // What a slicer takes for itself names nobody.
  expect(await tokens.playback.read(await tokens.playback.forSlicer(id), id)).toBeNull();
  await expect(
    tokens.playback.create({ type: 'anonymous' }, { streamId: id, purpose: 'foreign' }),
  ).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a slicer takes what the gateway makes for it, and none of the tokens that people hold', async () => {
  const id = streamId.parse(randomUUID());
  const slicer = new TokenCheck('internal secret of this test');
  expect(await slicer.mayPlay(await tokens.playback.forSlicer(id), id)).toBe(true);
  expect(await slicer.mayPlay(await tokens.playback.forSlicer(id), randomUUID())).toBe(false);
  for (const purpose of ['view', 'foreign'] as const) {
    const { token } = await tokens.playback.create(person, { streamId: id, purpose });
    expect(await slicer.mayPlay(token, id)).toBe(false);
    expect(await slicer.lease(`Bearer ${token}`)).toBeNull();
    expect(await slicer.mayRead(`Bearer ${token}`, id)).toBe(false);
  }
});
