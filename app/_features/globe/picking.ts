import { around } from 'geokdbush';
import KDBush from 'kdbush';

import type { EarthCluster, EarthPoint } from '#server/contracts/earth.ts';

import type { EarthItem } from '../../_lib/earth-surface.ts';
import { clusterRadius } from './clusters.ts';
import { earthRadiusMetres, toPlace, toVector } from './geodesy.ts';
import { groundAt, metresPerPixel, screenOf, type Pose } from './pose.ts';

export interface Picker {
  /** What is nearest to the pixel, if near enough. `reach` CSS pixels beyond a thing's own edge still count. */
  pick: (pose: Pose, x: number, y: number, reach: number) => EarthItem | null;
}

/** Near the planet's edge a pixel is much more ground than in the middle. */
const slantMax = 7;
const candidatesMax = 24;

/** An index over everything that can be pointed at; made once a set, asked at every move. */
export function createPicker(
  points: readonly EarthPoint[],
  clusters: readonly EarthCluster[],
  pointRadius: () => number,
): Picker {
  const total = points.length + clusters.length;
  const index = new KDBush(total, 64, Float64Array);
  for (const { longitude, latitude } of points) index.add(longitude, latitude);
  for (const { longitude, latitude } of clusters) index.add(longitude, latitude);
  index.finish();
  const radiusMax = clusters.reduce((max, { count }) => Math.max(max, clusterRadius(count)), 0);

  const itemAt = (id: number): { item: EarthItem; latitude: number; longitude: number; radius: number } | null => {
    const point = points[id];
    if (point) return { item: { type: 'camera', point }, ...placeOf(point), radius: pointRadius() };
    const cluster = clusters[id - points.length];
    return cluster
      ? { item: { type: 'cluster', cluster }, ...placeOf(cluster), radius: clusterRadius(cluster.count) }
      : null;
  };

  return {
    pick(pose, x, y, reach) {
      if (total === 0) return null;
      const ground = groundAt(pose, x, y, { orEdge: true });
      if (!ground) return null;
      const pixels = Math.max(radiusMax, pointRadius()) + reach;
      const kilometres = ((metresPerPixel(pose) * pixels) / 1000) * slant(pose, ground);
      const { longitude, latitude } = toPlace(ground);
      let best: { item: EarthItem; excess: number } | null = null;
      const near = around(index, longitude, latitude, candidatesMax, Math.min(kilometres, earthRadiusMetres / 1000));
      for (const id of near) {
        const found = itemAt(id);
        const at = found && screenOf(pose, toVector(found));
        if (!found || !at) continue;
        const excess = Math.hypot(at.x - x, at.y - y) - found.radius;
        if (excess <= reach && (!best || excess < best.excess)) best = { item: found.item, excess };
      }
      return best?.item ?? null;
    },
  };
}

/** How many times more ground a pixel covers there than in the middle. */
function slant(pose: Pose, ground: readonly [number, number, number]): number {
  const [x, y, z] = [pose.eye[0] - ground[0], pose.eye[1] - ground[1], pose.eye[2] - ground[2]];
  const distance = Math.hypot(x, y, z);
  const facing = (x * ground[0] + y * ground[1] + z * ground[2]) / Math.max(1e-12, distance);
  return Math.min(slantMax * 2, (distance / pose.range) * Math.min(slantMax, 1 / Math.max(0.05, facing)));
}

const placeOf = ({ latitude, longitude }: { latitude: number; longitude: number }) => ({ latitude, longitude });
