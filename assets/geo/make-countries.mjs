// Writes countries.json beside it: where each country is usually shown. Run with `node assets/geo/make-countries.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';

import { feature as countryOf } from '@rapideditor/country-coder';
import { feature } from 'topojson-client';

/** Parts smaller than this beside the largest, or farther from the rest than this many degrees, are not what is meant by the country's name. */
const areaShareMin = 0.02;
const apartMax = 6;

const atlas = JSON.parse(readFileSync(new URL(import.meta.resolve('world-atlas/countries-50m.json')), 'utf8'));
const rows = [];
for (const { id, geometry } of feature(atlas, atlas.objects.countries).features) {
  const code = id && countryOf(id)?.properties.iso1A2;
  if (!code || !geometry) continue;
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const parts = polygons.map(([ring]) => partOf(ring)).toSorted((a, b) => b.area - a.area);
  const main = parts[0];
  const box = { ...main };
  const left = new Set(parts.slice(1).filter((part) => part.area >= main.area * areaShareMin));
  // Islands in a row are each near the one before.
  for (let grown = true; grown;) {
    grown = false;
    for (const part of left) {
      const shift = [0, 360, -360].find((turn) => isNear(box, part, turn));
      if (shift === undefined) continue;
      box.west = Math.min(box.west, part.west + shift);
      box.east = Math.max(box.east, part.east + shift);
      box.south = Math.min(box.south, part.south);
      box.north = Math.max(box.north, part.north);
      left.delete(part);
      grown = true;
    }
  }
  // The contiguous states: Alaska would move the centre into Canada.
  if (code === 'US') Object.assign(box, { west: -124.8, south: 24.4, east: -66.9, north: 49.4 });
  if (box.east - box.west >= 360) Object.assign(box, { west: -180, east: 180 });
  const middle = (box.west + box.east) / 2;
  rows.push(
    [code, (box.south + box.north) / 2, turned(middle), turned(box.west), box.south, turned(box.east), box.north].map(
      rounded,
    ),
  );
}
rows.sort(([a], [b]) => (a < b ? -1 : 1));
const source = 'Natural Earth 1:50m through world-atlas 2.0.2 (public domain); codes by @rapideditor/country-coder';
const columns = ['country', 'lat', 'lon', 'west', 'south', 'east', 'north'];
const lines = rows.map((row) => JSON.stringify(row)).join(',\n');
writeFileSync(
  new URL('countries.json', import.meta.url),
  `{"source":${JSON.stringify(source)},"columns":${JSON.stringify(columns)},"rows":[\n${lines}\n]}\n`,
);

function partOf(ring) {
  let area = 0;
  // Rings go on over the date line.
  const longitudes = [];
  for (const [east] of ring) {
    const last = longitudes.at(-1) ?? east;
    longitudes.push(east + 360 * Math.round((last - east) / 360));
  }
  const latitudes = ring.map(([, north]) => north);
  for (const [at, east] of longitudes.entries()) {
    const north = latitudes[at];
    const [nextEast, nextNorth] = [longitudes[(at + 1) % ring.length], latitudes[(at + 1) % ring.length]];
    area += (east * nextNorth - nextEast * north) * Math.cos((north * Math.PI) / 180);
  }
  return {
    area: Math.abs(area),
    west: Math.min(...longitudes),
    east: Math.max(...longitudes),
    south: Math.min(...latitudes),
    north: Math.max(...latitudes),
  };
}

function isNear(box, part, turn) {
  const apart = Math.max(
    part.west + turn - box.east,
    box.west - part.east - turn,
    part.south - box.north,
    box.south - part.north,
  );
  return apart <= apartMax;
}

function turned(longitude) {
  return longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;
}

function rounded(value) {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}
