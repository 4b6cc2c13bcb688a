import { describe, expect, test } from 'vitest';

import { toPlace } from './geodesy.ts';
import { createMotion } from './motion.ts';
import { groundAt, poseOf, zoomOfWholePlanet } from './pose.ts';

const viewport = { width: 1200, height: 800, inset: { left: 0, right: 0, top: 0, bottom: 0 } };
const start = { latitude: 35, longitude: 139, zoom: 3, heading: 0, tilt: 0 };
const aMotion = (isReduced = false) => createMotion({ view: start, viewport, isReduced });

function runUntilStill(motion: ReturnType<typeof aMotion>, fromMs = 0): number {
  let nowMs = fromMs;
  for (let frame = 0; frame < 2000 && motion.step(nowMs); frame++) nowMs += 16;
  return nowMs;
}

describe('a flight', () => {
  test('arrives where it was sent, within 1.6 s, having gone out on the way', async () => {
    const motion = aMotion();
    const arrived = motion.flyTo({ ...start, latitude: -33, longitude: -70, zoom: 9 });
    let zoomMin = 9;
    let nowMs = 0;
    while (motion.step(nowMs) && nowMs < 5000) {
      zoomMin = Math.min(zoomMin, motion.view.zoom);
      nowMs += 16;
    }
    expect(await arrived).toBe(true);
    expect(nowMs).toBeLessThanOrEqual(1632);
    expect(zoomMin).toBeLessThan(3);
    expect(motion.view).toMatchObject({ latitude: -33, zoom: 9 });
    expect(motion.view.longitude).toBeCloseTo(-70, 6);
  });

  test('is a cut for who wants no motion', async () => {
    const motion = aMotion(true);
    const arrived = motion.flyTo({ ...start, latitude: 1, zoom: 8 });
    motion.step(0);
    expect(await arrived).toBe(true);
    expect(motion.view.latitude).toBeCloseTo(1, 6);
  });

  test('ends when a hand takes the planet', async () => {
    const motion = aMotion();
    const arrived = motion.flyTo({ ...start, latitude: -33, zoom: 9 });
    motion.step(0);
    motion.step(300);
    motion.grab(600, 400, 301);
    expect(await arrived).toBe(false);
  });
});

describe('zooming', () => {
  test('keeps what is under the pointer there', () => {
    const motion = aMotion();
    const before = groundAt(poseOf(motion.view, viewport), 700, 300);
    motion.zoomBy(2, { x: 700, y: 300 }, 0);
    runUntilStill(motion);
    expect(motion.view.zoom).toBeCloseTo(5, 2);
    const after = groundAt(poseOf(motion.view, viewport), 700, 300);
    expect(before && after && toPlace(after).latitude - toPlace(before).latitude).toBeCloseTo(0, 4);
    expect(before && after && toPlace(after).longitude - toPlace(before).longitude).toBeCloseTo(0, 4);
  });

  test('ends at the whole planet and two kilometres above the ground', () => {
    const motion = aMotion();
    motion.zoomBy(-99, null, 0);
    runUntilStill(motion);
    expect(motion.view.zoom).toBeGreaterThan(zoomOfWholePlanet(viewport) - 0.6);
    motion.zoomBy(99, null, 10_000);
    runUntilStill(motion, 10_000);
    expect(poseOf(motion.view, viewport).range * 6_371_009).toBeCloseTo(2000, -1);
  });
});

describe('a hand', () => {
  test('that lets go in motion leaves the planet turning, slower and slower, until it is still', () => {
    const motion = aMotion();
    motion.grab(600, 400, 0);
    for (let x = 600, atMs = 0; x <= 720; x += 20, atMs += 16) motion.drag(x, 400, atMs);
    motion.release(100);
    const { longitude } = motion.view;
    expect(motion.step(116)).toBe(true);
    runUntilStill(motion, 132);
    expect(motion.view.longitude).toBeLessThan(longitude);
    expect(motion.kind).toBe('rest');
  });

  test('that stops before letting go leaves it where it is', () => {
    const motion = aMotion();
    motion.grab(600, 400, 0);
    motion.drag(700, 400, 30);
    motion.release(1000);
    expect(motion.kind).toBe('rest');
  });
});

describe('the idle turn', () => {
  test('begins after half a minute without a hand, where it is allowed', () => {
    const motion = aMotion();
    motion.zoomBy(-1, null, 0);
    motion.setIdleTurn(true);
    runUntilStill(motion);
    motion.touch(5000);
    expect(motion.step(20_000)).toBe(false);
    expect(motion.idleAtMs()).toBe(35_000);
    motion.step(35_001);
    motion.step(35_101);
    expect(motion.kind).toBe('turning');
    motion.touch(35_200);
    expect(motion.step(35_201)).toBe(false);
  });

  test('never begins for who wants no motion', () => {
    const motion = aMotion(true);
    motion.setIdleTurn(true);
    expect(motion.step(1e9)).toBe(false);
    expect(motion.idleAtMs()).toBeNull();
  });
});

test('a panel that opens moves the planet aside without a jump', () => {
  const motion = aMotion();
  motion.setViewport({ ...viewport, inset: { ...viewport.inset, right: 440 } });
  expect(poseOf(motion.view, motion.viewport).centreX).toBe(600);
  runUntilStill(motion);
  expect(poseOf(motion.view, motion.viewport).centreX).toBe(380);
});
