import { decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';

import { tokenRooms } from '#server/testing/token-rooms.ts';

const rooms = tokenRooms();
const { later, aHouse, login, whoIs } = rooms;

test('keys are rotated without a sign-out, here and in another process, and old ones leave when their last token is over', async () => {
  const before = await login();
  const elsewhere = aHouse();
  expect(await whoIs(before.access_token, elsewhere.tokens)).not.toBeNull();
  const old = decodeProtectedHeader(before.access_token).kid;
  const kid = await rooms.tokens.signingKeys.rotate();
  later(2);
  const after = await login();
  expect(decodeProtectedHeader(after.access_token).kid).toBe(kid);
  for (const { access_token: token } of [before, after])
    for (const who of [rooms.tokens, elsewhere.tokens]) expect(await whoIs(token, who)).not.toBeNull();
  const { keys } = await rooms.tokens.signingKeys.jwks();
  expect(keys.map((key) => key.kid)).toEqual(expect.arrayContaining([old, kid]));
  expect(JSON.stringify(keys)).not.toMatch(/"(?:d|p|q|dp|dq|qi)"/);
  later(86_400 + 301);
  await rooms.tokens.signingKeys.rotate();
  expect((await rooms.tokens.signingKeys.jwks()).keys.map((key) => key.kid)).not.toContain(old);
});

test('a key that has signed for a month is followed by another', async () => {
  await rooms.database.signingKey.deleteMany();
  const first = (await rooms.tokens.signingKeys.current()).kid;
  later(29 * 86_400);
  expect((await rooms.tokens.signingKeys.current()).kid).toBe(first);
  later(2 * 86_400);
  expect((await rooms.tokens.signingKeys.current()).kid).not.toBe(first);
});

test('two processes that need the first key make one; a house with another key of its own makes its own', async () => {
  await rooms.database.signingKey.deleteMany();
  const [one, two] = [aHouse(), aHouse()];
  const [a, b] = await Promise.all([one, two].map((house) => house.tokens.signingKeys.current()));
  expect(a?.kid).toBe(b?.kid);
  const restored = aHouse({ key: 'the key of another house' });
  expect((await restored.tokens.signingKeys.current()).kid).not.toBe(a?.kid);
});
