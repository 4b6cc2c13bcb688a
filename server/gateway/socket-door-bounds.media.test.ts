import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';

import { afterEach, expect, test, vi } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';

import type { AppRouter } from '#server/api/app-router.ts';
import { callContext } from '#server/api/call-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { createMetrics } from '#server/platform/metrics.ts';
import { publicProcedure, router } from '#server/platform/trpc.ts';
import { silentLog } from '#server/testing/factories.ts';
import { urlOf } from '#server/testing/gateway-process.ts';

import { SocketDoor } from './socket-door.ts';

const patient = { timeout: 10_000, interval: 20 };
const anonymous: Actor = { type: 'anonymous' };
let server: Server | null = null;
let door: SocketDoor | null = null;

afterEach(() => {
  door?.close();
  server?.closeAllConnections();
  server?.close();
});

/** A door without a house: everybody is nobody, and shares one client's bounds. */
async function aDoor(times: ConstructorParameters<typeof SocketDoor>[0]['times'] = {}) {
  const metrics = createMetrics('test');
  const identity = { isAllowed: () => false, isAllowedSomewhere: () => false };
  const opened = new SocketDoor({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a double with a procedure of its own
    appRouter: router({ yes: publicProcedure.query(() => 'yes') }) as unknown as AppRouter,
    actorOf: async () => anonymous,
    tokens: { redeemWsTicket: async () => null, actorOfHolder: async () => null },
    addressOf: () => '192.0.2.1',
    isOurs: () => true,
    limits: {
      passConnection: async () => anonymous,
      passCalls: async () => undefined,
      passMessages: async () => undefined,
      clientOf: () => ({ client: 'ip:192.0.2.1', factor: 1 }),
    },
    contextOf: (_request, call) =>
      callContext(
        { identity, audit: { append: async () => undefined } },
        { ...call, door: 'socket', ip: null, userAgent: null, log: silentLog },
      ),
    metrics,
    log: silentLog,
    times,
  });
  const listening = createServer((_request, response) => response.end());
  listening.on('upgrade', (request, socket, head) => opened.accept(request, socket, head));
  listening.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  [server, door] = [listening, opened];
  const connect = (options: ClientOptions = {}) =>
    new WebSocket(`${urlOf(listening).replace('http', 'ws')}/trpc`, options).on('error', () => undefined);
  const drops = async () =>
    (await metrics.webSocketDrops.get()).values.map(({ labels, value }) => [labels.reason, value]);
  return { opened, connect, drops };
}

const opened = async (link: WebSocket) => {
  await once(link, 'open');
  return link;
};
const closeCodeOf = (link: WebSocket) =>
  new Promise<number>((resolve) => {
    link.once('close', resolve);
  });

const refusalOf = (link: WebSocket) =>
  new Promise<IncomingMessage>((resolve) => {
    link.once('unexpected-response', (_request, answer) => resolve(answer.resume()));
  });

test('a client has fifty connections at most; one that closes makes room', async () => {
  const { connect, opened: door50, drops } = await aDoor();
  const links = await Promise.all(Array.from({ length: 50 }, () => opened(connect())));
  expect(door50.open).toBe(50);
  const answer = await refusalOf(connect());
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '10']);
  expect(await drops()).toEqual([['full', 1]]);
  links[0]?.close();
  await vi.waitFor(() => expect(door50.open).toBe(49), patient);
  await opened(connect());
  for (const link of links) link.terminate();
}, 30_000);

test('who does not answer a ping is cut, and who does stays', async () => {
  const { connect, drops } = await aDoor({ lookEveryMs: 50, pingEveryMs: 50, silentMsMax: 1500 });
  const lively = await opened(connect());
  const dead = await opened(connect({ autoPong: false }));
  expect(await closeCodeOf(dead)).toBe(1006);
  expect(lively.readyState).toBe(WebSocket.OPEN);
  expect(await drops()).toEqual([['silent', 1]]);
});

test('nobody stays for ever, and nobody comes while the house stops', async () => {
  const { connect, opened: stopping } = await aDoor({ lookEveryMs: 50, livesMs: 300 });
  expect(await closeCodeOf(await opened(connect()))).toBe(4408);
  const last = await opened(connect());
  stopping.close();
  expect(await closeCodeOf(last)).toBe(1012);
  expect((await refusalOf(connect())).statusCode).toBe(503);
});
