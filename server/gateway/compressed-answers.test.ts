import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { expect, test } from 'vitest';

import { compressedAnswers } from './compressed-answers.ts';

const list = JSON.stringify({ items: Array.from({ length: 200 }, (_, place) => ({ place, state: 'live' })) });
const app = new Hono<{ Bindings: HttpBindings }>();
app.use(compressedAnswers);
app.all('*', (c) => {
  const json = { 'content-type': 'application/json', vary: 'cookie', 'content-length': String(list.length) };
  if (c.req.path.endsWith('.txt')) return new Response(list, { headers: { 'content-type': 'text/event-stream' } });
  if (c.req.path === '/api/v1/small') return c.json({ status: 'ok' });
  return new Response(list, { status: c.req.path === '/api/v1/refused' ? 403 : 200, headers: json });
});

const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.request(path, { method, headers: { 'accept-encoding': 'gzip, deflate', ...headers } });
const codingOf = async (path: string, headers?: Record<string, string>, method?: string) =>
  (await ask(path, headers, method)).headers.get('content-encoding');

test('who shows nothing of themselves gets every answer smaller, and the same', async () => {
  const zipped = await ask('/api/v1/cameras?limit=200');
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(zipped.headers.get('content-length')).toBeNull();
  expect(zipped.headers.get('vary')).toBe('cookie, accept-encoding');
  const bytes = Buffer.from(await zipped.arrayBuffer());
  expect(bytes.length).toBeLessThan(list.length / 4);
  expect(gunzipSync(bytes).toString()).toBe(list);

  const brotli = await ask('/trpc/cameras.list', { 'accept-encoding': 'gzip, br', cookie: 'locale=ja; theme=dark' });
  expect(brotli.headers.get('content-encoding')).toBe('br');
  expect(brotliDecompressSync(Buffer.from(await brotli.arrayBuffer())).toString()).toBe(list);
});

test.each([
  ['a session', { cookie: 'locale=en; next-auth.session-token=x' }],
  ['a guest', { cookie: '__Host-sensorium-guest=x' }],
  ['a token', { authorization: 'Bearer x' }],
  ['a key', { 'x-api-key': 'x' }],
])('the length of an answer to %s is its own, unless it repeats nothing of the question', async (_who, headers) => {
  expect(await codingOf('/api/v1/cameras', headers)).toBeNull();
  expect(await codingOf('/trpc/identity.me', headers)).toBeNull();
  expect(await codingOf('/trpc/earth.search?input=x', headers)).toBeNull();
  expect(await codingOf('/trpc/earth.view,identity.me?batch=1', headers)).toBeNull();
  expect(await codingOf('/trpc/earth.view,earth.labels?batch=1', headers)).toBe('gzip');
});

test('what is short, refused, changing, not JSON or not wished for smaller stays as it is', async () => {
  expect(await codingOf('/api/v1/small')).toBeNull();
  expect(await (await ask('/api/v1/small')).json()).toEqual({ status: 'ok' });
  expect(await codingOf('/api/v1/refused')).toBeNull();
  expect(await codingOf('/api/v1/cameras', {}, 'POST')).toBeNull();
  expect(await codingOf('/events.txt')).toBeNull();
  expect(await codingOf('/api/v1/cameras', { 'accept-encoding': 'identity, br;q=0, gzip;q=0.0' })).toBeNull();
});
