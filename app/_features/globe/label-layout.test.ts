import { expect, test } from 'vitest';

import { arrangeLabels, clearOfEachOther, type LabelSpot } from './label-layout.ts';

const aSpot = (over: Partial<LabelSpot>): LabelSpot => ({
  id: 1,
  width: 50,
  height: 14,
  corners: [{ x: 0, y: 0 }],
  rank: 5,
  standing: null,
  ...over,
});

test('of two names in one place the more important one stands', () => {
  expect(arrangeLabels([aSpot({ id: 1, rank: 5 }), aSpot({ id: 2, rank: 1 })], [], 10)).toEqual(new Map([[2, 0]]));
});

test('a name that stands is not pushed away by one that is hardly more important, but by one that is much more', () => {
  const standing = aSpot({ id: 1, rank: 5, standing: 0 });
  expect(arrangeLabels([standing, aSpot({ id: 2, rank: 4 })], [], 10)).toEqual(new Map([[1, 0]]));
  expect(arrangeLabels([standing, aSpot({ id: 2, rank: 1 })], [], 10)).toEqual(new Map([[2, 0]]));
});

test('names keep clear of what is drawn over them, and there are never too many', () => {
  const spots = Array.from({ length: 9 }, (_, id) => aSpot({ id, corners: [{ x: id * 100, y: 0 }], rank: id }));
  const chosen = arrangeLabels(spots, [{ x: 0, y: 0, width: 20, height: 20 }], 3);
  expect([...chosen.keys()]).toEqual([1, 2, 3]);
});

test('a name goes aside when its first corner is taken, and stays there while it can', () => {
  const corners = [
    { x: 0, y: 0 },
    { x: 0, y: 40 },
  ];
  const blocked = [{ x: 0, y: 0, width: 30, height: 30 }];
  expect(arrangeLabels([aSpot({ corners })], blocked, 10).get(1)).toBe(1);
  expect(arrangeLabels([aSpot({ corners, standing: 1 })], [], 10).get(1)).toBe(1);
});

test('of numbers that would cover each other the first stands, and none under what is drawn over the planet', () => {
  const box = (x: number) => ({ x, y: 0, width: 20, height: 10 });
  const [big, small, aside, under] = [box(0), box(12), box(20), box(60)];
  expect(clearOfEachOther([big, small, aside, under], [{ x: 70, y: 5, width: 100, height: 100 }])).toEqual([
    big,
    aside,
  ]);
});
