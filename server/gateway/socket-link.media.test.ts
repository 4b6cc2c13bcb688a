import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

import type { AppRouter } from '#server/api/app-router.ts';
import { callContext } from '#server/api/call-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { publicProcedure, router } from '#server/platform/trpc.ts';
import { silentLog } from '#server/testing/factories.ts';

import { SocketLink } from './socket-link.ts';

const patient = { timeout: 15_000, interval: 50 };
const anonymous: Actor = { type: 'anonymous' };
const large = 'x'.repeat(1024 * 1024);
let told = 0;
let ended = 0;

/** A single answer of a megabyte, and one that goes on for ever in such pieces. */
const doubles = router({
  large: publicProcedure.query(() => large),
  endless: publicProcedure.subscription(async function* endless() {
    try {
      for (;;) {
        told += 1;
        yield large;
      }
    } finally {
      ended += 1;
    }
  }),
});

let server: WebSocketServer | null = null;
afterEach(() => {
  for (const link of server?.clients ?? []) link.terminate();
  server?.close();
});

async function connected(look: () => Promise<Actor | null> = async () => anonymous) {
  const drops: string[] = [];
  const links: SocketLink[] = [];
  const wss = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server = wss;
  wss.on('connection', (link, request) => {
    const identity = { isAllowed: () => false, isAllowedSomewhere: () => false };
    const audit = { append: async () => undefined };
    links.push(
      new SocketLink({
        server: wss,
        link,
        request,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a double with two procedures of its own
        appRouter: doubles as unknown as AppRouter,
        actor: anonymous,
        look,
        context: (takesMore) =>
          callContext(
            { identity, audit },
            { actor: anonymous, door: 'socket', requestId: 'r1', ip: null, userAgent: null, log: silentLog, takesMore },
          ),
        limits: { passCalls: async () => undefined, passMessages: async () => undefined },
        onDrop: (reason) => drops.push(reason),
        log: silentLog,
      }),
    );
  });
  await once(wss, 'listening');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens at a port
  const client = new WebSocket(`ws://127.0.0.1:${(wss.address() as AddressInfo).port}`);
  client.on('error', () => undefined);
  await once(client, 'open');
  const send = (id: number, method: string, path: string) =>
    client.send(JSON.stringify({ id, method, params: { path, input: { json: null } } }));
  return { client, send, drops, links };
}

test('who asks and does not read is cut when four megabytes wait for them', async () => {
  const { client, send, drops, links } = await connected();
  client.pause();
  for (let id = 1; id <= 60; id += 1) send(id, 'query', 'large');
  await vi.waitFor(() => expect(drops).toEqual(['slow']), patient);
  await vi.waitFor(() => expect(links[0]?.isOpen).toBe(false), patient);
  client.terminate();
}, 30_000);

test('a subscription tells no faster than it is read, and ends with the connection', async () => {
  told = 0;
  const { client, send, drops } = await connected();
  client.pause();
  send(1, 'subscription', 'endless');
  // The kernel takes some megabytes, then nothing more is asked for.
  let before = -1;
  await vi.waitFor(
    () => {
      const same = told > 0 && told === before;
      before = told;
      expect(same).toBe(true);
    },
    { timeout: 15_000, interval: 500 },
  );
  const stalledAt = told;
  client.resume();
  await vi.waitFor(() => expect(told).toBeGreaterThan(stalledAt + 5), patient);
  client.terminate();
  await vi.waitFor(() => expect(ended).toBe(1), patient);
  expect(drops).toEqual([]);
}, 40_000);

test('while nobody can say who it is, what runs goes on and what is asked is refused', async () => {
  const { client, send, drops, links } = await connected(async () => {
    throw new Error('the database is away');
  });
  const answered = once(client, 'message');
  await links[0]?.lookAgain();
  expect(links[0]?.isOpen).toBe(true);
  send(1, 'query', 'large');
  expect(String((await answered)[0])).toContain('"code":"INTERNAL"');
  expect(drops).toEqual([]);
  client.terminate();
});
