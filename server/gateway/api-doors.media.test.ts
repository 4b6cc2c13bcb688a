import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

import { errorBody } from '#server/contracts/error-code.ts';
import { hashPassword } from '#server/identity/passwords.ts';
import { aCameraInput } from '#server/testing/factories.ts';
import { openMachineDoors, type MachineDoors } from '#server/testing/machine-doors.ts';

let doors: MachineDoors;
let cookie = '';
beforeAll(async () => {
  doors = await openMachineDoors();
  ({ cookie } = doors);
}, 90_000);
afterAll(() => doors.close(), 30_000);

const send: MachineDoors['send'] = (path, init) => doors.send(path, init);
const post: MachineDoors['post'] = (path, body, headers) => doors.post(path, body, headers);

test('reads carry a weak ETag, and an unchanged answer is 304 without a body', async () => {
  const camera = await doors.aCamera();
  const first = await send(`/api/v1/cameras/${camera.id}`, { headers: { cookie } });
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  expect(first.headers.get('cache-control')).toBe('private, no-cache');
  for (const known of [etag, etag.slice(2), `"x", ${etag}`, '*']) {
    const again = await send(`/api/v1/cameras/${camera.id}`, { headers: { cookie, 'if-none-match': known } });
    expect([known, again.status, await again.text()]).toEqual([known, 304, '']);
  }
  const other = await send(`/api/v1/cameras/${camera.id}`, { headers: { cookie, 'if-none-match': 'W/"x"' } });
  expect(other.status).toBe(200);
});

test('HEAD says what GET would, OPTIONS what there is, and other methods are refused with 405', async () => {
  const head = await send('/api/v1/cameras', { method: 'HEAD' });
  expect([head.status, await head.text(), Number(head.headers.get('content-length')) > 0]).toEqual([200, '', true]);
  const options = await send('/api/v1/cameras', {
    method: 'OPTIONS',
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(options.status).toBe(204);
  expect(options.headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
  expect(options.headers.get('access-control-allow-origin')).toBe('*');
  expect(options.headers.has('access-control-allow-credentials')).toBe(false);
  const put = await post('/api/v1/health', {}, {});
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  expect(errorBody.safeParse(await put.json()).success).toBe(true);
});

test('a POST that is sent again with its Idempotency-Key does nothing twice', async () => {
  const input = aCameraInput({ name: 'Once' });
  const key = { cookie, 'idempotency-key': 'the-same-key' };
  const [first, again] = [await post('/api/v1/cameras', input, key), await post('/api/v1/cameras', input, key)];
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
  expect(await again.json()).toEqual(await first.json());
  expect(await doors.database.camera.count({ where: { name: 'Once' } })).toBe(1);
  const other = await post('/api/v1/cameras', { ...input, name: 'Twice' }, key);
  expect(other.status).toBe(409);
  expect(await other.json()).toMatchObject({
    error: { code: 'CONFLICT', details: { reason: 'idempotencyKeyReused' } },
  });
});

test('a field that an operation does not know is refused by its name, and nothing is made', async () => {
  const made = await post('/api/v1/cameras', { ...aCameraInput({ name: 'Misspelt' }), colour: 'red' }, { cookie });
  expect(made.status).toBe(400);
  expect(errorBody.parse(await made.json()).error).toMatchObject({
    code: 'BAD_REQUEST',
    details: { fields: [{ path: 'colour', message: 'there is no such field' }] },
  });
  const camera = await doors.aCamera();
  const change = await send(`/api/v1/cameras/${camera.id}`, {
    method: 'PATCH',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Renamed', recordPolicy: { ...camera.recordPolicy, maxDays: 1 } }),
  });
  expect([change.status, await change.json()]).toMatchObject([
    400,
    { error: { details: { fields: [{ path: 'recordPolicy.maxDays' }] } } },
  ]);
  expect(await doors.database.camera.count({ where: { name: { in: ['Misspelt', 'Renamed'] } } })).toBe(0);
});

test('what takes nothing, or is named by its address alone, passes over no body', async () => {
  const named = await post('/api/v1/ws-tickets', { seconds: 3600 }, { cookie });
  expect([named.status, await named.json()]).toMatchObject([
    400,
    { error: { details: { fields: [{ path: 'seconds' }] } } },
  ]);
  const bare = await send('/api/v1/ws-tickets', { method: 'POST', headers: { cookie } });
  const empty = await post('/api/v1/ws-tickets', {}, { cookie });
  expect([bare.status, empty.status]).toEqual([200, 200]);
  const { id } = await doors.aCamera();
  const remove = (body: string) =>
    send(`/api/v1/cameras/${id}`, { method: 'DELETE', headers: { cookie, 'content-type': 'application/json' }, body });
  expect((await remove('{"evenIfWatched":false}')).status).toBe(400);
  expect((await send(`/api/v1/cameras/${id}`, { headers: { cookie } })).status).toBe(200);
  expect((await remove('{}')).status).toBeLessThan(300);
});

test('what opens one door opens no other, shown as whatever else', async () => {
  const { database, owner } = doors;
  const password = 'a password of this test';
  await database.user.update({ where: { id: owner.userId }, data: { passwordHash: await hashPassword(password) } });
  const { streamId } = await doors.aCamera({ visibility: 'private' });
  const told = async (path: string, body: object, headers: Record<string, string> = { cookie }) =>
    z.record(z.string(), z.unknown()).parse(await (await post(path, body, headers)).json());
  const signedIn = await told('/api/v1/auth/login', { username: owner.email, password }, {});
  const key = await told('/api/v1/keys', { name: 'all', permissions: ['*'], objects: null, expiresAt: null });
  const shown = {
    access: signedIn['access_token'],
    refresh: signedIn['refresh_token'],
    key: key['secret'],
    session: cookie.slice(cookie.indexOf('=') + 1),
    guest: (await told('/api/v1/account/guest', { name: 'Guest' }))['token'],
    ticket: (await told('/api/v1/ws-tickets', {}))['ticket'],
    playback: (await told(`/api/v1/streams/${streamId}/playback-tokens`, {}))['token'],
  };
  for (const [name, value] of Object.entries(z.record(z.string(), z.string().min(20)).parse(shown))) {
    const opened: string[] = [];
    const me = async (headers: Record<string, string>) =>
      z.object({ id: z.string() }).safeParse(await (await send('/api/v1/account/me', { headers })).json()).data?.id;
    if (await me({ authorization: `Bearer ${value}` })) opened.push('bearer');
    if (await me({ 'x-api-key': value })) opened.push('x-api-key');
    for (const cookieName of ['next-auth.session-token', 'sensorium.view-as', 'sensorium-guest'])
      if (await me({ cookie: `${cookieName}=${value}` })) opened.push(cookieName);
    const media = await send(`/media/~${value}/${streamId}/thumb.jpg`);
    if (media.status !== 401) opened.push('media');
    const byCookie = await send(`/media/${streamId}/thumb.jpg`, { headers: { cookie: `sensorium-playback=${value}` } });
    if (byCookie.status !== 401) opened.push('media by cookie');
    const refreshed = await post('/api/v1/auth/refresh', { refresh_token: value, grant_type: 'refresh_token' });
    if (refreshed.ok) opened.push('refresh');
    expect([name, opened]).toEqual([name, opens[name]]);
  }
});

/** Keys and access tokens go where the header says so or not; everything else has one place. */
const opens: Record<string, string[]> = {
  access: ['bearer', 'x-api-key'],
  refresh: ['refresh'],
  key: ['bearer', 'x-api-key'],
  session: ['next-auth.session-token'],
  guest: [],
  ticket: [],
  playback: ['media', 'media by cookie'],
};

test('the sign-in pages are operations when they are posted to, as a form or as JSON', async () => {
  expect(await (await send('/login')).text()).toBe('page GET');
  const form = new URLSearchParams({ grant_type: 'password', username: 'nobody@example.org', password: 'not the one' });
  const tries = [
    await send('/login', { method: 'POST', body: form }),
    await send('/api/auth/login', { method: 'POST', body: form }),
    await post('/api/v1/auth/login', Object.fromEntries(form)),
  ];
  for (const answer of tries) {
    expect(answer.status).toBe(401);
    expect(errorBody.parse(await answer.json()).error.code).toBe('UNAUTHENTICATED');
  }
});

test('answers are plain objects, lists under items, and nothing is 204', async () => {
  expect(await (await send('/api/v1/feeds')).json()).toMatchObject({ items: anyOf(expect.any(Array)) });
  expect(await (await send('/api/v1/cameras/demo')).json()).toEqual({ value: anyOf(expect.any(Boolean)) });
  const choice = await send('/api/v1/feeds/choice', {
    method: 'PUT',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{"answer":"refused"}',
  });
  expect([choice.status, await choice.text()]).toEqual([204, '']);
});

test('the checked-in document is the one that is served', async () => {
  const served: unknown = await (await send('/api/openapi.json')).json();
  expect(served).toEqual(JSON.parse(await readFile('docs/api/openapi.json', 'utf8')));
});

/** Matchers are `any`. */
const anyOf = (matcher: unknown): unknown => matcher;
