import { describe, expect, test } from 'vitest';

import { toPlace, toVector } from './geodesy.ts';
import {
  boundsOf,
  groundAt,
  metresPerPixel,
  poseOf,
  screenOf,
  viewWithGroundAt,
  zoomOfRangeMetres,
  zoomOfWholePlanet,
  type View,
} from './pose.ts';

const viewport = { width: 1440, height: 900, inset: { left: 56, right: 440, top: 0, bottom: 0 } };
const aView = (over: Partial<View> = {}): View => ({
  latitude: 35,
  longitude: 139,
  zoom: zoomOfWholePlanet(viewport),
  heading: 0,
  tilt: 0,
  ...over,
});

describe('a pose', () => {
  test('looks at its place in the middle of what panels leave free', () => {
    const at = screenOf(poseOf(aView(), viewport), toVector(aView()));
    expect(at?.x).toBeCloseTo((56 + 1000) / 2, 6);
    expect(at?.y).toBeCloseTo(450, 6);
  });

  test.each([aView(), aView({ zoom: 6, tilt: 30, heading: 70 }), aView({ zoom: 15.5, tilt: 60, heading: 200 })])(
    'finds the same pixel on the way to the ground and back (%o)',
    (view) => {
      const pose = poseOf(view, viewport);
      for (const [x, y] of [
        [500, 600],
        [620, 470],
        [530, 700],
      ] as const) {
        const ground = groundAt(pose, x, y);
        expect(ground).not.toBeNull();
        const back = ground && screenOf(pose, ground);
        expect(back?.x).toBeCloseTo(x, 3);
        expect(back?.y).toBeCloseTo(y, 3);
      }
    },
  );

  test('counts zoom as web maps do', () => {
    const pose = poseOf(aView({ zoom: 10 }), viewport);
    expect(metresPerPixel(pose)).toBeCloseTo(40_030_228 / 512 / 1024, 1);
    expect(poseOf(aView({ zoom: zoomOfRangeMetres(2000, viewport) }), viewport).range * 6_371_009).toBeCloseTo(2000, 3);
  });

  test('sees nothing behind the horizon', () => {
    const pose = poseOf(aView(), viewport);
    expect(screenOf(pose, toVector({ latitude: -35, longitude: -41 }))).toBeNull();
    expect(groundAt(pose, 1430, 10)).toBeNull();
    expect(groundAt(pose, 1430, 10, { orEdge: true })).not.toBeNull();
  });

  test('shows the whole planet inside what is free', () => {
    const pose = poseOf(aView(), viewport);
    const edge = (Math.tan(Math.asin(1 / (1 + pose.range))) * pose.focal * 2) / 900;
    expect(edge).toBeGreaterThan(0.8);
    expect(edge).toBeLessThan(0.95);
  });
});

describe('dragging', () => {
  test.each([aView(), aView({ zoom: 7, tilt: 25, heading: 130 }), aView({ latitude: -62, zoom: 4 })])(
    'keeps the grabbed point under the pointer (%o)',
    (view) => {
      let pose = poseOf(view, viewport);
      const ground = groundAt(pose, 560, 480) ?? pose.target;
      for (const [x, y] of [
        [600, 470],
        [450, 430],
        [540, 520],
      ] as const) {
        pose = poseOf(viewWithGroundAt(pose, ground, x, y), viewport);
        const at = screenOf(pose, ground);
        expect(at?.x).toBeCloseTo(x, 3);
        expect(at?.y).toBeCloseTo(y, 3);
      }
    },
  );

  test('beside the planet turns it and never leaves it', () => {
    const pose = poseOf(aView(), viewport);
    const ground = groundAt(pose, 100, 100, { orEdge: true }) ?? pose.target;
    const view = viewWithGroundAt(pose, ground, 1400, 880);
    expect(Math.abs(view.latitude)).toBeLessThanOrEqual(85);
    expect(Number.isFinite(view.longitude)).toBe(true);
  });
});

describe('bounds', () => {
  test('near the ground are the corners of the window', () => {
    const [west, south, east, north] = boundsOf(poseOf(aView({ zoom: 10 }), viewport));
    expect(east - west).toBeGreaterThan((1440 / 512 / 1024) * 360);
    expect(east - west).toBeLessThan((1440 / 512 / 1024) * 360 * 1.6);
    expect(west).toBeLessThan(139);
    expect(north).toBeGreaterThan(35);
    expect(south).toBeLessThan(35);
  });

  test('over the date line have their west in the east', () => {
    const [west, , east] = boundsOf(poseOf(aView({ longitude: 179.9, zoom: 6 }), viewport));
    expect(west).toBeGreaterThan(east);
  });

  test('hold everything that is seen, a pole with all its longitudes', () => {
    const view = aView({ latitude: 50 });
    const pose = poseOf(view, viewport);
    const [west, south, east, north] = boundsOf(pose);
    expect([west, east, north]).toEqual([-180, 180, 90]);
    const latitudes: number[] = [];
    for (let x = 0; x < 1440; x += 37)
      for (let y = 0; y < 900; y += 41) {
        const ground = groundAt(pose, x, y);
        if (ground) latitudes.push(toPlace(ground).latitude);
      }
    expect(Math.min(...latitudes)).toBeGreaterThanOrEqual(south);
  });
});
