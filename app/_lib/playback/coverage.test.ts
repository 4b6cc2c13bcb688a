import { describe, expect, it } from 'vitest';

import {
  isRecordedAt,
  nextRecordedMs,
  spanAt,
  stretchAround,
  stretchFor,
  ticksIn,
  visibleSpans,
  zoneOffsetMs,
  type Span,
} from './coverage.ts';

const spans: Span[] = [
  { fromMs: 0, toMs: 1000, kind: 'recorded' },
  { fromMs: 1000, toMs: 5000, kind: 'offline' },
  { fromMs: 5000, toMs: 9000, kind: 'recorded' },
];

describe('coverage of a recording', () => {
  it('moves a moment in a hole to the next recorded one, and leaves a recorded one alone', () => {
    expect(nextRecordedMs(spans, 2000)).toBe(5000);
    expect(nextRecordedMs(spans, 6000)).toBe(6000);
    expect(nextRecordedMs(spans, 9000)).toBeNull();
  });

  it('names what a moment lies in', () => {
    expect(spanAt(spans, 4999)?.kind).toBe('offline');
    expect(spanAt(spans, 9000)).toBeNull();
  });

  it('joins neighbours of one kind that are finer than the eye, and cuts at the edges', () => {
    const fine: Span[] = [
      { fromMs: 0, toMs: 10, kind: 'recorded' },
      { fromMs: 11, toMs: 20, kind: 'recorded' },
      { fromMs: 60, toMs: 90, kind: 'recorded' },
    ];
    expect(visibleSpans(fine, { fromMs: 5, toMs: 80 }, 5)).toEqual([
      { fromMs: 5, toMs: 20, kind: 'recorded' },
      { fromMs: 60, toMs: 80, kind: 'recorded' },
    ]);
  });

  it('ends at now, unless the playhead lies further back', () => {
    const hour = 3_600_000;
    expect(stretchFor(1, 10 * hour, null)).toEqual({ fromMs: 9 * hour, toMs: 10 * hour });
    expect(stretchFor(1, 10 * hour, 5 * hour)).toEqual({ fromMs: 4.5 * hour, toMs: 5.5 * hour });
  });

  it('knows what can be shown: what is recorded, and the last minute, which may not be listed yet', () => {
    const nowMs = 100_000;
    expect(isRecordedAt(spans, 6000, nowMs)).toBe(true);
    expect(isRecordedAt(spans, 2000, nowMs)).toBe(false);
    expect(isRecordedAt(spans, 20_000, nowMs)).toBe(false);
    expect(isRecordedAt(spans, 90_000, nowMs)).toBe(true);
  });

  it('asks nothing of the last minute where recording is off, or never began', () => {
    expect(isRecordedAt([], 90_000, 100_000)).toBe(false);
    expect(isRecordedAt([{ fromMs: 0, toMs: 60_000, kind: 'off' }], 90_000, 100_000)).toBe(false);
  });

  it('asks for whole steps around a moment beyond the last hours, and for nothing more near now', () => {
    const hour = 3_600_000;
    const nowMs = 1000 * hour;
    expect(stretchAround(null, 24, nowMs)).toBeNull();
    expect(stretchAround(nowMs - 2 * hour, 24, nowMs)).toBeNull();
    const stretch = stretchAround(nowMs - 50 * hour, 24, nowMs);
    expect(stretch).toEqual(stretchAround(nowMs - 50 * hour + 60_000, 24, nowMs));
    expect(stretch?.fromMs).toBeLessThan(nowMs - 60 * hour);
    expect(stretch?.toMs).toBeGreaterThan(nowMs - 44 * hour);
  });

  it('puts ticks on round times of the place, half-hour zones included', () => {
    const ms = Date.parse('2026-11-22T12:10:00Z');
    const offset = zoneOffsetMs('Asia/Kolkata', ms);
    expect(offset).toBe(5.5 * 3_600_000);
    const [first] = ticksIn({ fromMs: ms, toMs: ms + 6 * 3_600_000 }, 6, offset);
    expect(new Date(first ?? 0).toISOString()).toBe('2026-11-22T12:30:00.000Z');
  });
});
