import { createServer, get, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { PassThrough } from './pass-through.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: isBound(address) ? address.port : 0 };
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

function fetchStatus(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/' }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    }).on('error', reject);
  });
}

it('asks again when the process behind closes an idle connection as it is taken up', async () => {
  let connections = 0;
  const seen = new WeakSet<object>();
  const behind = await serve((request, response) => {
    // The second request on a connection is cut without an answer, as a server does whose idle time is just over.
    if (seen.has(request.socket)) {
      request.socket.destroy();
      return;
    }
    seen.add(request.socket);
    response.end('here');
  });
  behind.server.on('connection', () => {
    connections += 1;
  });
  const passing = new PassThrough();
  const front = await serve((request, response) => {
    const target = new URL(`http://127.0.0.1:${behind.port}`);
    passing
      .pass(request, response, { target, path: '/', headers: {}, answerWithinMs: 2000, idleMs: 2000 })
      .catch(() => response.writeHead(502).end());
  });
  expect(await fetchStatus(front.port)).toBe(200);
  await expect.poll(() => fetchStatus(front.port)).toBe(200);
  expect(connections).toBeGreaterThan(1);
  passing.close();
});
