import { expect, it } from 'vitest';

import { momentAt, type EarthRate } from '../earth-clock.ts';
import { showingOf } from './showing.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');
const past = (rate: EarthRate) => momentAt(nowMs - 3_600_000, nowMs, { rate });
const recorded = { isKnown: true, isRecorded: true };

it('plays video up to eight times the speed of time, and shows single pictures beyond', () => {
  expect(([1, 2, 5] as const).map((rate) => showingOf(past(rate), recorded))).toEqual(['video', 'video', 'video']);
  expect(([10, 30, 60] as const).map((rate) => showingOf(past(rate), recorded))).toEqual(['steps', 'steps', 'steps']);
});

it('says that nothing was recorded only where that is known', () => {
  expect(showingOf(past(1), { isKnown: true, isRecorded: false })).toBe('hole');
  expect(showingOf(past(60), { isKnown: true, isRecorded: false })).toBe('hole');
  expect(showingOf(past(1), { isKnown: false, isRecorded: false })).toBe('video');
  expect(showingOf({ mode: 'live' }, { isKnown: true, isRecorded: false })).toBe('video');
});
