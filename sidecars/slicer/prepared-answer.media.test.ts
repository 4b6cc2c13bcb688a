import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { PreparedAnswer } from './prepared-answer.ts';

const body = 'a playlist of thirty characters';
let server: Server;
let answer: PreparedAnswer;

beforeEach(async () => {
  answer = new PreparedAnswer(['content-type', 'text/plain', 'vary', 'accept-encoding'], Buffer.from(body));
  server = createServer((request, response) => answer.send(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

/** Everything that one connection is answered, once `bytes` came or the server has closed it. */
async function raw(requests: string, bytes = Number.POSITIVE_INFINITY): Promise<string> {
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('not listening');
  const socket = connect(address.port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1');
  socket.write(requests);
  try {
    for await (const data of socket) {
      text += String(data);
      if (text.length >= bytes) break;
    }
  } finally {
    socket.destroy();
  }
  return text;
}

const get = 'GET / HTTP/1.1\r\nhost: a\r\n\r\n';
const leaving = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
const undated = (text: string) => text.replaceAll(/^Date: .*\r\n/gm, '');

describe('an answer prepared for many', () => {
  it('is to the byte what node answers the first who asks', async () => {
    const first = await raw(get, body.length + 1);
    const later = await raw(get, first.length);
    expect(undated(later)).toBe(undated(first));
    expect(later).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(later).toMatch(/^content-length: 31\r$/m);
    expect(later).toMatch(/^Date: /m);
    expect(later).toMatch(/^Connection: keep-alive\r$/m);
    expect(later.endsWith(`\r\n\r\n${body}`)).toBe(true);
  });

  it('leaves the connection to the next requests, also where they were sent ahead', async () => {
    const one = await raw(get, body.length + 1);
    const all = await raw(`${get}${get}${get}${leaving}`);
    expect(all.split(body)).toHaveLength(5);
    expect(undated(all).startsWith(undated(one).repeat(3))).toBe(true);
    expect(all).toMatch(/^Connection: close\r$/m);
  });

  it('keeps to what a client wants for itself alone', async () => {
    await raw(get, body.length + 1);
    expect(await raw(leaving)).toMatch(/^Connection: close\r$/m);
    expect(await raw('GET / HTTP/1.0\r\n\r\n')).toMatch(/^Connection: close\r$/m);
    const head = await raw(`HEAD / HTTP/1.1\r\nhost: a\r\n\r\n${leaving}`);
    expect(head.match(/^content-length: 31\r$/gm)).toHaveLength(2);
    expect(head.split(body)).toHaveLength(2);
  });

  it('tells those who listen that it was sent and what it was', async () => {
    const told: unknown[] = [];
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      response.on('finish', () =>
        told.push([response.headersSent, response.statusCode, response.writableFinished, request.complete]),
      );
      answer.send(request, response);
    });
    await raw(`${get}${get}${leaving}`);
    expect(told).toEqual([
      [true, 200, true, true],
      [true, 200, true, true],
      [true, 200, true, true],
    ]);
  });

  it('gets a head of its own each time where node marks heads in another way', async () => {
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      const unmarked = new Proxy(response, {
        has: (target, key) => key !== '_header' && key in target,
        get: (target, key) => {
          const value: unknown = Reflect.get(target, key, target);
          if (key === '_header') throw new Error('a mark that is not there was read');
          if (typeof value !== 'function') return value;
          return (...given: unknown[]): unknown => Reflect.apply(value, target, given);
        },
      });
      answer.send(request, unmarked);
    });
    const all = await raw(`${get}${get}${leaving}`);
    expect(all.split(body)).toHaveLength(4);
    expect(all.match(/^content-length: 31\r$/gm)).toHaveLength(3);
  });

  it('says a time that is no older than a second or two', async () => {
    await raw(get, body.length + 1);
    const dateOf = (text: string) => Date.parse(/^Date: (.*)\r$/m.exec(text)?.[1] ?? '');
    const until = Date.now() + 10_000;
    const first = dateOf(await raw(get, body.length + 1));
    while (dateOf(await raw(get, body.length + 1)) === first)
      if (Date.now() > until) throw new Error('the time stands still');
    expect(Date.now() - first).toBeLessThan(5000);
  });
});
