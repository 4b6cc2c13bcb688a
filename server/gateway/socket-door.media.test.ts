import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import { encode } from 'next-auth/jwt';
import { generate } from 'selfsigned';
import superjson from 'superjson';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';

import type { AppRouter } from '#server/api/app-router.ts';
import { cameraForOwner } from '#server/contracts/camera.ts';
import type { CameraStates } from '#server/contracts/media-state.ts';
import { openDatabase, type Database } from '#server/platform/db.ts';
import { openTemplate, teardown } from '#server/testing/database-template.ts';
import { withDatabase } from '#server/testing/database-url.ts';
import { aCameraInput, anOwner } from '#server/testing/factories.ts';
import { aServer, authSecret, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** The WebSocket of tRPC as clients find it: the gateway's own process, and a real database. */
let database: Database;
let databaseUrl = '';
let gateway: Awaited<ReturnType<typeof startGateway>>;
let web: Server;
let owner: Awaited<ReturnType<typeof anOwner>>;
let cookie = '';

const patient = { timeout: 15_000, interval: 50 };

beforeAll(async () => {
  const { serverUrl, template } = await openTemplate();
  databaseUrl = withDatabase(serverUrl, template);
  database = openDatabase(databaseUrl, { connectionsMax: 3 });
  owner = await anOwner(database);
  await database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  web = await aServer((_request, response) => response.end('page'));
  gateway = await startGateway({ databaseUrl, webUrl: urlOf(web) });
}, 90_000);

afterAll(async () => {
  await gateway.stop();
  web.closeAllConnections();
  web.close();
  await database.$disconnect();
  await teardown();
}, 30_000);

interface Opening {
  headers?: Record<string, string>;
  query?: string;
  at?: string;
}

function open({ headers = {}, query = '', at = gateway.base }: Opening = {}): WebSocket {
  return new WebSocket(`${at.replace('http', 'ws')}/trpc${query}`, { headers, rejectUnauthorized: false });
}

/** The status of the refusal, or 101. */
async function statusOf(link: WebSocket): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  link.on('error', () => undefined);
  link.once('open', () => resolve(101));
  link.once('unexpected-response', (_request, answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  });
  const status = await promise;
  link.terminate();
  return status;
}

const told = z.object({
  id: z.union([z.number(), z.string()]).nullable(),
  result: z.object({ type: z.string(), data: z.object({ json: z.unknown() }).optional() }).optional(),
  error: z
    .object({ json: z.object({ data: z.object({ error: z.object({ code: z.string(), message: z.string() }) }) }) })
    .optional(),
});

/** A client that keeps what it was told. */
async function aLink(opening: Opening = {}) {
  const link = open(opening);
  const messages: z.infer<typeof told>[] = [];
  const closed = Promise.withResolvers<{ code: number; reason: string }>();
  link.on('message', (data: Buffer) => messages.push(told.parse(JSON.parse(data.toString()))));
  link.on('error', () => undefined);
  link.once('close', (code, reason) => closed.resolve({ code, reason: reason.toString() }));
  await once(link, 'open');
  const send = (id: number, method: string, path: string, input: unknown = {}) =>
    link.send(JSON.stringify({ id, method, params: { path, input: { json: input } } }));
  const answerTo = (id: number) =>
    vi.waitFor(() => {
      const found = messages.find((message) => message.id === id);
      if (!found) throw new Error(`no answer to ${id}`);
      return found;
    }, patient);
  return { link, messages, closed: closed.promise, send, answerTo };
}

const post = async (path: string, body: unknown, headers: Record<string, string> = { cookie }): Promise<unknown> => {
  const answer = await fetch(`${gateway.base}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return answer.json();
};

const aTicket = async () => z.object({ ticket: z.string() }).parse(await post('/ws-tickets', {})).ticket;

async function aKey(permissions: string[] = ['camera:view']) {
  const made = await post('/keys', { name: 'socket', permissions });
  return z.object({ key: z.object({ id: z.uuid() }), secret: z.string() }).parse(made);
}

async function aCamera(overrides: Parameters<typeof aCameraInput>[0] = {}) {
  return cameraForOwner.parse(await post('/cameras', aCameraInput({ visibility: 'public', ...overrides })));
}

const patch = (id: string, body: unknown) =>
  fetch(`${gateway.base}/api/v1/cameras/${id}`, {
    method: 'PATCH',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('the same question by cookie, by key and by ticket has the same answer as over HTTP', async () => {
  const { secret } = await aKey();
  const asked: [Opening, string | null][] = [
    [{}, null],
    [{ headers: { cookie } }, owner.userId],
    [{ headers: { cookie, origin: gateway.base } }, owner.userId],
    [{ headers: { authorization: `Bearer ${secret}` } }, owner.userId],
    [{ headers: { 'x-api-key': secret, origin: 'https://elsewhere.example' } }, owner.userId],
    [{ query: `?ticket=${await aTicket()}`, headers: { origin: gateway.base } }, owner.userId],
  ];
  for (const [opening, userId] of asked) {
    const client = await aLink(opening);
    client.send(1, 'query', 'identity.me', undefined);
    const { result } = await client.answerTo(1);
    const me = z
      .object({ id: z.string() })
      .nullable()
      .parse(result?.data?.json ?? null);
    expect(me?.id ?? null).toBe(userId);
    client.link.close();
  }
});

test('a ticket opens one connection, in its time, and a bad credential none', async () => {
  const ticket = await aTicket();
  expect(await statusOf(open({ query: `?ticket=${ticket}` }))).toBe(101);
  expect(await statusOf(open({ query: `?ticket=${ticket}` }))).toBe(401);
  const late = await aTicket();
  await database.wsTicket.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  expect(await statusOf(open({ query: `?ticket=${late}` }))).toBe(401);
  // What it shows counts, not whoever else's cookie lies there.
  expect(await statusOf(open({ query: '?ticket=nothing', headers: { cookie } }))).toBe(401);
  expect(await statusOf(open({ headers: { authorization: 'Bearer sns_wrong', cookie } }))).toBe(401);
});

test('a page of another site opens nothing, with a cookie, with a ticket or with neither', async () => {
  const origin = 'https://elsewhere.example';
  for (const opening of [
    { headers: { origin, cookie } },
    { headers: { origin } },
    { headers: { origin: 'null', cookie } },
    { headers: { origin: gateway.base.replace(/:\d+$/, ':1'), cookie } },
    { headers: { origin }, query: `?ticket=${await aTicket()}` },
  ])
    expect(await statusOf(open(opening))).toBe(403);
});

test('only /trpc is upgraded; whoever asks for another protocol is answered in this one', async () => {
  expect(await statusOf(new WebSocket(`${gateway.base.replace('http', 'ws')}/elsewhere`))).toBe(200);
  const { hostname, port } = new URL(gateway.base);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(`GET /api/v1/health HTTP/1.1\r\nhost: ${hostname}\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n`);
  const answer: unknown[] = await once(socket, 'data');
  expect(String(answer[0])).toMatch(/^HTTP\/1\.1 (?:200|503) /);
  socket.destroy();
});

test('a write is done, written into the audit log with who did it, and refused where its permission is missing', async () => {
  const { secret } = await aKey(['camera:view', 'camera:write']);
  const client = await aLink({ headers: { authorization: `Bearer ${secret}` } });
  client.send(1, 'mutation', 'cameras.create', aCameraInput({ name: 'By socket' }));
  const made = cameraForOwner.parse((await client.answerTo(1)).result?.data?.json);
  const entry = await database.auditEntry.findFirstOrThrow({ where: { objectId: made.id } });
  expect(entry).toMatchObject({ action: 'cameras.create', outcome: 'done', actorId: owner.userId });
  client.send(2, 'mutation', 'settings.update', {});
  expect((await client.answerTo(2)).error?.json.data.error.code).toBe('FORBIDDEN');
  client.link.close();
});

test('the 101st message of a minute is refused in a frame, and the connection closes with 4429', async () => {
  const client = await aLink();
  for (let id = 1; id <= 100; id += 1) client.send(id, 'query', 'cameras.demoShown', undefined);
  await vi.waitFor(() => expect(client.messages.filter(({ result }) => result)).toHaveLength(100), patient);
  client.send(101, 'query', 'cameras.demoShown', undefined);
  expect(await client.closed).toEqual({ code: 4429, reason: 'too many messages' });
  expect((await client.answerTo(101)).error?.json.data.error).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
  // Each call of a batch is a message, and so is a ping.
  const batching = await aLink();
  const one = { method: 'query', params: { path: 'cameras.demoShown', input: {} } };
  for (let frame = 0; frame < 2; frame += 1)
    batching.link.send(JSON.stringify(Array.from({ length: 50 }, (_, at) => ({ ...one, id: 50 * frame + at + 1 }))));
  await batching.answerTo(100);
  batching.link.ping();
  expect((await batching.closed).code).toBe(4429);
});

test('what is too large, too deep or no message is refused, and calls that try a secret are counted as such', async () => {
  const large = await aLink();
  large.link.send('x'.repeat(300 * 1024));
  expect((await large.closed).code).toBe(1009);
  const binary = await aLink();
  binary.link.send(Buffer.from('x'));
  expect((await binary.closed).code).toBe(1003);
  const client = await aLink({ headers: { cookie } });
  client.link.send(`{"id":1,"method":"query","params":${'['.repeat(100)}${']'.repeat(100)}}`);
  client.link.send('no JSON');
  await vi.waitFor(() => expect(client.messages.filter(({ error }) => error)).toHaveLength(2), patient);
  for (let id = 1; id <= 61; id += 1) client.send(id, 'query', 'invitations.look', { token: 'guess' });
  expect((await client.answerTo(61)).error?.json.data.error).toMatchObject({
    code: 'TOO_MANY_REQUESTS',
    message: 'the limit "signIn" is reached',
  });
  client.link.close();
});

test('a connection has twenty subscriptions at most, and an ended one makes room', async () => {
  const client = await aLink({ headers: { cookie } });
  for (let id = 1; id <= 21; id += 1) client.send(id, 'subscription', 'activity.watch', undefined);
  expect((await client.answerTo(21)).error?.json.data.error.code).toBe('TOO_MANY_REQUESTS');
  await client.answerTo(20);
  client.link.send(JSON.stringify({ id: 1, method: 'subscription.stop' }));
  await vi.waitFor(() => expect(client.messages).toContainEqual({ id: 1, result: { type: 'stopped' } }), patient);
  client.send(22, 'subscription', 'activity.watch', undefined);
  expect((await client.answerTo(22)).result?.type).toBe('started');
  client.send(22, 'query', 'identity.me', undefined);
  await vi.waitFor(
    () => expect(client.messages.filter(({ id, error }) => id === 22 && error)).toHaveLength(1),
    patient,
  );
  client.link.close();
});

test('a subscription is for the socket: over HTTP it is refused', async () => {
  const answer = await fetch(`${gateway.base}/trpc/activity.watch`, { headers: { cookie } });
  expect(await answer.text()).toContain('is told over the WebSocket');
});

test('a revoked key, an ended session and a lost role close what they opened within 15 seconds', async () => {
  const { key, secret } = await aKey();
  const sessionId = crypto.randomUUID();
  await database.session.create({
    data: { id: sessionId, userId: owner.userId, expiresAt: new Date(Date.now() + 3000) },
  });
  const shortLived = `next-auth.session-token=${await encode({ token: { sid: sessionId }, secret: authSecret })}`;
  const looker = await anOwner(database);
  await database.session.create({
    data: { id: looker.credential.id, userId: looker.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  const lookers = `next-auth.session-token=${await encode({ token: { sid: looker.credential.id }, secret: authSecret })}`;
  const links = await Promise.all(
    [{ headers: { 'x-api-key': secret } }, { headers: { cookie: shortLived } }, { headers: { cookie: lookers } }].map(
      (opening) => aLink(opening),
    ),
  );
  const [ofKey, ofSession, ofRole] = links;
  if (!ofKey || !ofSession || !ofRole) throw new Error('three were opened');
  ofRole.send(1, 'subscription', 'system.watch', undefined);
  await ofRole.answerTo(1);
  const from = performance.now();
  await fetch(`${gateway.base}/api/v1/keys/${key.id}`, { method: 'DELETE', headers: { cookie } });
  await database.userRole.updateMany({ where: { userId: looker.userId }, data: { roleId: 'viewer' } });
  expect((await ofKey.closed).code).toBe(4401);
  expect((await ofSession.closed).code).toBe(4401);
  expect((await ofRole.closed).code).toBe(4403);
  expect(performance.now() - from).toBeLessThan(15_000);
  const again = await aLink({ headers: { cookie: lookers } });
  again.send(1, 'subscription', 'system.watch', undefined);
  expect((await again.answerTo(1)).error?.json.data.error.code).toBe('FORBIDDEN');
  again.link.close();
}, 40_000);

test('cameras are told as they change, and a subscription ends when its camera turns private', async () => {
  const [one, other] = [await aCamera({ name: 'One' }), await aCamera({ name: 'Other' })];
  const socket = createWSClient({ url: `${gateway.base.replace('http', 'ws')}/trpc` });
  const client = createTRPCClient<AppRouter>({ links: [wsLink({ client: socket, transformer: superjson })] });
  const heard: CameraStates[] = [];
  const complete = Promise.withResolvers<void>();
  client.cameras.watch.subscribe(
    { ids: [one.id, other.id] },
    { onData: (states) => heard.push(states), onComplete: complete.resolve, onError: complete.reject },
  );
  const idsOf = ({ states }: CameraStates) => states.map(({ streamId }) => streamId).toSorted();
  await vi.waitFor(() => expect(heard.map(idsOf)).toEqual([[one.streamId, other.streamId].toSorted()]), patient);
  await patch(one.id, { visibility: 'private' });
  await vi.waitFor(() => expect(heard.at(-1)).toEqual({ states: [], gone: [one.streamId] }), patient);
  // Shown again, it is told again: it was named.
  await patch(one.id, { visibility: 'public' });
  await vi.waitFor(() => expect(idsOf(heard.at(-1) ?? { states: [], gone: [] })).toEqual([one.streamId]), patient);
  await patch(one.id, { visibility: 'private' });
  await patch(other.id, { visibility: 'private' });
  await complete.promise;
  expect(heard.at(-1)?.gone).toContain(other.streamId);
  await expect(
    new Promise((resolve, reject) => {
      client.cameras.watch.subscribe({ ids: [one.id] }, { onData: resolve, onError: reject });
    }),
  ).rejects.toMatchObject({ data: { error: { code: 'NOT_FOUND' } } });
  await socket.close();
});

test('who watches the whole list is told of new cameras, and not of those that are not shown', async () => {
  const client = await aLink();
  client.send(1, 'subscription', 'cameras.watch');
  await client.answerTo(1);
  const [hidden, unlisted, shown] = [
    await aCamera({ visibility: 'private' }),
    await aCamera({ visibility: 'unlisted' }),
    await aCamera(),
  ];
  await vi.waitFor(() => expect(JSON.stringify(client.messages)).toContain(shown.streamId), patient);
  expect(JSON.stringify(client.messages)).not.toContain(hidden.streamId);
  expect(JSON.stringify(client.messages)).not.toContain(unlisted.streamId);
  client.link.close();
});

test('the bell rings: what concerns a person is told them at once', async () => {
  const client = await aLink({ query: `?ticket=${await aTicket()}` });
  client.send(1, 'subscription', 'activity.watch', undefined);
  const news = () =>
    client.messages.flatMap(({ id, result }) => (id === 1 && result?.type === 'data' ? [result.data?.json] : []));
  await vi.waitFor(() => expect(news()).toHaveLength(1), patient);
  const { unread } = z.object({ unread: z.int() }).parse(news()[0]);
  await aKey();
  await vi.waitFor(
    () => expect(news().at(-1)).toMatchObject({ unread: unread + 1, newest: { kind: 'key.created' } }),
    patient,
  );
  client.link.close();
});

test('connections and what was cut are told at /metrics', async () => {
  const client = await aLink();
  const text = await (await fetch(`${gateway.base}/metrics`, { headers: { cookie } })).text();
  expect(text).toMatch(/sensorium_websocket_connections\{[^}]*door="trpc"[^}]*\} [1-9]/);
  expect(text).toMatch(/sensorium_websocket_drops_total\{[^}]*reason="messages"[^}]*\} [1-9]/);
  client.link.close();
});

test('over TLS the same, by a connection of its own, and a house that stops says so with 1012', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
  const pems = await generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 });
  await writeFile(join(folder, 'key.pem'), pems.private);
  await writeFile(join(folder, 'cert.pem'), pems.cert);
  const secure = await startGateway({
    databaseUrl,
    webUrl: urlOf(web),
    env: { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') },
  });
  const secureCookie = `__Host-${cookie}`;
  const client = await aLink({ at: secure.base, headers: { cookie: secureCookie, origin: secure.base } });
  client.send(1, 'query', 'identity.me', undefined);
  expect((await client.answerTo(1)).result?.data?.json).toMatchObject({ id: owner.userId });
  expect(
    await statusOf(open({ at: secure.base, headers: { cookie: secureCookie, origin: 'https://a.example' } })),
  ).toBe(403);
  const stopped = secure.stop();
  expect(await client.closed).toMatchObject({ code: 1012 });
  expect(await stopped).toBe(0);
  await rm(folder, { recursive: true });
}, 40_000);
