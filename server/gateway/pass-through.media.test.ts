import { createServer, get, request as httpRequest, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, it } from 'vitest';

import { AppError } from '#server/platform/app-error.ts';

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
      .pass(request, response, { target, path: '/', headers: {}, answerWithinMs: 2000, idleMs: 2000, bodyBytesMax: 0 })
      .catch(() => response.writeHead(502).end());
  });
  expect(await fetchStatus(front.port)).toBe(200);
  await expect.poll(() => fetchStatus(front.port)).toBe(200);
  expect(connections).toBeGreaterThan(1);
  passing.close();
});

/** A front that passes on to `behind`, and says the status of a refusal. */
async function frontOf(passing: PassThrough, behind: number, bodyBytesMax: number): Promise<number> {
  const front = await serve((request, response) => {
    const target = new URL(`http://127.0.0.1:${behind}`);
    passing
      .pass(request, response, { target, path: '/', headers: {}, answerWithinMs: 5000, idleMs: 5000, bodyBytesMax })
      .catch((error: unknown) => response.writeHead(error instanceof AppError ? error.status : 500).end());
  });
  return front.port;
}

function send(
  port: number,
  { method, chunks, length }: { method: string; chunks: string[]; length?: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': length };
    const ask = httpRequest({ host: '127.0.0.1', port, method, path: '/', headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      // A refusal may come before the body has ended.
      ask.destroy();
    });
    ask.on('error', reject);
    ask.flushHeaders();
    for (const chunk of chunks) ask.write(chunk);
    if (length === undefined) ask.end();
  });
}

it('refuses a body that says it is too large at once, and one that grows too large as it comes', async () => {
  const heard: number[] = [];
  let broken = 0;
  const behind = await serve((request, response) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('error', () => (broken += 1));
    request.on('end', () => {
      heard.push(bytes);
      response.end();
    });
  });
  const passing = new PassThrough();
  const port = await frontOf(passing, behind.port, 1000);
  expect(await send(port, { method: 'POST', chunks: [], length: 1001 })).toBe(413);
  expect([heard, broken]).toEqual([[], 0]);
  expect(await send(port, { method: 'POST', chunks: ['x'.repeat(600), 'x'.repeat(600)] })).toBe(413);
  expect(heard).toEqual([]);
  expect(await send(port, { method: 'POST', chunks: ['x'.repeat(400), 'x'.repeat(600)] })).toBe(200);
  expect(heard).toEqual([1000]);
  await expect.poll(() => passing.open).toBe(0);
  passing.close();
});

it('a body never becomes a request of its own behind: each is framed, and what GET carries is left out', async () => {
  const heard: string[] = [];
  const behind = await serve((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      heard.push(`${request.method} ${request.url} ${body}`);
      response.end();
    });
  });
  const passing = new PassThrough();
  const port = await frontOf(passing, behind.port, 1000);
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n';
  expect(await send(port, { method: 'DELETE', chunks: [hidden] })).toBe(200);
  expect(await send(port, { method: 'GET', chunks: [hidden], length: hidden.length })).toBe(200);
  expect(await fetchStatus(port)).toBe(200);
  expect(heard).toEqual([`DELETE / ${hidden}`, 'GET / ', 'GET / ']);
  passing.close();
});
