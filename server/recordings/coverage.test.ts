import { expect, test } from 'vitest';

import type { SegmentRow } from '#server/contracts/sidecar.ts';

import { joinSegments } from './coverage.ts';

const window = { fromMs: 0, toMs: 100_000 };

test('joins segments that touch, keeps holes, and cuts at the window', () => {
  const rows: SegmentRow[] = [
    [3, 6000, 2000, 10, 0],
    [1, -1000, 3000, 10, 0],
    [2, 2000, 4000, 10, 0],
    [9, 20_000, 2000, 10, 1],
    [50, 99_000, 4000, 10, 0],
  ];
  expect(joinSegments(rows, window)).toEqual([
    { fromMs: 0, toMs: 8000 },
    { fromMs: 20_000, toMs: 22_000 },
    { fromMs: 99_000, toMs: 100_000 },
  ]);
});

test('slate is no picture', () => {
  expect(joinSegments([[1, 0, 2000, 10, 2]], window)).toEqual([]);
});
