import { randomUUID } from 'node:crypto';

import { expect, test } from 'vitest';

import { streamId } from '#server/contracts/ids.ts';
import { tokenRooms, tokenSecret } from '#server/testing/token-rooms.ts';
import { TokenCheck } from '#sidecars/slicer/lease-token.ts';

const rooms = tokenRooms();
const { later, aKey, whoIs } = rooms;

test('a playback token names who it was given to, opens one stream, and is over at its time', async () => {
  const [id, other] = [streamId.parse(randomUUID()), streamId.parse(randomUUID())];
  const { key, secret } = await aKey(['stream:view']);
  const agent = await whoIs(secret);
  if (!agent) throw new Error('the key is not taken');
  const { token, path } = await rooms.tokens.playback.create(agent, { streamId: id, purpose: 'view' });
  expect(path).toBe(`/media/~${token}/${id}/index.m3u8`);
  expect(await rooms.tokens.playback.read(token, id)).toEqual({ kind: 'key', id: key.id });
  expect(await rooms.tokens.playback.read(token, other)).toBeNull();
  later(61);
  expect(await rooms.tokens.playback.read(token, id)).toBeNull();
  const long = await rooms.tokens.playback.create(agent, { streamId: id, purpose: 'foreign' });
  later(12 * 3600 - 1);
  expect(await rooms.tokens.playback.read(long.token, id)).not.toBeNull();
  later(2);
  expect(await rooms.tokens.playback.read(long.token, id)).toBeNull();
  // What a slicer takes for itself names nobody.
  expect(await rooms.tokens.playback.read(await rooms.tokens.playback.forSlicer(id), id)).toBeNull();
  await expect(
    rooms.tokens.playback.create({ type: 'anonymous' }, { streamId: id, purpose: 'foreign' }),
  ).rejects.toMatchObject({
    code: 'UNAUTHENTICATED',
  });
});

test('a slicer takes what the gateway makes for it, and none of the tokens that people hold', async () => {
  const id = streamId.parse(randomUUID());
  const slicer = new TokenCheck(tokenSecret);
  expect(await slicer.mayPlay(await rooms.tokens.playback.forSlicer(id), id)).toBe(true);
  expect(await slicer.mayPlay(await rooms.tokens.playback.forSlicer(id), randomUUID())).toBe(false);
  for (const purpose of ['view', 'foreign'] as const) {
    const { token } = await rooms.tokens.playback.create(rooms.person, { streamId: id, purpose });
    expect(await slicer.mayPlay(token, id)).toBe(false);
    expect(await slicer.lease(`Bearer ${token}`)).toBeNull();
    expect(await slicer.mayRead(`Bearer ${token}`, id)).toBe(false);
  }
});
