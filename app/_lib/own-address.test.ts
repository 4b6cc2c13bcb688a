import { expect, test } from 'vitest';

import { ownAddress } from './own-address.ts';

const own = ['https://eye.example', 'http://localhost:3000'] as const;

test.each([
  ['/wall?layout=9#top', 'https://eye.example/wall?layout=9#top'],
  ['https://eye.example/cameras', 'https://eye.example/cameras'],
  ['http://localhost:3000/cameras', 'http://localhost:3000/cameras'],
  ['cameras', 'https://eye.example/cameras'],
  ['https://somebody:secret@eye.example/', 'https://eye.example/'],
])('goes to our own %s', (wanted, address) => {
  expect(ownAddress(wanted, own)).toBe(address);
});

test.each([
  'https://evil.example/',
  '//evil.example/',
  String.raw`/\evil.example/`,
  String.raw`\\evil.example`,
  '/\t/evil.example',
  'https:evil.example',
  'https://eye.example.evil.example/',
  'https://eye.example@evil.example/',
  'http://eye.example/',
  'https://eye.example:8443/',
  'http://localhost:3001/',
  'javascript:alert(1)',
  'data:text/html,x',
  'blob:https://eye.example/1',
  'https://',
])('never leads to another place by %j', (wanted) => {
  expect(new URL(ownAddress(wanted, own)).origin).toBe('https://eye.example');
  expect(ownAddress(wanted, own)).not.toContain('alert');
});
