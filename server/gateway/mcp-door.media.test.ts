import { randomUUID } from 'node:crypto';

import { Client, StreamableHTTPClientTransport, type CallToolResult } from '@modelcontextprotocol/client';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';

import { authSecret } from '#server/testing/gateway-process.ts';
import { openMachineDoors, type MachineDoors } from '#server/testing/machine-doors.ts';

let doors: MachineDoors;
const clients: Client[] = [];
beforeAll(async () => {
  doors = await openMachineDoors();
}, 90_000);
afterAll(async () => {
  for (const client of clients) await client.close();
  await doors.close();
}, 30_000);

/** As a stranger connects: by the official client, with what they were given. */
async function agent(headers: Record<string, string> = {}) {
  const client = new Client({ name: 'a test', version: '1' });
  clients.push(client);
  await client.connect(new StreamableHTTPClientTransport(new URL(`${doors.base}/mcp`), { requestInit: { headers } }));
  const call = (name: string, given: Record<string, unknown> = {}) => client.callTool({ name, arguments: given });
  return { client, call };
}

/** Matchers are `any`. */
const anyOf = (matcher: unknown): unknown => matcher;
const saidBy = (result: unknown): Record<string, unknown> =>
  z.object({ structuredContent: z.record(z.string(), z.unknown()) }).parse(result).structuredContent;
const textOf = (result: CallToolResult): string =>
  result.content.map((part) => ('text' in part ? part.text : '')).join('');
const picture = () => ({ type: 'image', mimeType: 'image/jpeg', data: doors.jpeg.toString('base64') });
const patient = { timeout: 20_000, interval: 200 };
const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

/** Asks all that can be asked of one camera, and says of each answer whether it told anything. */
async function toldOf(
  call: Awaited<ReturnType<typeof agent>>['call'],
  cameraId: string,
): Promise<Record<string, string>> {
  const told: Record<string, string> = {};
  for (const [name, more] of [
    ['camera_state', {}],
    ['look_at_camera', {}],
    ['recordings_of', { from: anHourAgo() }],
    ['look_at_camera_at', { at: anHourAgo() }],
  ] as const) {
    const result = await call(name, { camera_id: cameraId, ...more });
    told[name] = result.isError ? (/\((\w+):/.exec(textOf(result))?.[1] ?? textOf(result)) : 'told';
  }
  return told;
}

const each = (word: string) => ({
  camera_state: word,
  look_at_camera: word,
  recordings_of: word,
  look_at_camera_at: word,
});

test('an agent finds a camera, reads its state, looks at it and learns what is recorded', async () => {
  const camera = await doors.aCamera({ name: 'Pier of the agent', latitude: 10, longitude: 20 });
  const { client, call } = await agent({ cookie: doors.cookie });
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'find_cameras',
    'camera_state',
    'look_at_camera',
    'recordings_of',
    'look_at_camera_at',
  ]);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);

  const found = saidBy(await call('find_cameras', { words: 'pier agent' }));
  expect(found).toMatchObject({ cameras: [{ camera_id: camera.id, name: 'Pier of the agent' }], total: 1 });
  const state = saidBy(await call('camera_state', { camera_id: camera.id }));
  expect(state).toMatchObject({ camera: { camera_id: camera.id } });
  // Until a slicer has taken up the new stream, the tool says in words that there is nothing to see.
  const seen = await vi.waitFor(async () => {
    const looked = await call('look_at_camera', { camera_id: camera.id });
    expect(looked.content).toContainEqual(picture());
    return looked;
  }, patient);
  expect(saidBy(seen)).toMatchObject({ captured_at: doors.capturedAt, age_seconds: anyOf(expect.any(Number)) });
  const from = anHourAgo();
  const recorded = saidBy(await call('recordings_of', { camera_id: camera.id, from }));
  expect(recorded).toMatchObject({
    from,
    spans: [{ from, kind: 'recorded' }],
    playback: anyOf(expect.stringContaining(camera.streamId)),
  });
  const past = await call('look_at_camera_at', { camera_id: camera.id, at: from });
  expect(past.content).toContainEqual(picture());
});

test('what is found comes a page at a time, and near a place the nearest first', async () => {
  const made = [];
  for (const longitude of [1, 2, 3])
    made.push(await doors.aCamera({ name: `Lantern ${longitude}`, latitude: -50, longitude }));
  const ids = made.map(({ id }) => id);
  const { call } = await agent();
  const page = z.object({
    cameras: z.array(z.object({ camera_id: z.string() })),
    total: z.int().nullable(),
    next_cursor: z.string().nullable(),
  });
  const first = page.parse(saidBy(await call('find_cameras', { words: 'lantern', limit: 2 })));
  expect([first.cameras.map((one) => one.camera_id), first.total]).toEqual([ids.slice(0, 2), 3]);
  const second = await call('find_cameras', { words: 'lantern', limit: 2, cursor: first.next_cursor ?? '' });
  expect(saidBy(second)).toMatchObject({ cameras: [{ camera_id: ids[2] }], total: 3, next_cursor: null });

  const near = { latitude: -50, longitude: 3.1 };
  // The map of the planet hears of a new camera a moment later.
  await vi.waitFor(async () => {
    const around = page.parse(saidBy(await call('find_cameras', { near, words: 'Lantern' })));
    expect(around.cameras.map((one) => one.camera_id)).toEqual(ids.toReversed());
    expect(around.total).toBeNull();
  }, patient);
  const close = page.parse(saidBy(await call('find_cameras', { near: { ...near, within_km: 20 } })));
  expect(close.cameras.map((one) => one.camera_id)).toEqual([ids[2]]);
});

describe('who may', () => {
  test('a stranger meets only what is public, in words, and a bad key meets 401', async () => {
    const hidden = await doors.aCamera({ name: 'Vault of the agent', visibility: 'private' });
    const { call } = await agent();
    expect(saidBy(await call('find_cameras', { words: 'vault' }))).toMatchObject({ cameras: [], total: 0 });
    expect(await toldOf(call, hidden.id)).toEqual(each('NOT_FOUND'));
    const bad = await doors.post(
      '/mcp',
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { authorization: 'Bearer sns_wrong' },
    );
    expect(bad.status).toBe(401);
    expect(bad.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  /** A person with a role for one camera, and a key of the owner's for it alone. */
  async function holdersOf(cameraId: string): Promise<Record<string, Record<string, string>>> {
    const [userId, sid] = [randomUUID(), randomUUID()];
    await doors.database.user.create({
      data: {
        id: userId,
        email: `${userId}@example.org`,
        userName: `u-${userId}`,
        name: 'Guard',
        roles: { create: { id: randomUUID(), roleId: 'viewer', objectType: 'camera', objectId: cameraId } },
        sessions: { create: { id: sid, expiresAt: new Date(Date.now() + 3_600_000) } },
      },
    });
    const key = await doors.post(
      '/api/v1/keys',
      {
        name: 'one camera',
        permissions: ['camera:view', 'stream:view', 'recording:view'],
        objects: [{ type: 'camera', id: cameraId }],
      },
      { cookie: doors.cookie },
    );
    const { secret } = z.object({ secret: z.string() }).parse(await key.json());
    return {
      'a role for one camera': {
        cookie: `next-auth.session-token=${await encode({ token: { sid }, secret: authSecret })}`,
      },
      'a key for one camera': { authorization: `Bearer ${secret}` },
    };
  }

  test('a role or a key for one camera shows exactly that camera, by every tool', async () => {
    const here = { visibility: 'private', latitude: -60, longitude: 60 } as const;
    const granted = await doors.aCamera({ ...here, name: 'Gate, granted' });
    const other = await doors.aCamera({ ...here, name: 'Gate, not granted' });
    for (const [who, headers] of Object.entries(await holdersOf(granted.id))) {
      const { call } = await agent(headers);
      for (const asked of [{ words: 'gate granted' }, { near: { latitude: -60, longitude: 60, within_km: 1 } }]) {
        await vi.waitFor(async () => {
          const { cameras } = saidBy(await call('find_cameras', asked));
          expect([who, asked, cameras]).toMatchObject([who, asked, [{ camera_id: granted.id }]]);
          expect(cameras).toHaveLength(1);
        }, patient);
      }
      await vi.waitFor(async () => expect([who, await toldOf(call, granted.id)]).toEqual([who, each('told')]), patient);
      const looked = await call('look_at_camera', { camera_id: granted.id });
      expect(looked.content).toContainEqual(picture());
      expect([who, await toldOf(call, other.id)]).toEqual([who, each('NOT_FOUND')]);
    }
  }, 60_000);

  test('a key without the word for cameras sees none, and is told so in words', async () => {
    const camera = await doors.aCamera({ name: 'Public square' });
    const key = await doors.post(
      '/api/v1/keys',
      { name: 'x', permissions: ['product:search'] },
      { cookie: doors.cookie },
    );
    const { secret } = z.object({ secret: z.string() }).parse(await key.json());
    const { call } = await agent({ 'x-api-key': secret });
    expect(saidBy(await call('find_cameras', { words: 'public square' }))).toMatchObject({ cameras: [], total: 0 });
    expect(await toldOf(call, camera.id)).toEqual(each('NOT_FOUND'));
  });
});

describe('arguments that are not right', () => {
  test.each([
    ['find_cameras', { location: 'Tokyo' }, 'location'],
    ['find_cameras', { near: { latitude: 91, longitude: 0 } }, 'latitude'],
    ['find_cameras', { near: { latitude: 1, longitude: 0, radius: 5 } }, 'radius'],
    ['find_cameras', { limit: 0 }, 'limit'],
    ['find_cameras', { limit: '20' }, 'limit'],
    ['find_cameras', { states: ['working'] }, 'states'],
    ['find_cameras', { cursor: 'not one' }, 'cursor'],
    ['find_cameras', { near: { latitude: 1, longitude: 1 }, cursor: 'x' }, 'next page'],
    ['camera_state', {}, 'camera_id'],
    ['camera_state', { camera_id: 'harbour' }, 'camera_id'],
    ['look_at_camera', { camera_id: 5 }, 'camera_id'],
    ['recordings_of', { camera_id: randomUUID(), from: 'yesterday' }, 'from'],
    ['recordings_of', { camera_id: randomUUID(), from: '2026-11-20T10:00:00' }, 'from'],
    ['recordings_of', { camera_id: randomUUID(), from: '2999-01-01T00:00:00Z' }, '`from` lies ahead'],
    ['look_at_camera_at', { camera_id: randomUUID() }, 'at'],
    ['look_at_camera_at', { camera_id: randomUUID(), at: '2999-01-01T00:00:00Z' }, '`at` lies ahead'],
    ['look_at_camera_at', { camera_id: randomUUID(), at: '2026-11-20T10:00:00Z' }, 'find_cameras'],
  ])('%s %j is answered in words that name what is wrong: %s', async (name, given, word) => {
    const { call } = await agent();
    const result = await call(name, given);
    expect(result.isError).toBe(true);
    expect(textOf(result)).toContain(word);
  });

  test('a span that is backwards or longer than a day says so', async () => {
    const camera = await doors.aCamera();
    const { call } = await agent();
    const span = (from: string, to?: string) =>
      call('recordings_of', { camera_id: camera.id, from, ...(to && { to }) });
    expect(textOf(await span('2026-11-20T10:00:00Z', '2026-11-20T09:00:00Z'))).toContain('lies before');
    expect(textOf(await span('2026-11-01T00:00:00Z', '2026-11-03T00:00:00Z'))).toContain('a day at most');
  });

  test('each message of a batch counts as a request', async () => {
    const ping = { jsonrpc: '2.0', method: 'ping' };
    const send = async (length: number) => {
      const { headers, status } = await doors.send('/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...key },
        body: JSON.stringify(Array.from({ length }, (_, id) => ({ ...ping, id }))),
      });
      return { status, left: Number(headers.get('ratelimit-remaining')) };
    };
    const made = await doors.post(
      '/api/v1/keys',
      { name: 'x', permissions: ['*'], objects: null, expiresAt: null },
      { cookie: doors.cookie },
    );
    const key = { authorization: `Bearer ${z.object({ secret: z.string() }).parse(await made.json()).secret}` };
    const before = (await send(1)).left;
    for (let sent = 0; sent < 9; sent += 1) expect((await send(100)).status).toBe(200);
    // A request itself and what is in it: what is left is told by the next.
    expect((await send(1)).left).toBe(before - 901);
    expect((await send(100)).status).toBe(429);
  });

  test('an unknown tool, a body that is no JSON and one that is too large are refused without a fault of ours', async () => {
    const { call } = await agent();
    await expect(call('drop_tables')).rejects.toThrow(/not found/i);
    const raw = (body: string) =>
      doors.send('/mcp', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
        body,
      });
    expect((await raw('{')).status).toBe(400);
    expect((await raw('[{')).status).toBe(400);
    expect((await raw(`{"x":"${'y'.repeat(300_000)}"}`)).status).toBe(413);
  });
});
