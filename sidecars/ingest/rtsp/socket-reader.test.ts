import { expect, test } from 'vitest';

import { untilNextRound } from './socket-reader.ts';

test('all sockets are read at the same moments, each once, also by a timer that comes a little early', () => {
  expect(untilNextRound(0)).toBe(33);
  expect(untilNextRound(20)).toBe(13);
  expect(untilNextRound(28)).toBe(38);
  // At 32.9 the moment at 33 is being read.
  expect(untilNextRound(32.9)).toBeCloseTo(33.1);
  expect(untilNextRound(33.2)).toBeCloseTo(32.8);
});
