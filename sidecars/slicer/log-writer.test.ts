import pino from 'pino';
import { expect, it } from 'vitest';

import { LogWriter } from './log-writer.ts';
import { anAssignment } from './testing/slicer-under-test.ts';

it('keeps well above the numbers of the lease where the disk can not tell its own', () => {
  const writer = new LogWriter({
    assignment: anAssignment({ firstMediaSequence: 700 }),
    log: pino({ level: 'silent' }),
    store: null,
    promise: null,
    keepPromise: () => {},
    runStarted: () => {},
    segmentStored: () => {},
    written: () => {},
  });
  expect(writer.window.nextMediaSequence).toBe(800);
});
