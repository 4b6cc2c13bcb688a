import { expect, test } from 'vitest';

import { cameraStates } from '#server/contracts/camera.ts';
import type { EarthCluster, EarthPoint } from '#server/contracts/earth.ts';
import { cameraId, streamId } from '#server/contracts/ids.ts';

import { ringEnds } from './clusters.ts';
import { toVector } from './geodesy.ts';
import { createPicker } from './picking.ts';
import { poseOf, screenOf } from './pose.ts';

const viewport = { width: 1440, height: 900, inset: { left: 0, right: 0, top: 0, bottom: 0 } };
const pose = poseOf({ latitude: 20, longitude: 100, zoom: 2.6, heading: 0, tilt: 0 }, viewport);
const id = (index: number) => `0193b0a0-0000-7000-8000-${String(index).padStart(12, '0')}`;

function aPoint(index: number, latitude: number, longitude: number): EarthPoint {
  const state = cameraStates[index % cameraStates.length] ?? 'live';
  return {
    id: cameraId.parse(id(index)),
    streamId: streamId.parse(id(index)),
    latitude,
    longitude,
    bearing: null,
    state,
  };
}

const aCluster = (over: Partial<EarthCluster> = {}): EarthCluster => ({
  id: 7,
  latitude: 10,
  longitude: 110,
  count: 900,
  states: { live: 600, offline: 299, error: 1 },
  expansionZoom: 5,
  ...over,
});

const pixelOf = (place: { latitude: number; longitude: number }) => screenOf(pose, toVector(place)) ?? { x: -1, y: -1 };

test('the camera under the pointer is found among many, near the edge of the planet too', () => {
  const points = Array.from({ length: 5000 }, (_, index) => aPoint(index, (index % 71) * 2 - 70, (index * 7.3) % 360));
  const picker = createPicker(points, [], () => 3);
  const targets = [aPoint(9001, 21.1, 101.7), aPoint(9002, 1.3, 163.5), aPoint(9003, -40.7, 121.1)];
  const withTargets = createPicker([...points, ...targets], [], () => 3);
  for (const target of targets) {
    const at = pixelOf(target);
    expect(withTargets.pick(pose, at.x, at.y, 5)).toMatchObject({ type: 'camera', point: { id: target.id } });
  }
  expect(picker.pick(pose, 20, 20, 5)).toBeNull();
});

test('a camera behind the planet is never found', () => {
  const behind = aPoint(1, -20, -80);
  const picker = createPicker([behind], [], () => 3);
  for (let x = 0; x <= 1440; x += 60) expect(picker.pick(pose, x, 450, 20)).toBeNull();
});

test('a cluster is found anywhere on its disc, a camera on top of its rim goes first where it is nearer', () => {
  const cluster = aCluster();
  const at = pixelOf(cluster);
  const picker = createPicker([], [cluster], () => 3);
  expect(picker.pick(pose, at.x + 15, at.y, 2)).toMatchObject({ type: 'cluster', cluster: { id: 7 } });
  expect(picker.pick(pose, at.x + 40, at.y, 2)).toBeNull();
});

test("a cluster's ring shows every state that it holds, and is whole", () => {
  const ends = ringEnds(aCluster());
  expect(ends.at(-1)).toBeCloseTo(1, 9);
  const shares = ends.map((end, index) => end - (ends[index - 1] ?? 0));
  expect(shares.filter((share) => share > 0)).toHaveLength(3);
  expect(Math.min(...shares.filter((share) => share > 0))).toBeGreaterThan(0.03);
});
