import { randomUUID } from 'node:crypto';

import { encode } from 'next-auth/jwt';
import { expect, test } from 'vitest';

import { createSessionCookies } from './session-cookie.ts';

const secret = 'the secret of this house';
const sid = randomUUID();

test('a cookie names its session, the second time as the first', async () => {
  const sessionOf = createSessionCookies(secret);
  const token = await encode({ token: { sid }, secret });
  expect([await sessionOf(token), await sessionOf(token)]).toEqual([sid, sid]);
});

test('a cookie of another house, a torn one and one without a session name none', async () => {
  const sessionOf = createSessionCookies(secret);
  const strange = await encode({ token: { sid }, secret: 'of another house' });
  const empty = await encode({ token: {}, secret });
  const whole = await encode({ token: { sid }, secret });
  await sessionOf(whole);
  for (const token of [strange, empty, whole.slice(0, -4), `${whole}x`, '']) expect(await sessionOf(token)).toBeNull();
});

test('a cookie that is over names none', async () => {
  const sessionOf = createSessionCookies(secret);
  expect(await sessionOf(await encode({ token: { sid }, secret, maxAge: -60 }))).toBeNull();
});
