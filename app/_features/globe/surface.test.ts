import { expect, test } from 'vitest';

import { pointSize } from './points.ts';
import { textureWidthFor } from './surface.ts';

test('a picture is fetched as wide as the zoom can show, never wider than the machine may have', () => {
  expect(textureWidthFor(1.3, 1, 4096)).toBe(1024);
  expect(textureWidthFor(2.6, 1, 4096)).toBe(2048);
  expect(textureWidthFor(2.6, 2, 4096)).toBe(4096);
  expect(textureWidthFor(12, 2, 4096)).toBe(4096);
  expect(textureWidthFor(12, 2, 1024)).toBe(1024);
});

test('points grow towards the ground and shrink in a crowd', () => {
  expect(pointSize(10, 100)).toBeGreaterThan(pointSize(2, 100));
  expect(pointSize(2, 65_000)).toBeLessThan(pointSize(2, 100));
  expect(pointSize(18, 1)).toBeLessThan(16);
});
