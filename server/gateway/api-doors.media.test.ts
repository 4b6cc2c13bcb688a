import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { cameraForOwner } from '#server/contracts/camera.ts';
import { errorBody } from '#server/contracts/error-code.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { aCameraInput, anOwner } from '#server/testing/factories.ts';
import { aServer, authSecret, joinAs, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** The doors as machines find them: the gateway's own process, a real database, and a double of the slicer. */
let database: Database;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let slicer: Server;
let web: Server;
let keeper: Awaited<ReturnType<typeof joinAs>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let cookie = '';
let base = '';
const capturedAt = new Date(Date.now() - 2000).toISOString();
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');

beforeAll(async () => {
  const { serverUrl, template } = await openTemplate();
  const databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 3 });
  owner = await anOwner(database);
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  slicer = await aServer((request, response) => {
    const url = request.url ?? '';
    if (url.includes('/thumb.jpg'))
      response.writeHead(200, { 'content-type': 'image/jpeg', 'x-capture-time': capturedAt }).end(jpeg);
    else if (url.includes('/timeline.json')) {
      const asked = new URL(url, 'http://slicer').searchParams;
      const span = { from: asked.get('from'), to: asked.get('to') };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...span, spans: [{ ...span, kind: 'recorded' }] }));
    } else response.writeHead(404).end();
  });
  web = await aServer((request, response) => response.end(`page ${request.method ?? ''}`));
  gateway = await startGateway({ databaseUrl, webUrl: urlOf(web) });
  base = gateway.base;
  keeper = await joinAs('slicer', { internal: gateway.internal, url: urlOf(slicer) });
}, 90_000);

afterAll(async () => {
  await keeper.leave();
  await gateway.stop();
  for (const server of [slicer, web]) {
    server.closeAllConnections();
    server.close();
  }
  await database.$disconnect();
  await teardown();
}, 30_000);

const send = (path: string, init: RequestInit & { headers?: Record<string, string> } = {}) =>
  fetch(`${base}${path}`, init);
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function aCamera(overrides: Parameters<typeof aCameraInput>[0] = {}) {
  const made = await post('/api/v1/cameras', aCameraInput({ visibility: 'public', ...overrides }), { cookie });
  return cameraForOwner.parse(await made.json());
}

test('reads carry a weak ETag, and an unchanged answer is 304 without a body', async () => {
  const camera = await aCamera();
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
  expect(await database.camera.count({ where: { name: 'Once' } })).toBe(1);
  const other = await post('/api/v1/cameras', { ...input, name: 'Twice' }, key);
  expect(other.status).toBe(409);
  expect(await other.json()).toMatchObject({
    error: { code: 'CONFLICT', details: { reason: 'idempotencyKeyReused' } },
  });
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

async function agent(headers: Record<string, string> = {}): Promise<Client> {
  const client = new Client({ name: 'a test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { requestInit: { headers } }));
  return client;
}
const saidBy = (result: unknown): Record<string, unknown> =>
  z.object({ structuredContent: z.record(z.string(), z.unknown()) }).parse(result).structuredContent;

test('an agent finds a camera by MCP, reads its state, looks at it and learns what is recorded', async () => {
  const camera = await aCamera({ name: 'Pier of the agent', latitude: 10, longitude: 20 });
  const client = await agent({ cookie });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'find_cameras',
    'camera_state',
    'look_at_camera',
    'recordings_of',
    'look_at_camera_at',
  ]);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
  const call = (name: string, given: Record<string, unknown>) => client.callTool({ name, arguments: given });

  const found = saidBy(await call('find_cameras', { words: 'pier agent' }));
  expect(found).toMatchObject({ cameras: [{ camera_id: camera.id, name: 'Pier of the agent' }], total: 1 });
  const state = saidBy(await call('camera_state', { camera_id: camera.id }));
  expect(state).toMatchObject({ camera: { camera_id: camera.id } });
  // Until a slicer has taken up the new stream, the tool says in words that there is nothing to see.
  const seen = await vi.waitFor(
    async () => {
      const looked = await call('look_at_camera', { camera_id: camera.id });
      expect(looked.content).toContainEqual({ type: 'image', mimeType: 'image/jpeg', data: jpeg.toString('base64') });
      return looked;
    },
    { timeout: 20_000, interval: 200 },
  );
  expect(saidBy(seen)).toMatchObject({ captured_at: capturedAt, age_seconds: anyOf(expect.any(Number)) });
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const recorded = saidBy(await call('recordings_of', { camera_id: camera.id, from }));
  expect(recorded).toMatchObject({
    from,
    spans: [{ from, kind: 'recorded' }],
    playback: anyOf(expect.stringContaining(camera.streamId)),
  });
  const past = await call('look_at_camera_at', { camera_id: camera.id, at: from });
  expect(past.content).toContainEqual(anyOf(expect.objectContaining({ type: 'image' })));
  const backwards = await call('recordings_of', {
    camera_id: camera.id,
    from: new Date(Date.now() + 60_000).toISOString(),
  });
  expect(backwards).toMatchObject({ isError: true });
  await client.close();
});

test('by MCP a stranger meets only what is public, in words, and a bad key meets 401', async () => {
  const hidden = await aCamera({ name: 'Vault of the agent', visibility: 'private' });
  const client = await agent();
  expect(saidBy(await client.callTool({ name: 'find_cameras', arguments: { words: 'vault' } }))).toMatchObject({
    cameras: [],
    total: 0,
  });
  const refused = await client.callTool({ name: 'look_at_camera', arguments: { camera_id: hidden.id } });
  expect(refused).toMatchObject({
    isError: true,
    content: [{ type: 'text', text: anyOf(expect.stringContaining('NOT_FOUND')) }],
  });
  await client.close();
  const bad = await post(
    '/mcp',
    { jsonrpc: '2.0', id: 1, method: 'tools/list' },
    { authorization: 'Bearer sns_wrong' },
  );
  expect(bad.status).toBe(401);
  expect(bad.headers.get('www-authenticate')).toMatch(/^Bearer/);
});
