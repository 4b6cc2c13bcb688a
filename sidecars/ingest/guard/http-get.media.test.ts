import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { afterEach, expect, test } from 'vitest';

import { createAddressGuard } from './address-guard.ts';
import { httpGet, httpUrl, readBody } from './http-get.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function aServer(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const bound = server.address();
  return `127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
}

function aGuard(answers: Record<string, string> = {}) {
  const guard = createAddressGuard({
    allowedCidrs: ['127.0.0.1/32'],
    lookup: (host) => Promise.resolve([{ address: answers[host] ?? '10.9.9.9', family: 4 }]),
  });
  closers.push(() => guard.close());
  return guard;
}

const get = (address: string, guard = aGuard()) =>
  httpGet(httpUrl(address), { guard, signal: AbortSignal.timeout(4000) });

test.each([
  ['another private address', 'http://10.0.0.1/x', 'ADDRESS_FORBIDDEN'],
  ['another loopback address', 'http://127.0.0.2:1/x', 'ADDRESS_FORBIDDEN'],
  ['a decimal address', 'http://167772161/x', 'ADDRESS_FORBIDDEN'],
  ['the metadata service', 'http://169.254.169.254/latest/meta-data/', 'ADDRESS_FORBIDDEN'],
  ['an IPv6 loopback', 'http://[::1]/x', 'ADDRESS_FORBIDDEN'],
  ['a name inside', 'http://inside.example/x', 'ADDRESS_FORBIDDEN'],
  ['a file', 'file:///etc/passwd', 'ADDRESS_FORBIDDEN'],
  ['gopher', 'gopher://127.0.0.1/x', 'ADDRESS_FORBIDDEN'],
])('a redirect to %s is refused', async (_what, location, code) => {
  const host = await aServer((_request, response) => response.writeHead(302, { location }).end());
  await expect(get(`http://${host}/start`)).rejects.toMatchObject({ code });
});

test('follows a redirect to an allowed place, and not for ever', async () => {
  const host = await aServer((request, response) => {
    if (request.url === '/end') response.end('here');
    else response.writeHead(302, { location: request.url === '/start' ? '/end' : '/ring' }).end();
  });
  expect((await readBody(await get(`http://${host}/start`), 100)).toString()).toBe('here');
  await expect(get(`http://${host}/ring`)).rejects.toMatchObject({ code: 'DATA_INVALID' });
});

test('credentials go to their own origin only, percent-decoded', async () => {
  const seen: (string | undefined)[] = [];
  const other = await aServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end('x');
  });
  const first = await aServer((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(302, { location: `http://${other}/` }).end();
  });
  await readBody(await get(`http://us%C3%A9r:p%40ss@${first}/`), 100);
  expect(seen).toEqual([`Basic ${Buffer.from('usér:p@ss').toString('base64')}`, undefined]);
});

test('answers a Digest challenge', async () => {
  const host = await aServer((request, response) => {
    const given = request.headers.authorization ?? '';
    if (given.startsWith('Digest') && given.includes('username="u"') && given.includes('qop=auth')) response.end('in');
    else
      response
        .writeHead(401, { 'www-authenticate': 'Digest realm="cam", nonce="n1", qop="auth", algorithm=SHA-256' })
        .end();
  });
  expect((await readBody(await get(`http://u:p@${host}/`), 100)).toString()).toBe('in');
});

test.each([
  [401, 'AUTH_REQUIRED'],
  [403, 'AUTH_REFUSED'],
  [404, 'NOT_FOUND'],
  [429, 'BUSY'],
  [503, 'BUSY'],
  [500, 'UNREACHABLE'],
])('status %i is %s', async (status, code) => {
  const host = await aServer((_request, response) => response.writeHead(status).end());
  await expect(get(`http://${host}/`)).rejects.toMatchObject({ code });
});

test('a body over its bound is refused', async () => {
  const host = await aServer((_request, response) => response.end(Buffer.alloc(2000)));
  await expect(readBody(await get(`http://${host}/`), 1000)).rejects.toMatchObject({ code: 'DATA_INVALID' });
});
