import pino from 'pino';
import { expect, it } from 'vitest';

import { LogWriter } from './log-writer.ts';
import { anAssignment } from './testing/slicer-under-test.ts';

const options = (store: null) => ({
  assignment: anAssignment({ firstMediaSequence: 700 }),
  log: pino({ level: 'silent' }),
  store,
  promise: null,
  keepPromise: () => {},
  runStarted: () => {},
  segmentStored: () => {},
  written: () => {},
  cutWithoutKey: () => {},
});

it('gives no run a number of a former life where the disk can not tell them', () => {
  const before = new LogWriter(options(null)).runNumber;
  // More runs than any disk counted in an hour.
  expect(before).toBeGreaterThan(1_700_000_000);
  expect(before + 1_000_000).toBeLessThan(2 ** 32);
});

it('keeps well above the numbers of the lease where the disk can not tell its own', () => {
  const writer = new LogWriter(options(null));
  expect(writer.window.nextMediaSequence).toBe(800);
});
