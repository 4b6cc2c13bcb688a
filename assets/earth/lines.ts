/** Coasts and borders of Natural Earth as the globe reads them: the planet at a glance, then finer, then in tiles for near the ground. */
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { feature, mesh } from 'topojson-client';
import { z } from 'zod';

import { encodeLines, type GeoLine } from '../../app/_features/globe/line-file.ts';

const require = createRequire(import.meta.url);

/** Degrees of a tile's side. */
const tileDegrees = 15;
/** A longer step drawn straight would dip under the planet's surface. */
const stepDegreesMax = 3;
/** Square kilometres of a lake that is seen with the whole planet. */
const atAGlance = 12_000;

/** Longitude and latitude in degrees. */
export type Position = number[];
/** A lake's outline, closed. */
type Shore = { ring: Position[]; squareKilometres: number };
type Countries = Extract<NonNullable<Parameters<typeof mesh>[1]>, { type: 'GeometryCollection' }>;
type Atlas = Parameters<typeof mesh>[0] & { objects: { countries: Countries } };

const atlasShape = z.object({
  type: z.literal('Topology'),
  arcs: z.array(z.array(z.array(z.number()))),
  objects: z.object({ countries: z.object({ type: z.literal('GeometryCollection') }) }),
});
const isAtlas = (value: unknown): value is Atlas => atlasShape.safeParse(value).success;

function readAtlas(scale: '110m' | '50m' | '10m'): { atlas: Atlas; countries: Countries } {
  const atlas: unknown = JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), 'utf8'));
  if (!isAtlas(atlas)) throw new Error(`world-atlas ${scale} is not the atlas it was`);
  return { atlas, countries: atlas.objects.countries };
}

/** Each country's parts; lakes are included in them. Longitudes go on past 180°. */
export function countryAreas(): { id: string | number | undefined; polygons: Position[][][] }[] {
  const { atlas, countries } = readAtlas('50m');
  return feature(atlas, countries).features.map(({ id, geometry }) => {
    if (geometry.type === 'Polygon') return { id, polygons: [geometry.coordinates] };
    return { id, polygons: geometry.type === 'MultiPolygon' ? geometry.coordinates : [] };
  });
}

/** The rings of all land. */
export const landRings = (): Position[][] => countryAreas().flatMap(({ polygons }) => polygons.flat());

export function makeLines(folder: string, lakes: readonly Shore[]): void {
  const large = lakes.filter(({ squareKilometres }) => squareKilometres >= atAGlance);
  writeFileSync(join(folder, 'lines-110m.bin'), encodeLines([...linesOf('110m'), ...shores(large)]));
  writeFileSync(join(folder, 'lines-50m.bin'), encodeLines([...linesOf('50m'), ...shores(lakes)]));
  mkdirSync(join(folder, 'lines-10m'));
  const fine = tiles([...linesOf('10m'), ...shores(lakes)]);
  // A tile of open sea is an empty file: asking for it is no error.
  for (let column = 0; column < 360 / tileDegrees; column++)
    for (let row = 0; row < 180 / tileDegrees; row++) {
      const name = `${String(column)}-${String(row)}`;
      writeFileSync(join(folder, 'lines-10m', `${name}.bin`), encodeLines(fine.get(name) ?? []));
    }
}

function linesOf(scale: '110m' | '50m' | '10m'): GeoLine[] {
  const { atlas, countries } = readAtlas(scale);
  // An arc used by one country alone is its coast.
  const coast = mesh(atlas, countries, (a, b) => a === b);
  const border = mesh(atlas, countries, (a, b) => a !== b);
  return [...flatten(coast, 'coast'), ...flatten(border, 'border')];
}

/** As faint as borders: a coast is the sea's. */
const shores = (lakes: readonly Shore[]): GeoLine[] =>
  lakes.map(({ ring }) => ({ kind: 'border', points: ring.flat() }));

function flatten(lines: ReturnType<typeof mesh>, kind: GeoLine['kind']): GeoLine[] {
  return lines.coordinates.map((line) => ({
    kind,
    points: unwrapped(line).flatMap(([longitude = 0, latitude = 0]) => [longitude, latitude]),
  }));
}

/** The atlas is whole across the date line: longitudes go on past 180° instead of jumping, and long steps are cut into short ones. */
export function unwrapped(line: Position[]): Position[] {
  const points: Position[] = [];
  let [lastLongitude = 0, lastLatitude = 0] = line[0] ?? [];
  for (const [longitude = 0, latitude = 0] of line) {
    const step = ((((longitude - lastLongitude + 180) % 360) + 360) % 360) - 180;
    const pieces = Math.max(1, Math.ceil(Math.abs(step) / stepDegreesMax));
    for (let piece = 1; piece <= pieces; piece++) {
      const share = piece / pieces;
      points.push([lastLongitude + step * share, lastLatitude + (latitude - lastLatitude) * share]);
    }
    lastLongitude += step;
    lastLatitude = latitude;
  }
  return points;
}

/** Cuts lines into tiles named `column-row` from the south-west corner; a step belongs to the tile where it begins. */
function tiles(lines: GeoLine[]): Map<string, GeoLine[]> {
  const all = new Map<string, GeoLine[]>();
  const put = (name: string, line: GeoLine) => {
    const list = all.get(name);
    if (list) list.push(line);
    else all.set(name, [line]);
  };
  for (const { kind, points } of lines) {
    let name = '';
    let run: number[] = [];
    for (let index = 0; index + 1 < points.length; index += 2) {
      const [longitude = 0, latitude = 0] = [points[index], points[index + 1]];
      run.push(longitude, latitude);
      const here = tileName(longitude, latitude);
      if (here === name) continue;
      if (run.length >= 4) put(name, { kind, points: run });
      run = [longitude, latitude];
      name = here;
    }
    if (run.length >= 4) put(name, { kind, points: run });
  }
  return all;
}

function tileName(longitude: number, latitude: number): string {
  const columns = 360 / tileDegrees;
  const column = ((Math.floor((longitude + 180) / tileDegrees) % columns) + columns) % columns;
  const row = Math.min(180 / tileDegrees - 1, Math.floor((latitude + 90) / tileDegrees));
  return `${String(column)}-${String(row)}`;
}
