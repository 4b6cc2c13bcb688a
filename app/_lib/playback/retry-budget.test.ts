import { describe, expect, it } from 'vitest';

import { failureOfStatus, mendsItself } from './failure.ts';
import { backOffMs, RetryBudget } from './retry-budget.ts';

describe('tries of a player', () => {
  it('are refused when spent and allowed again when old ones fall out of the window', () => {
    const budget = new RetryBudget({ limit: 2, windowMs: 1000 });
    expect([budget.spend(0), budget.spend(10), budget.spend(20)]).toEqual([1, 2, null]);
    expect(budget.spend(1005)).toBe(2);
  });

  it('wait longer each time, never longer than a bound, with jitter', () => {
    expect([1, 2, 3, 9].map((failures) => backOffMs(failures, 0.5))).toEqual([1000, 2000, 4000, 15_000]);
    expect(backOffMs(1, 0)).toBeLessThan(backOffMs(1, 1));
  });

  it('follow the status of a playlist: offline and starting mend themselves, gone does not', () => {
    expect(failureOfStatus(404, false)).toBe('offline');
    expect(failureOfStatus(404, true)).toBe('noRecording');
    expect(mendsItself(failureOfStatus(503, false))).toBe(true);
    expect(mendsItself(failureOfStatus(410, false))).toBe(false);
    expect(failureOfStatus(0, false)).toBe('network');
  });
});
