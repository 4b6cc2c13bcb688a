import { expect, it } from 'vitest';

import { nextRatioStep } from './backdrop.ts';

it('draws the moving planet smaller while pictures take long, and larger again when they are quick', () => {
  expect(nextRatioStep(0, 300)).toBe(1);
  expect(nextRatioStep(1, 300)).toBe(2);
  expect(nextRatioStep(2, 3000)).toBe(2);
  expect(nextRatioStep(2, 80)).toBe(2);
  expect(nextRatioStep(2, 30)).toBe(1);
  expect(nextRatioStep(0, 10)).toBe(0);
});
