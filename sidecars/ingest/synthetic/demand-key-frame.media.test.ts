import { afterEach, expect, it, vi } from 'vitest';

import type { AccessUnit, OpenSource, SourceEvent } from '../source.ts';
import { openSynthetic } from './open-synthetic.ts';

let source: OpenSource | null = null;
afterEach(() => source?.close());

it('gives a key frame at the place that is asked for, and none before', async () => {
  const units: AccessUnit[] = [];
  const drawn = {
    label: 'Quay',
    latitude: 35,
    longitude: 139,
    timeZone: 'Asia/Tokyo',
    options: { fps: 20, gopSeconds: 4 },
  };
  const sink = (event: SourceEvent) => {
    if (event.type === 'unit') units.push(event.unit);
  };
  source = await openSynthetic({ source: drawn, signal: new AbortController().signal }, sink);
  await vi.waitUntil(() => units.length >= 5, { timeout: 10_000 });
  const frame = 90_000 / 20;
  const place = (units.length + 15) * frame;
  // Smoothed time stamps lie a little off: the picture meant is the nearest.
  expect(source.demandKeyFrame?.(place + frame / 5)).toBe(true);
  await vi.waitUntil(() => (units.at(-1)?.pts ?? 0) >= place + 10 * frame, { timeout: 10_000 });
  expect(units.filter(({ key }) => key).map(({ pts }) => pts)).toEqual([0, place]);
});

it('gives a key frame out of turn when one is demanded, and its GOPs go on from there', async () => {
  const units: AccessUnit[] = [];
  const drawn = {
    label: 'Pier',
    latitude: 35,
    longitude: 139,
    timeZone: 'Asia/Tokyo',
    options: { fps: 20, gopSeconds: 4 },
  };
  const sink = (event: SourceEvent) => {
    if (event.type === 'unit') units.push(event.unit);
  };
  source = await openSynthetic({ source: drawn, signal: new AbortController().signal }, sink);
  await vi.waitUntil(() => units.length >= 15, { timeout: 10_000 });
  expect(units.filter(({ key }) => key)).toHaveLength(1);
  const before = units.length;
  expect(source.demandKeyFrame?.()).toBe(true);
  await vi.waitUntil(() => units.length >= before + 30, { timeout: 10_000 });
  const keys = units.flatMap(({ key }, at) => (key ? [at] : []));
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBeGreaterThanOrEqual(before);
  expect(keys[1]).toBeLessThanOrEqual(before + 2);
});
