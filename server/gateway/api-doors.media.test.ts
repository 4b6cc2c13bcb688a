import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { errorBody } from '#server/contracts/error-code.ts';
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
