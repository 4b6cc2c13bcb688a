import { Hono } from 'hono';
import { expect, test } from 'vitest';

import { boundedJson, jsonExcess } from './json-bounds.ts';

test('JSON that is nested beyond any contract is refused at the length it has, not at the depth', () => {
  expect(jsonExcess('['.repeat(33))).toBe('depth');
  expect(jsonExcess('{"a":'.repeat(500_000))).toBe('depth');
  expect(jsonExcess(`${'['.repeat(32)}${']'.repeat(32)}`)).toBeNull();
});

test('JSON of very many values is refused', () => {
  expect(jsonExcess(`[${'0,'.repeat(200_000)}0]`)).toBe('values');
});

test('what stands inside texts is not counted', () => {
  expect(jsonExcess(JSON.stringify({ text: '[[[{{{"\\,,,'.repeat(100_000) }))).toBeNull();
});

test('a bomb in a body or in a query never reaches who would walk it', async () => {
  const app = new Hono();
  let reached = 0;
  app.onError((error, c) => c.text(error.message, 400));
  app.use(boundedJson);
  app.all('/trpc/*', async (c) => {
    reached += 1;
    return c.text(c.req.method === 'POST' ? await c.req.raw.text() : 'read');
  });
  const bomb = '['.repeat(5000) + ']'.repeat(5000);
  const post = (body: string) =>
    app.request('/trpc/a', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  expect((await post(bomb)).status).toBe(400);
  expect((await app.request(`/trpc/a?input=${encodeURIComponent(bomb)}`)).status).toBe(400);
  expect(reached).toBe(0);
  expect(await (await post('{"a":[1]}')).text()).toBe('{"a":[1]}');
});
