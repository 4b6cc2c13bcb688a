import { expect, test } from 'vitest';

import { decodeLines, encodeLines } from './line-file.ts';

test('lines are the same after a way through the file, to a thousandth of a degree', () => {
  const lines = [
    { kind: 'coast' as const, points: [139.7001, 35.6591, 150, 35.7, 179.9999, 36, 183.5, 36.5] },
    { kind: 'border' as const, points: [-10, -85, -10.5, -84] },
  ];
  expect(decodeLines(encodeLines(lines).buffer)).toEqual([
    { kind: 'coast', points: [139.7, 35.659, 150, 35.7, 180, 36, 183.5, 36.5] },
    { kind: 'border', points: [-10, -85, -10.5, -84] },
  ]);
});

test('a line of one place only is no line', () => {
  expect(encodeLines([{ kind: 'coast', points: [1, 2, 1.0001, 2.0001] }])).toHaveLength(0);
});

test('a file that is something else is refused', () => {
  expect(() => decodeLines(new TextEncoder().encode('<!doctype html><html>').buffer)).toThrow('not a file of lines');
});

test('a step too long for the file is refused, not wrapped', () => {
  expect(() => encodeLines([{ kind: 'coast', points: [0, 0, 40, 0] }])).toThrow('steps more than');
});
