import { describe, expect, it } from 'vitest';

import { mediaTimeOf, wallRangeOf, windowAround, windowMs } from './picture-time.ts';

const at = Date.parse('2026-11-22T12:00:00Z');
/** Two segments, a hole of a minute, one more. */
const fragments = [
  { start: 0, duration: 6, programDateTime: at },
  { start: 6, duration: 6, programDateTime: at + 6000 },
  { start: 12, duration: 6, programDateTime: at + 72_000 },
];

describe('time in a recording', () => {
  it('finds the media time of a moment inside a segment', () => {
    expect(mediaTimeOf(fragments, at + 8500)).toBeCloseTo(8.5);
  });

  it('steps over a hole to the next picture', () => {
    expect(mediaTimeOf(fragments, at + 30_000)).toBe(12);
  });

  it('knows no media time behind the end', () => {
    expect(mediaTimeOf(fragments, at + 90_000)).toBeNull();
  });

  it('spans from the first to behind the last picture, holes included', () => {
    expect(wallRangeOf(fragments)).toEqual({ fromMs: at, toMs: at + 78_000 });
    expect(wallRangeOf([])).toBeNull();
  });

  it('opens an hour at most, never beyond now, a little before the moment', () => {
    expect(windowAround(at, at + 86_400_000)).toEqual({ fromMs: at - 30_000, toMs: at - 30_000 + windowMs });
    expect(windowAround(at, at + 60_000)).toEqual({ fromMs: at - 30_000, toMs: at + 60_000 });
  });
});
