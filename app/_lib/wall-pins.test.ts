import { describe, expect, it } from 'vitest';

import { move, parseWall, pin, unpin, wallAddress, wallSizeMax } from './wall-pins.ts';

const camera = (index: number) => `01a204a3-72f5-7733-8a08-${String(index).padStart(12, '0')}`;
const wall = (count: number) => Array.from({ length: count }, (_, index) => camera(index));

describe('a wall in an address', () => {
  it('comes back as it was written', () => {
    expect(parseWall(wallAddress(wall(4)))).toEqual(wall(4));
    expect(parseWall(wallAddress([]))).toEqual([]);
  });

  it('leaves out what is no camera, is twice, or is beyond nine', () => {
    expect(parseWall(`${camera(1)},nonsense, ${camera(1)},${camera(2).toUpperCase()},`)).toEqual([
      camera(1),
      camera(2),
    ]);
    expect(parseWall(wall(12).join(','))).toEqual(wall(wallSizeMax));
    expect(parseWall(null)).toEqual([]);
    expect(parseWall('x'.repeat(1_000_000))).toEqual([]);
  });
});

describe('pins', () => {
  it('go to the end, or back to where they were', () => {
    expect(pin(wall(2), camera(7))).toEqual({ type: 'pinned', ids: [...wall(2), camera(7)] });
    expect(pin([camera(0), camera(2)], camera(1), 1)).toEqual({ type: 'pinned', ids: wall(3) });
    expect(pin(wall(1), camera(5), 99)).toEqual({ type: 'pinned', ids: [camera(0), camera(5)] });
  });

  it('refuse a tenth and a second of the same', () => {
    expect(pin(wall(9), camera(20))).toEqual({ type: 'full' });
    expect(pin(wall(9), camera(3))).toEqual({ type: 'already' });
  });

  it('come off, and move among the others', () => {
    expect(unpin(wall(3), camera(1))).toEqual([camera(0), camera(2)]);
    expect(move(wall(4), camera(0), 2)).toEqual([camera(1), camera(2), camera(0), camera(3)]);
    expect(move(wall(3), camera(2), -5)).toEqual([camera(2), camera(0), camera(1)]);
    expect(move(wall(3), camera(9), 0)).toEqual(wall(3));
  });
});
