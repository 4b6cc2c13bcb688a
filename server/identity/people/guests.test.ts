import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';

import { Guests } from './guests.ts';

const secret = 'the secret of this instance';

test('a guest is who the token says, for twelve hours', async () => {
  let time = Date.now();
  const guests = new Guests({ secret, now: () => new Date(time) });
  const { guestId, token, expiresAt } = await guests.issue('Aya 彩');
  expect(await guests.read(token)).toEqual({ type: 'guest', guestId, name: 'Aya 彩' });
  time = new Date(expiresAt).getTime() - 1000;
  expect(await guests.read(token)).toMatchObject({ type: 'guest' });
  time += 1001;
  expect(await guests.read(token)).toBeNull();
});

test('a token of another instance, a changed one and rubbish are nobody', async () => {
  const { token } = await new Guests({ secret: 'the secret of another' }).issue('Aya');
  const guests = new Guests({ secret });
  const own = await guests.issue('Aya');
  const [head = '', , signature = ''] = own.token.split('.');
  const body = Buffer.from(JSON.stringify({ sub: own.guestId, name: 'Admin' })).toString('base64url');
  for (const bad of [token, `${head}.${body}.${signature}`, '', 'a.b.c', own.token.slice(0, -2)])
    expect(await guests.read(bad)).toBeNull();
});

test('neither an unsigned token nor one signed by the bare secret or for another use is taken', async () => {
  const guests = new Guests({ secret });
  const claims = { name: 'Aya' };
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const unsigned = new UnsecuredJWT(claims).setSubject(id).setIssuer('sensorium').setAudience('sensorium-guest');
  expect(await guests.read(unsigned.setExpirationTime('1h').encode())).toBeNull();
  const signed = () => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setSubject(id).setIssuer('sensorium');
  const key = new TextEncoder().encode(secret);
  expect(await guests.read(await signed().setAudience('sensorium-guest').setExpirationTime('1h').sign(key))).toBeNull();
});
