import { describe, expect, it } from 'vitest';

import { barRanges, coveragePath, coverageStretch, keyAct, marksOf, rangeHolding, rangeMs } from './bar-scale.ts';

const hour = 3_600_000;

describe('scale of the time bar', () => {
  it('grows to the shortest range that holds the moment, and never shrinks below the chosen one', () => {
    expect(rangeHolding(1, 0)).toBe(1);
    expect(rangeHolding(1, 2 * hour)).toBe(6);
    expect(rangeHolding(24, 2 * hour)).toBe(24);
    expect(rangeHolding(6, 100 * hour)).toBe(168);
    expect(rangeHolding(1, 10_000 * hour)).toBe(168);
  });

  it('marks each range from its beginning', () => {
    for (const range of barRanges) expect(marksOf(range)[0]).toBe(range);
  });

  it.each([
    ['ArrowLeft', false, { type: 'step', byMs: -10_000 }],
    ['ArrowRight', true, { type: 'step', byMs: 60_000 }],
    ['PageUp', false, { type: 'step', byMs: 600_000 }],
    ['PageDown', true, { type: 'step', byMs: -600_000 }],
    ['Home', false, { type: 'oldest' }],
    ['End', false, { type: 'live' }],
    ['a', false, null],
  ])('%s (shift: %s) does what it says', (key, hasShift, act) => {
    expect(keyAct(key, hasShift)).toEqual(act);
  });

  it('asks for whole buckets, so that a second later is the same question', () => {
    const nowMs = Date.parse('2026-11-22T12:00:01Z');
    const stretch = coverageStretch(24, nowMs, 240);
    expect(coverageStretch(24, nowMs + 60_000, 240)).toEqual(stretch);
    expect(stretch.toMs - stretch.fromMs).toBe(rangeMs(24));
    expect(stretch.toMs).toBeGreaterThanOrEqual(nowMs);
  });

  it('draws what was recorded in proportion, cut at the edges of the bar', () => {
    const path = coveragePath([0, 5, 10], { fromMs: 0, toMs: 300 }, { fromMs: 0, toMs: 250 });
    expect(path).toBe('M40.00 24V10.0H80.00V24zM80.00 24V0.0H100.00V24z');
    expect(coveragePath([0, 0], { fromMs: 0, toMs: 1 }, { fromMs: 0, toMs: 1 })).toBe('');
  });
});
