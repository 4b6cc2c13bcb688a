import { expect, test } from 'vitest';

import { RequestLimit } from './request-limit.ts';

test('lets five of an hour pass from one address and says when the sixth may come', () => {
  let now = 0;
  const limit = new RequestLimit(() => now);
  for (let turn = 0; turn < 5; turn += 1) {
    now = turn * 60_000;
    expect(limit.take('192.0.2.1')).toBe(0);
  }
  expect(limit.take('192.0.2.1')).toBe(56 * 60_000);
  expect(limit.take('192.0.2.2')).toBe(0);
  now = 3_600_000;
  expect(limit.take('192.0.2.1')).toBe(0);
});

test('a refused try does not push the next free turn further away', () => {
  let now = 0;
  const limit = new RequestLimit(() => now);
  for (let turn = 0; turn < 5; turn += 1) limit.take('a');
  for (let turn = 0; turn < 100; turn += 1) limit.take('a');
  now = 3_600_000;
  expect(limit.take('a')).toBe(0);
});

test('forgets the oldest addresses before the memory fills', () => {
  const limit = new RequestLimit(() => 0);
  for (let turn = 0; turn < 5; turn += 1) limit.take('first');
  for (let index = 0; index < 10_000; index += 1) limit.take(`address ${index}`);
  expect(limit.take('first')).toBe(0);
});
