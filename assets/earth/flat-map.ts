/** Land and borders of the flat map as GeoJSON, made from Natural Earth (world-atlas). */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { MultiLineString, MultiPolygon, Position } from 'geojson';
import { mesh, merge } from 'topojson-client';
import type { MultiPolygon as Areas, Polygon as Area } from 'topojson-specification';
import { z } from 'zod';

type Countries = Extract<NonNullable<Parameters<typeof mesh>[1]>, { type: 'GeometryCollection' }>;
type Atlas = Parameters<typeof mesh>[0] & { objects: { countries: Countries } };

const atlasShape = z.object({
  type: z.literal('Topology'),
  objects: z.object({ countries: z.object({ type: z.literal('GeometryCollection') }) }),
});
const isAtlas = (value: unknown): value is Atlas => atlasShape.safeParse(value).success;

/** A hundredth of a degree is a kilometre: finer than Natural Earth 1:50m is. */
const rounded = (value: number): number => Number(value.toFixed(2));

/** The atlas is stitched at the date line: on a flat map a line goes on beyond 180° instead of jumping back. */
function unwrapped(line: readonly Position[]): Position[] {
  let turns = 0;
  let before: number | null = null;
  return line.map(([longitude = 0, latitude = 0]) => {
    if (before !== null && longitude - before > 180) turns -= 360;
    if (before !== null && longitude - before < -180) turns += 360;
    before = longitude;
    return [rounded(longitude + turns), rounded(latitude)];
  });
}

/** A ring around a pole does not close on a flat map: it goes along the edge. */
function closed(ring: readonly Position[]): Position[] {
  const line = unwrapped(ring);
  const [first = [0, 0], last = [0, 0]] = [line[0], line.at(-1)];
  const [from = 0, latitude = 0] = first;
  const [to = 0] = last;
  if (Math.abs(to - from) < 180) return line;
  const pole = latitude < 0 ? -90 : 90;
  return [...line, [to, pole], [from, pole], first];
}

/** Lakes are holes of the land they lie in. */
function withLakes(polygon: Position[][], lakes: readonly Position[][]): Position[][] {
  const [shore] = polygon;
  const own = shore ? lakes.filter(([first]) => first && isInside(shore, first)) : [];
  return [...polygon, ...own.map((ring) => ring.map((point) => point.map(rounded)))];
}

/** By how often a ray to the east crosses the ring. */
function isInside(ring: readonly Position[], [longitude = 0, latitude = 0]: Position): boolean {
  let isIn = false;
  for (const [index, [x1 = 0, y1 = 0]] of ring.entries()) {
    const [x0 = 0, y0 = 0] = ring[index - 1] ?? ring.at(-1) ?? [];
    if (y0 > latitude !== y1 > latitude && longitude < ((x1 - x0) * (latitude - y0)) / (y1 - y0) + x0) isIn = !isIn;
  }
  return isIn;
}

/** Writes `flat-land.json`, `flat-borders.json` and MapLibre's worker into a folder. */
export function makeFlatMap(folder: string, lakes: readonly Position[][]): void {
  const packages = join(import.meta.dirname, '../../node_modules');
  const atlas: unknown = JSON.parse(readFileSync(join(packages, 'world-atlas', 'countries-50m.json'), 'utf8'));
  if (!isAtlas(atlas)) throw new Error('world-atlas is not the atlas it was');
  const { countries } = atlas.objects;
  const areas = countries.geometries.filter(
    (geometry): geometry is Area | Areas => geometry.type === 'Polygon' || geometry.type === 'MultiPolygon',
  );
  const land: MultiPolygon = {
    type: 'MultiPolygon',
    coordinates: merge(atlas, areas).coordinates.map((polygon) => withLakes(polygon.map(closed), lakes)),
  };
  const borders: MultiLineString = {
    type: 'MultiLineString',
    coordinates: mesh(atlas, countries, (one, other) => one !== other).coordinates.map((line) => unwrapped(line)),
  };
  // Loaded by address: bundlers do not find it by themselves.
  const worker = 'maplibre-gl-worker.mjs';
  copyFileSync(join(packages, 'maplibre-gl', 'dist', worker), join(folder, worker));
  writeFileSync(join(folder, 'flat-land.json'), JSON.stringify(land));
  writeFileSync(join(folder, 'flat-borders.json'), JSON.stringify(borders));
}
