import { describe, expect, it } from 'vitest';

import { gridFor, placeAfterKey } from './wall-grid.ts';

describe('grid of a wall', () => {
  it('fits one, two, four, six and nine without an empty cell', () => {
    expect([1, 2, 4, 6, 9].map((count) => gridFor(count, false))).toEqual([
      { columns: 1, rows: 1 },
      { columns: 2, rows: 1 },
      { columns: 2, rows: 2 },
      { columns: 3, rows: 2 },
      { columns: 3, rows: 3 },
    ]);
  });

  it('has room for all with one in front, which takes four cells', () => {
    for (let count = 2; count <= 9; count += 1) {
      const { columns, rows } = gridFor(count, true);
      expect(columns * rows).toBeGreaterThanOrEqual(count + 3);
      expect(Math.min(columns, rows)).toBeGreaterThanOrEqual(2);
    }
    expect(gridFor(1, true)).toEqual({ columns: 1, rows: 1 });
  });

  it('moves by key inside the wall only', () => {
    const wall = { count: 5, columns: 3 };
    expect(placeAfterKey('ArrowRight', 0, wall)).toBe(1);
    expect(placeAfterKey('ArrowDown', 1, wall)).toBe(4);
    expect(placeAfterKey('ArrowDown', 2, wall)).toBeNull();
    expect(placeAfterKey('ArrowLeft', 0, wall)).toBeNull();
    expect(placeAfterKey('Home', 4, wall)).toBe(0);
    expect(placeAfterKey('x', 0, wall)).toBeNull();
  });
});
