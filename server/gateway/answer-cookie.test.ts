import { expect, test } from 'vitest';

import { serializeCookie } from './answer-cookie.ts';

const cookie = { name: 'sensorium-playback', value: 'a.b-c_d', path: '/media/x', maxAgeSeconds: 60 };

test('a cookie is kept from scripts and from forms of other sites, and over TLS from the open line', () => {
  const plain = 'sensorium-playback=a.b-c_d; Path=/media/x; Max-Age=60; HttpOnly; SameSite=Lax';
  expect(serializeCookie(cookie, { tls: false })).toBe(plain);
  expect(serializeCookie(cookie, { tls: true })).toBe(`__Secure-${plain}; Secure`);
  // What counts for every path is of this host alone.
  expect(serializeCookie({ ...cookie, path: '/' }, { tls: true })).toMatch(
    /^__Host-sensorium-playback=.*; Path=\/; .*; Secure$/,
  );
});

test('a value can not add an attribute or a header', () => {
  for (const value of ['a; Domain=evil.example', 'a\r\nx: y', 'a b', '"a"', 'a,b'])
    expect(() => serializeCookie({ ...cookie, value }, { tls: false })).toThrow('encoding');
});
