/** Where a country's name is written and how large the country is there, made from Natural Earth (world-atlas). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { feature as countryOf } from '@rapideditor/country-coder';

import { countryAreas, type Position } from './lines.ts';

/** Smaller than this, the country's cities say where one is. */
const radiusMin = 0.09;
const cellsAcross = 48;
/** Whose middle is no place on a flat map. */
const givenPlaces: Readonly<Record<string, readonly [latitude: number, longitude: number, radius: number]>> = {
  AQ: [-80, 60, 8],
};

/** Writes `countries.json`: code, latitude, longitude, and the radius in degrees of the largest circle in the country. */
export function makeCountries(folder: string): void {
  const rows = countryAreas().flatMap(({ id, polygons }) => {
    const code = id === undefined ? undefined : countryOf(String(id))?.properties.iso1A2;
    if (!code) return [];
    const [latitude, longitude, radius] = givenPlaces[code] ?? widestPlace(largest(polygons));
    const place = [latitude, ((((longitude + 180) % 360) + 360) % 360) - 180, radius];
    return radius < radiusMin ? [] : [[code, ...place.map((value) => Number(value.toFixed(2)))]];
  });
  writeFileSync(join(folder, 'countries.json'), JSON.stringify(rows));
}

const largest = (polygons: readonly Position[][][]): Position[][] =>
  polygons.reduce((best, polygon) => (areaOf(polygon[0] ?? []) > areaOf(best[0] ?? []) ? polygon : best), []);

function areaOf(ring: readonly Position[]): number {
  let sum = 0;
  for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x0 = 0, y0 = 0] = ring[index - 1] ?? [x1, y1];
    sum += (x1 - x0) * Math.sin((((y0 + y1) / 2) * Math.PI) / 180);
  }
  return Math.abs(sum);
}

/** The place farthest from all borders, degrees of longitude counted as long as they are there: first on a grid, then nearer. */
function widestPlace(polygon: readonly Position[][]): readonly [latitude: number, longitude: number, radius: number] {
  const shore = polygon[0] ?? [];
  const [west, east] = [least(shore, 0), -least(shore, 0, -1)];
  const [south, north] = [least(shore, 1), -least(shore, 1, -1)];
  const stretch = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const edges = polygon.map((ring) => ring.map(([x = 0, y = 0]) => [x * stretch, y]));
  let best = { x: ((west + east) / 2) * stretch, y: (south + north) / 2, depth: Number.NEGATIVE_INFINITY };
  let cell = Math.max((east - west) * stretch, north - south) / cellsAcross;
  const look = (x: number, y: number) => {
    const depth = depthOf(edges, x, y);
    if (depth > best.depth) best = { x, y, depth };
  };
  for (let x = west * stretch + cell / 2; x < east * stretch; x += cell)
    for (let y = south + cell / 2; y < north; y += cell) look(x, y);
  for (let round = 0; round < 5; round++) {
    const { x, y } = best;
    cell /= 2;
    for (const dx of [-1, 0, 1]) for (const dy of [-1, 0, 1]) look(x + dx * cell, y + dy * cell);
  }
  return [best.y, best.x / stretch, best.depth];
}

const least = (ring: readonly Position[], axis: number, sign = 1): number =>
  ring.reduce((low, point) => Math.min(low, (point[axis] ?? 0) * sign), Number.POSITIVE_INFINITY);

/** How far inside; below 0 outside. */
function depthOf(rings: readonly Position[][], x: number, y: number): number {
  let isIn = false;
  let nearest = Number.POSITIVE_INFINITY;
  for (const ring of rings)
    for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
      const [x0 = 0, y0 = 0] = ring[index - 1] ?? [x1, y1];
      if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) isIn = !isIn;
      const length = (x1 - x0) ** 2 + (y1 - y0) ** 2;
      const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length));
      nearest = Math.min(nearest, Math.hypot(x0 + (x1 - x0) * share - x, y0 + (y1 - y0) * share - y));
    }
  return isIn ? nearest : -nearest;
}
