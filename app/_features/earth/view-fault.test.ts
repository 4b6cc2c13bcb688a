import { expect, it } from 'vitest';

import { viewFault } from './view-fault.ts';

const nowMs = 1_000_000;

it('says at once that no states are known, and goes on saying so while it is asked again', () => {
  expect(viewFault({ failedMs: nowMs - 10, receivedMs: 0, nowMs })).toBe('unknown');
});

it('says that states are old when they are, and not for one answer that is missing', () => {
  expect(viewFault({ failedMs: nowMs - 100, receivedMs: nowMs - 2100, nowMs })).toBeNull();
  expect(viewFault({ failedMs: nowMs - 100, receivedMs: nowMs - 9000, nowMs })).toBe('old');
});

it('says nothing while the first answer is waited for, and after an answer came', () => {
  expect(viewFault({ failedMs: 0, receivedMs: 0, nowMs })).toBeNull();
  expect(viewFault({ failedMs: nowMs - 9000, receivedMs: nowMs - 5000, nowMs })).toBeNull();
});
