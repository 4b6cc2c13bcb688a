import { afterAll, beforeAll, expect, test } from 'vitest';

import { toAppError } from '#server/platform/trpc.ts';
import { aServer, urlOf } from '#server/testing/gateway-process.ts';

import { createPictureDoor } from './picture-door.ts';

const picture = Uint8Array.from(Buffer.from('RIFF a picture'));
const asked: string[] = [];
let server: Awaited<ReturnType<typeof aServer>>;

beforeAll(async () => {
  const door = createPictureDoor({
    read: async (name) => {
      asked.push(name);
      return name === 'known.webp' ? picture : null;
    },
  });
  server = await aServer((request, response) => {
    door(request, response, request.url ?? '').catch((error: unknown) => {
      response.writeHead(toAppError(error).status).end();
    });
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a picture is given to keep for ever, and a HEAD tells of it', async () => {
  const got = await fetch(`${urlOf(server)}/pictures/known.webp`);
  expect(Object.fromEntries(got.headers)).toMatchObject({
    'content-type': 'image/webp',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': String(picture.length),
  });
  expect(new Uint8Array(await got.arrayBuffer())).toEqual(picture);
  const head = await fetch(`${urlOf(server)}/pictures/known.webp`, { method: 'HEAD' });
  expect(head.status).toBe(200);
});

test('what is not there, and what is no reading, is not found', async () => {
  expect((await fetch(`${urlOf(server)}/pictures/other.webp`)).status).toBe(404);
  const before = asked.length;
  expect((await fetch(`${urlOf(server)}/pictures/known.webp`, { method: 'POST', body: 'x' })).status).toBe(404);
  expect(asked).toHaveLength(before);
});
