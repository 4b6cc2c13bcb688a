import { randomUUID } from 'node:crypto';
import { get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { keyMade } from '#server/contracts/access.ts';
import type { CameraForOwner } from '#server/contracts/camera.ts';
import type { UserActor } from '#server/contracts/identity.ts';
import { liveOnlyHeader, playbackToken, tokenAnswer, wsTicket } from '#server/contracts/tokens.ts';
import { hashPassword } from '#server/identity/passwords.ts';
import { EventBus } from '#server/platform/events.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aCameraInput, anActor, anOwner, aSourcesService, silentLog } from '#server/testing/factories.ts';
import { aServer, authSecret, joinAs, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** The gateway as it runs, with a real database, a double of the slicer, and people, machines and players in front. */
const patient = { timeout: 10_000, interval: 50 };
const stopsWithinMs = 15_000;
const password = 'a long enough password';

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let keeper: Awaited<ReturnType<typeof joinAs>>;
let slicer: Server;
let web: Server;
let events: EventBus;
let sources: ReturnType<typeof aSourcesService>;
let owner: UserActor;
let camera: CameraForOwner;
let base = '';
/** What the slicer was asked for. */
const asked: { url: string; headers: IncomingMessage['headers'] }[] = [];
let answerMedia: (request: IncomingMessage, response: ServerResponse) => void;
const answerPlainly: typeof answerMedia = (_request, response) => response.end('media');

beforeAll(async () => {
  clone = await cloneDatabase();
  answerMedia = answerPlainly;
  slicer = await aServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    answerMedia(request, response);
  });
  web = await aServer((_request, response) => response.end('page'));
  events = new EventBus({ url: clone.url, log: silentLog });
  await events.start();
  sources = aSourcesService(clone.database, { events });
  owner = await anOwner(clone.database);
  camera = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  gateway = await startGateway({ databaseUrl: clone.url, webUrl: urlOf(web) });
  base = gateway.base;
  keeper = await joinAs('slicer', { internal: gateway.internal, url: urlOf(slicer) });
  const { cookie } = await aSession(owner);
  await vi.waitUntil(async () => (await statusOf(media(), { cookie })) === 200, patient);
}, 40_000);

afterAll(async () => {
  await keeper.leave();
  await gateway.stop();
  await events.close();
  for (const server of [slicer, web]) {
    server.closeAllConnections();
    server.close();
  }
  await clone[Symbol.asyncDispose]();
}, 20_000);

type Headers = Record<string, string>;
const media = (file = 'index.m3u8', id: string = camera.streamId) => `/media/${id}/${file}`;
const ask = (path: string, headers: Headers = {}) => fetch(`${base}${path}`, { headers, redirect: 'manual' });
const statusOf = async (path: string, headers: Headers = {}) => (await ask(path, headers)).status;
const post = (path: string, body: unknown, headers: Headers = {}) =>
  fetch(`${base}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function aPerson(roleIds: string[]): Promise<UserActor> {
  const person = anActor();
  const roles = roleIds.map((roleId) => ({ id: randomUUID(), roleId }));
  const { userId: id, email, name } = person;
  const passwordHash = await hashPassword(password);
  await clone.database.user.create({
    data: {
      id,
      email,
      name,
      userName: `u-${id}`,
      passwordHash,
      emailConfirmedAt: new Date(),
      roles: { create: roles },
    },
  });
  return person;
}

async function aSession(person: UserActor): Promise<{ cookie: string; sessionId: string }> {
  const sessionId = randomUUID();
  const expiresAt = new Date(Date.now() + 3_600_000);
  await clone.database.session.create({ data: { id: sessionId, userId: person.userId, expiresAt } });
  const token = await encode({ token: { sid: sessionId }, secret: authSecret });
  return { sessionId, cookie: `next-auth.session-token=${token}` };
}

const login = async (person: UserActor, more: object = {}) =>
  tokenAnswer.parse(await (await post('/auth/login', { username: person.email, password, ...more })).json());

async function aKey(cookie: string, permissions: string[]) {
  const made = await post('/keys', { name: 'a key', permissions }, { cookie });
  expect(made.status).toBe(201);
  return keyMade.parse(await made.json());
}

async function aToken(headers: Headers, purpose: 'view' | 'foreign' = 'view') {
  const made = await post(`/streams/${camera.streamId}/playback-tokens`, { purpose }, headers);
  expect(made.status).toBe(201);
  return { ...playbackToken.parse(await made.json()), setCookie: made.headers.get('set-cookie') ?? '' };
}

/** Opens an answer that never ends by itself; resolves to how long it ran when it is cut. */
async function running(path: string, headers: Headers = {}): Promise<{ cut: Promise<number> }> {
  const startedAt = performance.now();
  const begun = asked.length;
  const cut = new Promise<number>((resolve) => {
    const request = get(`${base}${path}`, { headers }, (response) => {
      response.on('error', () => {
        // A cut answer is what is waited for; `close` tells of it.
      });
      response.on('close', () => resolve(performance.now() - startedAt));
      response.resume();
    });
    request.on('error', () => resolve(performance.now() - startedAt));
  });
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(begun), patient);
  return { cut };
}

test('media that are not for everybody ask who is there, refuse who may not, and say nothing of what is withheld or gone', async () => {
  const [viewer, stranger] = [await aSession(await aPerson(['viewer'])), await aSession(await aPerson([]))];
  expect(await statusOf(media())).toBe(401);
  expect(await statusOf(media(), stranger)).toBe(403);
  expect(await statusOf(media(), viewer)).toBe(200);
  expect(await statusOf(media('index.m3u8', randomUUID()))).toBe(404);
  const other = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  await vi.waitFor(async () => expect(await statusOf(media('index.m3u8', other.streamId), viewer)).toBe(200), patient);
  await sources.withhold(owner, other.id, 'takenDown');
  for (const headers of [{}, viewer, stranger])
    await vi.waitFor(
      async () => expect(await statusOf(media('index.m3u8', other.streamId), headers)).toBe(404),
      patient,
    );
});

test('a token or key that is wrong is refused at every door, whatever cookie lies beside it', async () => {
  const { cookie } = await aSession(owner);
  const { access_token: token } = await login(await aPerson(['viewer']));
  const [, body] = token.split('.');
  const none = `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`;
  for (const wrong of [{ authorization: 'Bearer x' }, bearer(none), { 'x-api-key': `sns_aaaaaaaa_${'0'.repeat(48)}` }])
    for (const path of [media(), '/api/v1/cameras', '/trpc/identity.me']) {
      const answer = await ask(path, { cookie, ...wrong });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(await answer.text()).toContain('UNAUTHENTICATED');
    }
  expect(await statusOf(media(), { authorization: `bEARER ${token}` })).toBe(200);
});

test('a machine signs in, refreshes, and loses everything when an old refresh token comes back', async () => {
  const person = await aPerson(['viewer']);
  const first = await login(person);
  expect(await statusOf(media(), bearer(first.access_token))).toBe(200);
  const jwks: unknown = await (await ask('/.well-known/jwks.json')).json();
  const keys = createLocalJWKSet(z.custom<JSONWebKeySet>(() => true).parse(jwks));
  const { payload } = await jwtVerify(first.access_token, keys, { audience: 'sensorium', algorithms: ['RS256'] });
  expect(payload.sub).toBe(person.userId);
  const refresh = (token: string) => post('/auth/refresh', { grant_type: 'refresh_token', refresh_token: token });
  const second = tokenAnswer.parse(await (await refresh(first.refresh_token)).json());
  const third = tokenAnswer.parse(await (await refresh(second.refresh_token)).json());
  expect((await refresh(first.refresh_token)).status).toBe(401);
  expect((await refresh(third.refresh_token)).status).toBe(401);
  expect(await statusOf(media(), bearer(third.access_token))).toBe(401);
});

test('a machine signs in by the form of OAuth2 too, at the page and at the API, with a user name or an address', async () => {
  const person = await aPerson(['viewer']);
  for (const path of ['/login', '/api/v1/auth/login', '/api/auth/login'])
    for (const username of [person.email, `u-${person.userId}`]) {
      const body = new URLSearchParams({ grant_type: 'password', username, password, scope: 'stream:view' });
      const answer = await fetch(`${base}${path}`, { method: 'POST', body });
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
      const { access_token: token, scope } = tokenAnswer.parse(await answer.json());
      expect([scope, await statusOf(media(), bearer(token))]).toEqual(['stream:view', 200]);
    }
  const wrong = new URLSearchParams({ username: person.email, password: 'not it' });
  expect((await fetch(`${base}/login`, { method: 'POST', body: wrong })).status).toBe(401);
});

test('an account is made where the house lets people sign up, with tokens at once, and a reset does not tell who has one', async () => {
  const account = { email: `${randomUUID()}@example.org`, password: `${randomUUID()} and more` };
  expect((await post('/auth/register', account)).status).toBe(403);
  await clone.database.setting.create({ data: { key: 'signUp', value: 'open' } });
  const made = await post('/auth/register', account);
  expect(made.status).toBe(201);
  const { access_token: token } = tokenAnswer.parse(await made.json());
  const ownKeys = () => statusOf('/api/v1/keys', bearer(token));
  expect(await ownKeys()).toBe(200);
  for (const email of [account.email, 'nobody@example.org']) {
    const answer = await post('/auth/password-reset', { email });
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'sent' }]);
  }
  expect((await post('/auth/password-reset', { email: account.email, token: 'x'.repeat(30), password })).status).toBe(
    400,
  );
  expect((await post('/auth/password-reset', { token: 'x'.repeat(30), password })).status).toBe(410);
  expect((await post('/auth/revoke', { token })).status).toBe(200);
  expect(await ownKeys()).toBe(401);
});

test('a key or token does what its scope says and no more, also where its person may', async () => {
  const person = await aPerson(['admin']);
  const { cookie } = await aSession(person);
  const { secret } = await aKey(cookie, ['camera:view', 'stream:view']);
  expect(await statusOf(media(), { 'x-api-key': secret })).toBe(200);
  expect(await statusOf(media('timeline.json'), { 'x-api-key': secret })).toBe(403);
  expect((await post('/cameras', aCameraInput(), { 'x-api-key': secret })).status).toBe(403);
  expect((await post('/keys', { name: 'x', permissions: ['*'] }, bearer(secret))).status).toBe(403);
  expect((await ask('/api/v1/keys', bearer(secret))).status).toBe(403);
  const narrowed = await login(person, { scope: 'product:search' });
  expect(await statusOf(media(), bearer(narrowed.access_token))).toBe(403);
});

test('a playback token plays its stream without anything else, and the slicer does not see it', async () => {
  const { cookie } = await aSession(await aPerson(['viewer']));
  const { token, path, setCookie } = await aToken({ cookie });
  expect(setCookie).toBe(
    `sensorium-playback=${token}; Path=/media/${camera.streamId}; Max-Age=60; HttpOnly; SameSite=Lax`,
  );
  asked.length = 0;
  expect(await statusOf(`${path}?x=1`)).toBe(200);
  expect(await statusOf(path.replace('index.m3u8', 'src/s/3.m4s'), { authorization: 'Basic x' })).toBe(200);
  expect(asked.map(({ url }) => url)).toEqual([media('index.m3u8?x=1'), media('src/s/3.m4s')]);
  expect(JSON.stringify(asked)).not.toContain(token);
  expect(await statusOf(media(), { cookie: `sensorium-playback=${token}` })).toBe(200);

  const to = await ask(media(`index.m3u8?from=5&token=${token}&to=9`));
  expect([to.status, to.headers.get('location'), to.headers.get('cache-control')]).toEqual([
    302,
    `/media/~${token}/${camera.streamId}/index.m3u8?from=5&to=9`,
    'no-store',
  ]);
  expect(await statusOf(media(`index.m3u8?token=${encodeURIComponent('/evil.example/')}`))).toBe(401);
});

test('a playback token opens no other stream, and neither a forged one nor one that was signed for something else opens any', async () => {
  const { cookie } = await aSession(owner);
  const other = await sources.create(owner, aCameraInput({ visibility: 'public' }));
  const { token } = await aToken({ cookie });
  const { access_token: access } = await login(await aPerson(['viewer']));
  await vi.waitFor(async () => expect(await statusOf(media('index.m3u8', other.streamId))).toBe(200), patient);
  expect(await statusOf(`/media/~${token}/${other.streamId}/index.m3u8`)).toBe(401);
  expect(await statusOf(`/media/~${token}/${randomUUID()}/index.m3u8`)).toBe(401);
  const [head, body] = token.split('.');
  for (const wrong of [`${token}x`, `${head}.${body}.`, access, '', 'x', cookie.slice(cookie.indexOf('=') + 1)])
    expect(await statusOf(`/media/~${wrong}/${camera.streamId}/index.m3u8`)).toBe(401);
  expect(decodeJwt(token)).toMatchObject({ aud: 'playback', stream: camera.streamId });
});

test('who may not watch is given no token, and nobody is given one for hours without an account', async () => {
  const path = `/streams/${camera.streamId}/playback-tokens`;
  const stranger = await aSession(await aPerson([]));
  expect((await post(path, {})).status).toBe(401);
  expect((await post(path, {}, { cookie: stranger.cookie })).status).toBe(403);
  expect((await post(`/streams/${randomUUID()}/playback-tokens`, {})).status).toBe(404);
  const open = await sources.create(owner, aCameraInput({ visibility: 'public' }));
  await vi.waitFor(async () => expect(await statusOf(media('index.m3u8', open.streamId))).toBe(200), patient);
  expect((await post(`/streams/${open.streamId}/playback-tokens`, { purpose: 'foreign' })).status).toBe(401);
});

test('players of somebody who loses the right stop within 15 s: running answers, held playlists and what is asked for next', async () => {
  answerMedia = (request, response) => {
    // Held as a blocked reload is, or endless.
    if (!request.url?.includes('live.m3u8')) response.write('begun');
  };
  const losses: { name: string; headers: Headers; path: (file: string) => string; lose: () => Promise<unknown> }[] = [];

  const [signedOut, locked] = [await aPerson(['viewer']), await aPerson(['viewer'])];
  const session = await aSession(signedOut);
  losses.push({
    name: 'a session that is ended',
    headers: { cookie: session.cookie },
    path: media,
    lose: async () => {
      await clone.database.session.update({ where: { id: session.sessionId }, data: { revokedAt: new Date() } });
      events.publish({ type: 'session.revoked', sessionId: session.sessionId, userId: signedOut.userId });
    },
  });
  const maker = await aSession(await aPerson(['viewer']));
  const { key, secret } = await aKey(maker.cookie, ['stream:view']);
  const foreign = await aToken(bearer(secret), 'foreign');
  losses.push({
    name: 'a key that is revoked, by the address that it made',
    headers: {},
    path: (file) => foreign.path.replace('index.m3u8', file),
    lose: () => fetch(`${base}/api/v1/keys/${key.id}`, { method: 'DELETE', headers: { cookie: maker.cookie } }),
  });
  const { access_token: access } = await login(locked);
  losses.push({
    name: 'a person who is locked, without a word on the bus',
    headers: bearer(access),
    path: media,
    lose: () => clone.database.user.update({ where: { id: locked.userId }, data: { lockedAt: new Date() } }),
  });
  const grantless = await aPerson(['viewer']);
  const view = await aToken({ cookie: (await aSession(grantless)).cookie });
  losses.push({
    name: 'a role that is taken, by a token in the path',
    headers: {},
    path: (file) => view.path.replace('index.m3u8', file),
    lose: () => clone.database.userRole.deleteMany({ where: { userId: grantless.userId } }),
  });

  const [admin, looked] = [await aPerson(['admin']), await aPerson(['viewer'])];
  const own = await aSession(admin);
  const viewAs = await fetch(`${base}/trpc/users.viewAs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: own.cookie },
    body: JSON.stringify({ json: { id: looked.userId } }),
  });
  const lookCookie = (viewAs.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  expect(lookCookie).toMatch(/^sensorium\.view-as=/);
  losses.push({
    name: 'an admin who may look as somebody else no more, without a word on the bus (role)',
    headers: { cookie: `${own.cookie}; ${lookCookie}` },
    path: media,
    lose: () => clone.database.userRole.deleteMany({ where: { userId: admin.userId } }),
  });

  const open = [];
  for (const { headers, path } of losses)
    for (const file of ['tail.mp4', 'src/s/7.m4s', 'src/live.m3u8?_HLS_msn=9'])
      open.push(await running(path(file), headers));
  const kept = await running(media('tail.mp4'), { cookie: (await aSession(owner)).cookie });
  const lostAt = performance.now();
  for (const { lose } of losses) await lose();
  await Promise.all(open.map(({ cut }) => cut));
  expect(performance.now() - lostAt).toBeLessThan(stopsWithinMs);
  answerMedia = answerPlainly;
  for (const { name, headers, path } of losses)
    expect([name, await statusOf(path('src/s/8.m4s'), headers)]).toEqual([name, name.includes('role') ? 403 : 401]);
  // Who still may goes on.
  expect(await Promise.race([kept.cut, Promise.resolve('runs')])).toBe('runs');
}, 60_000);

test('a role for one camera opens its present and its past at every media address, and no other camera', async () => {
  const person = await aPerson([]);
  const role = { userId: person.userId, roleId: 'viewer', objectType: 'camera', objectId: camera.id };
  await clone.database.userRole.create({ data: { id: randomUUID(), ...role } });
  const { cookie } = await aSession(person);
  const other = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  await vi.waitFor(
    async () => expect(await statusOf(media('index.m3u8', other.streamId), await aSession(owner))).toBe(200),
    patient,
  );
  const files = ['index.m3u8', 'index.m3u8?from=5', 'timeline.json', 'thumbs/3.jpg', 'src/vod.m3u8', 'src/s/3.m4s'];
  for (const file of files) {
    expect([file, await statusOf(media(file), { cookie })]).toEqual([file, 200]);
    expect([file, await statusOf(media(file, other.streamId), { cookie })]).toEqual([file, 403]);
  }
  const { path } = await aToken({ cookie });
  for (const file of files) expect(await statusOf(path.replace('index.m3u8', file))).toBe(200);
  expect((await post(`/streams/${other.streamId}/playback-tokens`, {}, { cookie })).status).toBe(403);
  const { secret } = await aKey((await aSession(owner)).cookie, ['stream:view', 'recording:view']);
  expect(await statusOf(media('timeline.json', other.streamId), bearer(secret))).toBe(200);
});

test('whoever may see the present alone is passed on as such for single segments, so that the slicer keeps the past from them', async () => {
  const { cookie } = await aSession(await aPerson(['admin']));
  const [present, both] = [await aKey(cookie, ['stream:view']), await aKey(cookie, ['stream:view', 'recording:view'])];
  const toldFor = async (secret: string, headers: Headers = {}) => {
    asked.length = 0;
    expect(await statusOf(media('src/s/3.m4s'), { ...bearer(secret), ...headers })).toBe(200);
    return asked[0]?.headers[liveOnlyHeader];
  };
  expect(await toldFor(present.secret)).toBe('1');
  // Nobody talks themselves out of it.
  expect(await toldFor(present.secret, { [liveOnlyHeader]: '' })).toBe('1');
  expect(await toldFor(both.secret)).toBeUndefined();
});

test('a ticket for a WebSocket is given to somebody and to nobody else', async () => {
  const { cookie } = await aSession(await aPerson([]));
  const made = await post('/ws-tickets', {}, { cookie });
  expect(made.status).toBe(200);
  expect(wsTicket.parse(await made.json()).ticket).toMatch(/^snw_/);
  expect((await post('/ws-tickets', {})).status).toBe(401);
});

test('guessed keys and tokens at the media door shut out their network for a while, tokens of ours that are over do not', async () => {
  const { token } = await aToken({ cookie: (await aSession(await aPerson(['viewer']))).cookie });
  for (let count = 0; count < 70; count += 1)
    expect(await statusOf(`/media/~${token}/${randomUUID()}/index.m3u8`)).toBe(401);
  const statuses = new Set<number>();
  for (let count = 0; count < 70; count += 1)
    statuses.add(await statusOf(`/media/~x${count}/${camera.streamId}/index.m3u8`));
  expect([...statuses]).toEqual([401, 429]);
  expect(await statusOf(media(), { 'x-api-key': `sns_aaaaaaaa_${'0'.repeat(48)}` })).toBe(429);
  const { cookie } = await aSession(owner);
  expect(await statusOf(media(), { cookie })).toBe(200);
});
