import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';

import { cameraForOwner, cameraPage, type CameraForOwner } from '#server/contracts/camera.ts';
import type { DoctorReport } from '#server/contracts/doctor.ts';
import { errorBody } from '#server/contracts/error-code.ts';
import type { ToSidecar } from '#server/contracts/sidecar.ts';
import { EventBus } from '#server/platform/events.ts';
import { cloneDatabase } from '#server/testing/database.ts';
import { aCameraInput, aMediaState, anOwner, aSourcesService, silentLog } from '#server/testing/factories.ts';
import { aServer, authSecret, joinAs, startGateway, urlOf } from '#server/testing/gateway-process.ts';

/** The gateway as it runs, with a real database, and doubles of the processes around it. */
const patient = { timeout: 10_000, interval: 50 };

let clone: Awaited<ReturnType<typeof cloneDatabase>>;
let owner: Awaited<ReturnType<typeof anOwner>>;
let gateway: Awaited<ReturnType<typeof startGateway>>;
let slicer: Server;
let web: Server;
let base = '';
let cookie = '';
let leftOver: CameraForOwner;
let events: EventBus;
let sources: ReturnType<typeof aSourcesService>;
/** What the slicer's double answers. */
let answerMedia: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();

beforeAll(async () => {
  clone = await cloneDatabase();
  owner = await anOwner(clone.database);
  await clone.database.session.create({
    data: { id: owner.credential.id, userId: owner.userId, expiresAt: new Date(Date.now() + 3_600_000) },
  });
  cookie = `next-auth.session-token=${await encode({ token: { sid: owner.credential.id }, secret: authSecret })}`;
  slicer = await aServer((request, response) => answerMedia(request, response));
  web = await aServer((request, response) => response.end(`page for ${String(request.headers['x-real-ip'])}`));
  events = new EventBus({ url: clone.url, log: silentLog });
  await events.start();
  sources = aSourcesService(clone.database, { events });
  const earlier = aSourcesService(clone.database, { now: () => new Date(Date.now() - 60_000) });
  leftOver = await earlier.create(owner, aCameraInput({ name: 'Deleted while nobody ran' }));
  await earlier.delete(owner, leftOver.id);
  gateway = await startGateway({ databaseUrl: clone.url, webUrl: urlOf(web) });
  base = gateway.base;
}, 30_000);

afterAll(async () => {
  await gateway.stop();
  await events.close();
  for (const server of [slicer, web]) {
    server.closeAllConnections();
    server.close();
  }
  await clone[Symbol.asyncDispose]();
}, 20_000);

const join = (role: 'ingest' | 'slicer') =>
  joinAs(role, { internal: gateway.internal, url: role === 'slicer' ? urlOf(slicer) : null });
const json = async (response: Response | Promise<Response>): Promise<unknown> => (await response).json();

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

test('the log and rows of a camera that was deleted are taken away, also when nobody ran at the time', async () => {
  const keeper = await join('slicer');
  const erased = () =>
    keeper.told.flatMap((message) => (message.type === 'release' && message.erase ? message.streamIds : []));
  await vi.waitFor(() => expect(erased()).toEqual([leftOver.streamId]), { timeout: 25_000, interval: 100 });
  await vi.waitFor(async () => expect(await clone.database.stream.count()).toBe(0), patient);
  await keeper.leave();
}, 40_000);

test('REST: the owner adds, changes and deletes a camera; others are refused with the error body', async () => {
  const refused = await post('/api/v1/cameras', aCameraInput());
  expect(refused.status).toBe(401);
  expect(errorBody.parse(await refused.json()).error).toMatchObject({ code: 'UNAUTHENTICATED', details: {} });

  const made = await post('/api/v1/cameras', aCameraInput({ name: 'By REST', bearing: null }), { cookie });
  expect(made.status).toBe(201);
  const camera = cameraForOwner.parse(await made.json());
  expect(camera.bearing).toBeNull();

  const changed = await fetch(`${base}/api/cameras/${camera.id}`, {
    method: 'PATCH',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{"name":"Renamed"}',
  });
  expect(await changed.json()).toMatchObject({ name: 'Renamed' });
  const list = cameraPage.parse(await json(fetch(`${base}/api/v1/cameras?limit=1&kinds=rtsp,hls`)));
  expect(list).toMatchObject({ items: [{ id: camera.id, playback: camera.playback }], nextCursor: null });
  const gone = await fetch(`${base}/api/v1/cameras/${camera.id}`, { method: 'DELETE', headers: { cookie } });
  expect(gone.status).toBe(200);
  expect((await fetch(`${base}/api/v1/cameras/${camera.id}`)).status).toBe(404);
});

test('REST: wrong shapes, methods, sites and sizes get their own status and the same body', async () => {
  const cases: [Response, number, string][] = [
    [await post('/api/v1/cameras', { name: '' }, { cookie }), 400, 'BAD_REQUEST'],
    [await fetch(`${base}/api/v1/nothing`), 404, 'NOT_FOUND'],
    [await fetch(`${base}/api/v1/cameras`, { method: 'PUT', body: '{}' }), 405, 'BAD_REQUEST'],
    [await fetch(`${base}/api/v1/cameras?limit=many`), 400, 'BAD_REQUEST'],
    [await post('/api/v1/cameras', aCameraInput(), { cookie, origin: 'https://evil.example' }), 403, 'FORBIDDEN'],
    [await post('/api/v1/cameras', { name: 'x'.repeat(1_100_000) }, { cookie }), 413, 'TOO_LARGE'],
  ];
  for (const [response, status, code] of cases) {
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
  }
});

test('health is not well while a slicer has no room to record', async () => {
  const disk = { path: '/disk', freeBytes: 1, totalBytes: 100, level: 'paused' as const, evictedSeconds: 0 };
  const full = await joinAs('slicer', { internal: gateway.internal, url: urlOf(slicer), disk });
  await vi.waitFor(
    async () => expect(await json(fetch(`${base}/api/health`))).toMatchObject({ parts: { slicer: 'degraded' } }),
    patient,
  );
  await full.leave();
});

test('health, OpenAPI and tRPC answer at the public port; the sign-in procedure does not', async () => {
  expect(await (await fetch(`${base}/api/health`)).json()).toMatchObject({ parts: { database: 'ok', web: 'ok' } });
  const document = z
    .object({ paths: z.record(z.string(), z.unknown()) })
    .parse(await json(fetch(`${base}/api/openapi.json`)));
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/cameras', '/earth/view', '/health']));
  const me = await json(fetch(`${base}/trpc/identity.me`, { headers: { cookie } }));
  expect(me).toMatchObject({ result: { data: { json: { id: owner.userId, isOwner: true } } } });
  const signIn = await post('/trpc/identity.signIn', { json: { email: 'a@example.org', password: 'x' } });
  expect(signIn.status).toBe(403);
});

test('answers are made smaller for who shows nothing of themselves, and for others where they repeat nothing', async () => {
  const wish = { 'accept-encoding': 'gzip' };
  const codingOf = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${base}${path}`, { headers: { ...wish, ...headers } });
    expect(response.status).toBe(200);
    expect(await response.json()).toBeTypeOf('object');
    return response.headers.get('content-encoding');
  };
  const labels = encodeURIComponent(JSON.stringify({ json: { bounds: [-180, -85, 180, 85], zoom: 4 } }));
  expect(await codingOf('/api/openapi.json')).toBe('gzip');
  expect(await codingOf('/api/openapi.json', { cookie })).toBeNull();
  expect(await codingOf(`/trpc/earth.labels?input=${labels}`, { cookie })).toBe('gzip');
});

test('the internal door is shut without the secret', async () => {
  const link = new WebSocket(`ws://${gateway.internal}/internal/v1/control`, {
    headers: { authorization: 'Bearer wrong' },
  });
  const refusal: unknown = await once(link, 'error');
  expect(String(refusal)).toContain('401');
  expect((await fetch(`http://${gateway.internal}/internal/v1/owner-claim`, { method: 'POST' })).status).toBe(401);
  expect(await (await fetch(`http://${gateway.internal}/metrics`)).text()).toMatch(
    /sensorium_nodes_linked{role="ingest"/,
  );
});

test('pages pass through with the address of who asks', async () => {
  expect(await (await fetch(`${base}/`)).text()).toBe('page for 127.0.0.1');
});

test('a camera reaches ingest and slicer, its media come from the slicer for who may see it, and not once it is deleted', async () => {
  const [keeper, reader] = [await join('slicer'), await join('ingest')];
  const camera = await sources.create(owner, aCameraInput({ visibility: 'private' }));
  const streamOf = (message: ToSidecar) =>
    'streams' in message ? message.streams.map((stream) => stream.streamId) : [];
  await vi.waitFor(() => expect(reader.told.flatMap(streamOf)).toContain(camera.streamId), patient);
  expect(keeper.told.flatMap(streamOf)).toContain(camera.streamId);

  answerMedia = (request, response) =>
    response.end(`${request.url} ${request.headers.cookie ?? ''} ${String(request.headers['x-forwarded-for'])}`);
  const address = `${base}/media/${camera.streamId}/src/live.m3u8?_HLS_msn=3`;
  expect((await fetch(address)).status).toBe(401);
  const seen = await fetch(address, { headers: { cookie, 'x-forwarded-for': '6.6.6.6' } });
  expect(await seen.text()).toBe(`/media/${camera.streamId}/src/live.m3u8?_HLS_msn=3  127.0.0.1`);

  keeper.send({ type: 'states', states: [aMediaState({ streamId: camera.streamId })] });
  const input = encodeURIComponent('{"json":{}}');
  const states = () => json(fetch(`${base}/trpc/cameras.states?input=${input}`, { headers: { cookie } }));
  await vi.waitFor(async () => expect(JSON.stringify(await states())).toContain('"fps":25'), patient);

  await sources.delete(owner, camera.id);
  await vi.waitFor(async () => expect((await fetch(address, { headers: { cookie } })).status).toBe(404), patient);
  await reader.leave();
  await keeper.leave();
});

test('an endless answer comes as it is made, and stops being made when the client goes', async () => {
  const keeper = await join('slicer');
  const camera = await sources.create(owner, aCameraInput());
  const ended = new Promise<void>((resolve) => {
    answerMedia = (_request, response) => {
      response.write('first');
      response.once('close', () => resolve());
    };
  });
  const leaving = new AbortController();
  const answer = await vi.waitFor(async () => {
    const response = await fetch(`${base}/media/${camera.streamId}/tail.mp4`, { signal: leaving.signal });
    expect(response.status).toBe(200);
    return response;
  }, patient);
  const first = await answer.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString()).toBe('first');
  leaving.abort();
  await ended;
  await keeper.leave();
});

test('a slicer that does not know its new stream yet is waited for, one that knows of nothing later is believed', async () => {
  const keeper = await join('slicer');
  const camera = await sources.create(owner, aCameraInput());
  let asked = 0;
  answerMedia = (_request, response) => {
    asked += 1;
    response.writeHead(404).end();
  };
  const address = `${base}/media/${camera.streamId}/index.m3u8`;
  await vi.waitFor(async () => {
    const response = await fetch(address);
    expect(response.status).toBe(503);
    expect(asked).toBeGreaterThan(0);
    expect(response.headers.get('retry-after')).toBe('1');
  }, patient);
  expect((await fetch(`${base}/media/${camera.streamId}/src/init-0.mp4`)).status).toBe(404);
  // What was never recorded is no fault.
  const timeline = await fetch(`${base}/media/${camera.streamId}/timeline.json?from=2026-11-22T10:00:00Z`);
  expect(await timeline.json()).toMatchObject({ from: '2026-11-22T10:00:00.000Z', spans: [{ kind: 'off' }] });
  await vi.waitFor(async () => expect((await fetch(address)).status).toBe(404), patient);
  await keeper.leave();
});

test('a camera that sleeps is opened by who plays it, shows its last look to who passes by, and is not there for strangers once withheld', async () => {
  const [keeper, reader] = [await join('slicer'), await join('ingest')];
  const input = aCameraInput({ kind: 'snapshot', address: 'http://camera.example/a.jpg', ingest: 'onDemand' });
  const camera = await sources.create(owner, input);
  const media = `${base}/media/${camera.streamId}`;
  const holds = (node: typeof keeper) => JSON.stringify(node.told).includes(camera.streamId);
  answerMedia = (request, response) => response.end(`from the slicer ${request.url}`);

  const state = await fetch(`${media}/state.json`);
  expect(await state.json()).toMatchObject({ streamId: camera.streamId, state: 'unchecked' });
  const span = 'from=2026-11-22T10:00:00Z&to=2026-11-22T11:00:00%2B00:00';
  for (const query of [`?${span}`, '?from=2026-11-22T10:00:00Z', '']) {
    const timeline = await fetch(`${media}/timeline.json${query}`);
    expect(timeline.status).toBe(200);
    expect(await timeline.json()).toMatchObject({ spans: [{ kind: 'off' }] });
  }
  for (const query of ['?from=yesterday', '?from=2026-11-22T10:00:00Z&to=2026-11-22T09:00:00Z'])
    expect((await fetch(`${media}/timeline.json${query}`)).status).toBe(400);
  expect((await fetch(`${media}/index.m3u8?${span}`)).status).toBe(404);
  expect(holds(keeper)).toBe(false);

  const thumbnail = fetch(`${media}/thumb.jpg`);
  const question = await vi.waitUntil(
    () => reader.told.find((message) => message.type === 'look' && message.streamId === camera.streamId),
    patient,
  );
  if (question?.type !== 'look') throw new Error('nobody was asked to look');
  reader.send({
    type: 'looked',
    requestId: question.requestId,
    streamId: question.streamId,
    report: {
      ok: true,
      frameTime: new Date(Date.now() - 60_000).toISOString(),
      hash: 'a',
      bytes: 10,
      ms: 5,
      width: 640,
      height: 360,
      thumbnail: Buffer.from('a small picture').toString('base64'),
      fault: null,
    },
  });
  const picture = await thumbnail;
  expect(await picture.text()).toBe('a small picture');
  expect(Number(picture.headers.get('x-picture-age'))).toBeGreaterThanOrEqual(60);
  expect(picture.headers.get('access-control-expose-headers')).toContain('x-capture-time');
  const etag = picture.headers.get('etag') ?? '';
  expect((await fetch(`${media}/thumb.jpg`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  // What is seen now is no picture of then.
  expect((await fetch(`${media}/thumb.jpg?at=2020-01-01T00:00:00Z`)).status).toBe(404);
  expect(holds(keeper)).toBe(false);

  expect(await (await fetch(`${media}/index.m3u8`)).text()).toContain('from the slicer');
  expect([holds(keeper), holds(reader)]).toEqual([true, true]);

  await sources.withhold(owner, camera.id, 'takenDown');
  await vi.waitFor(async () => expect((await fetch(`${media}/index.m3u8`)).status).toBe(404), patient);
  expect((await fetch(`${media}/thumb.jpg`)).status).toBe(404);
  expect((await fetch(`${media}/index.m3u8`, { headers: { cookie } })).status).toBe(200);
  await reader.leave();
  await keeper.leave();
});

test('a page of another site may read why there is no picture', async () => {
  for (const address of [`${base}/media/${randomUUID()}/index.m3u8`, `${base}/media/nothing`]) {
    const answer = await fetch(address, { headers: { origin: 'https://player.example' } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
  }
  const asked = await fetch(`${base}/media/${randomUUID()}/index.m3u8`, { method: 'OPTIONS' });
  expect([asked.status, asked.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, HEAD, OPTIONS']);
});

test('nothing is upgraded at the public port, and who offers it is answered as anybody', async () => {
  const link = new WebSocket(`${base.replace('http', 'ws')}/api/health`);
  const refusal: unknown = await once(link, 'error');
  expect(String(refusal)).toContain('Unexpected server response: 200');
});

test('a broken or missing slicer is told by its own status', async () => {
  const keeper = await join('slicer');
  const camera = await sources.create(owner, aCameraInput());
  answerMedia = (request) => request.socket.destroy();
  const address = `${base}/media/${camera.streamId}/index.m3u8`;
  await vi.waitFor(async () => expect((await fetch(address)).status).toBe(502), patient);
  expect((await fetch(`${base}/media/${randomUUID()}/index.m3u8`)).status).toBe(404);
  expect((await fetch(`${base}/media/nothing/index.m3u8`)).status).toBe(404);
  await keeper.leave();
  await vi.waitFor(async () => {
    const response = await fetch(address);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  }, patient);
});

test('the doctor asks an ingest node and gives its report back', async () => {
  const reader = await join('ingest');
  const report: DoctorReport = {
    outcome: 'failed',
    fault: { code: 'UNREACHABLE', message: 'connection refused' },
    steps: [],
    video: null,
    audio: null,
    clock: 'arrival',
    clockOffsetMs: null,
    bitrate: null,
    firstFrameMs: null,
    readSeconds: 0,
    advice: [],
    picture: null,
  };
  const asked = post('/api/v1/cameras/doctor', { kind: 'rtsp', address: 'rtsp://camera.example/live' }, { cookie });
  await vi.waitFor(() => expect(reader.told.some((message) => message.type === 'diagnose')).toBe(true), patient);
  const question = reader.told.find((message) => message.type === 'diagnose');
  reader.send({ type: 'diagnosed', requestId: question?.requestId ?? '', report });
  expect(await (await asked).json()).toEqual(report);
  await reader.leave();
});

test('stops in order when asked, also with a client that holds on', async () => {
  const ask = get(`${base}/api/health`, { headers: { connection: 'keep-alive' } });
  await once(ask, 'response');
  const startedAt = performance.now();
  expect(await gateway.stop()).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(6000);
  ask.destroy();
});
