import { expect, test } from 'vitest';

import { afterFrame, firstStepFor, qualitySteps, startQuality, type Quality } from './quality.ts';

function frames(
  quality: Quality,
  count: number,
  ms: number,
  fromMs = 0,
  stepMin = 0,
): { quality: Quality; nowMs: number } {
  let nowMs = fromMs;
  let next = quality;
  for (let index = 0; index < count; index++) {
    nowMs += ms;
    next = afterFrame(next, { ms, nowMs, stepMin });
  }
  return { quality: next, nowMs };
}

test('slow frames take the picture down a step, far too slow ones two, never below the last', () => {
  expect(frames(startQuality(), 10, 35).quality.step).toBe(1);
  expect(frames(startQuality(), 10, 95).quality.step).toBe(2);
  expect(frames(startQuality(), 500, 120).quality.step).toBe(qualitySteps.length - 1);
});

test('a machine that draws a frame or two a second is given the least picture after its second frame', () => {
  expect(frames(startQuality(), 2, 666).quality.step).toBe(qualitySteps.length - 1);
  expect(frames(startQuality(), 1, 666).quality.step).toBe(0);
});

test('a pause between two movements says nothing about the machine', () => {
  expect(frames(startQuality(), 50, 2000).quality.step).toBe(0);
});

test('quick frames bring it back after a while, slower each time that it was too much', () => {
  const down = frames(startQuality(), 10, 35);
  const soon = frames(down.quality, 200, 16, down.nowMs);
  expect(soon.quality.step).toBe(1);
  const up = frames(soon.quality, 300, 16, soon.nowMs);
  expect(up.quality.step).toBe(0);
  const again = frames(up.quality, 10, 35, up.nowMs);
  expect(again.quality.step).toBe(1);
  expect(again.quality.patienceMs).toBe(down.quality.patienceMs * 2);
});

test('a screen never gets more than it can show', () => {
  expect(firstStepFor(1)).toBe(2);
  expect(firstStepFor(2)).toBe(0);
  expect(firstStepFor(3)).toBe(0);
  const start = startQuality(2);
  expect(frames(start, 2000, 16, 0, firstStepFor(1)).quality.step).toBe(2);
});
