import { expect, it } from 'vitest';

import { isLoopback } from './loopback.ts';

it.each(['localhost', '127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['0.0.0.0', '::', '10.0.0.1', '192.0.2.7', '127.example.org', ''])('%s is not this machine alone', (host) => {
  expect(isLoopback(host)).toBe(false);
});
