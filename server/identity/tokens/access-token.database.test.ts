import { randomUUID } from 'node:crypto';

import { base64url, decodeJwt, decodeProtectedHeader, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';

import { tokenRooms, tokenSecret } from '#server/testing/token-rooms.ts';

const rooms = tokenRooms();
const { aHouse, login, whoIs } = rooms;

test('a token that we did not sign so is refused: no algorithm, our public key as a secret, another audience, issuer, type or key', async () => {
  const { access_token: token } = await login();
  const claims = decodeJwt(token);
  const { kid = '' } = decodeProtectedHeader(token);
  const key = await rooms.tokens.signingKeys.verifying(kid);
  if (!key || key instanceof Uint8Array) throw new Error('the key is not there');
  const [head, body, signature] = token.split('.');
  const unsigned = (header: object) => `${base64url.encode(JSON.stringify(header))}.${body}.`;
  const hmac = (secret: Uint8Array) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid }).sign(secret);
  const { keys } = await rooms.tokens.signingKeys.jwks();
  const own = await generateKeyPair('RS256');
  const current = await rooms.tokens.signingKeys.current();
  const resigned = (over: object, header: object = {}) =>
    new SignJWT({ ...claims, ...over })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: current.kid, ...header })
      .sign(current.key);
  const forged = [
    unsigned({ alg: 'none', typ: 'at+jwt', kid }),
    unsigned({ alg: 'None', typ: 'at+jwt', kid }),
    `${head}.${body}.`,
    `${head}.${body}.${signature?.split('').toReversed().join('')}`,
    await hmac(new TextEncoder().encode(JSON.stringify(keys[0]))),
    await hmac(new TextEncoder().encode(await exportSPKI(await publicKey(keys[0])))),
    await hmac(new TextEncoder().encode(tokenSecret)),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid }).sign(own.privateKey),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'unknown' }).sign(current.key),
    await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', typ: 'at+jwt' }).sign(current.key),
    await resigned({}, { typ: 'JWT' }),
    await resigned({ aud: 'somebody else' }),
    await resigned({ iss: 'https://elsewhere.example' }),
    await resigned({ exp: undefined }),
    await resigned({ fam: undefined }),
    await resigned({ fam: randomUUID() }),
    await resigned({ sub: randomUUID() }),
    'eyJhbGciOiJSUzI1NiJ9',
    '',
  ];
  for (const wrong of forged) expect(await whoIs(wrong)).toBeNull();
  expect(await whoIs(await resigned({}))).not.toBeNull();
});

async function publicKey(jwk: Parameters<typeof importJWK>[0] | undefined) {
  const key = await importJWK({ ...jwk, ext: true }, 'RS256');
  if (key instanceof Uint8Array) throw new Error('not an RSA key');
  return key;
}

test('a token of another house opens nothing here', async () => {
  const elsewhere = aHouse({ issuer: 'https://other.example' });
  expect(await whoIs((await login(undefined, elsewhere.tokens)).access_token)).toBeNull();
});
