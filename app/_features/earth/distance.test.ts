import { expect, it } from 'vitest';

import { formatDistance } from './distance.ts';

it('distances get coarser the longer they are', () => {
  expect([4, 852, 1234, 45_678, 9_876_543].map((metres) => formatDistance(metres))).toEqual([
    '0 m',
    '850 m',
    '1.2 km',
    '45.7 km',
    '9,877 km',
  ]);
});
