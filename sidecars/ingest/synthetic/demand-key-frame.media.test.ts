import { afterEach, expect, it, vi } from 'vitest';

import type { AccessUnit, OpenSource } from '../source.ts';
import { openSynthetic } from './open-synthetic.ts';

const fps = 20;
const frameTicks = 90_000 / fps;
let source: OpenSource | null = null;
afterEach(() => source?.close());

/** A drawn camera with a key frame each 80 pictures, once it gave so many pictures; they go on arriving. */
async function drawn(pictures: number): Promise<{ open: OpenSource; units: AccessUnit[] }> {
  const units: AccessUnit[] = [];
  const options = { fps, gopSeconds: 4 };
  const quay = { label: 'Quay', latitude: 35, longitude: 139, timeZone: 'Asia/Tokyo', options };
  const open = await openSynthetic({ source: quay, signal: new AbortController().signal }, (event) => {
    if (event.type === 'unit') units.push(event.unit);
  });
  source = open;
  await vi.waitUntil(() => units.length >= pictures, { timeout: 10_000 });
  return { open, units };
}

it('gives a key frame at the place that is asked for, and none before', async () => {
  const { open, units } = await drawn(5);
  const place = (units.length + 15) * frameTicks;
  // Smoothed time stamps lie a little off: the picture meant is the nearest.
  expect(open.demandKeyFrame?.(place + frameTicks / 5)).toBe(true);
  await vi.waitUntil(() => (units.at(-1)?.pts ?? 0) >= place + 10 * frameTicks, { timeout: 10_000 });
  expect(units.filter(({ key }) => key).map(({ pts }) => pts)).toEqual([0, place]);
});

it('gives a key frame out of turn when one is demanded, and its GOPs go on from there', async () => {
  const { open, units } = await drawn(15);
  expect(units.filter(({ key }) => key)).toHaveLength(1);
  const before = units.length;
  expect(open.demandKeyFrame?.()).toBe(true);
  await vi.waitUntil(() => units.length >= before + 30, { timeout: 10_000 });
  const keys = units.flatMap(({ key }, at) => (key ? [at] : []));
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBeGreaterThanOrEqual(before);
  expect(keys[1]).toBeLessThanOrEqual(before + 2);
});
