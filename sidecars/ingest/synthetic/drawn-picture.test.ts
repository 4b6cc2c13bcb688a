import { expect, test } from 'vitest';

import { syntheticScene } from '#server/contracts/camera.ts';
import { readTimeCode } from '#server/contracts/picture-time-code.ts';

import { printable } from './bitmap-font.ts';
import { DrawnPicture } from './drawn-picture.ts';
import { sunPosition } from './sun.ts';

const source = { label: 'Zürich Brücke 橋', latitude: 47.37, longitude: 8.54, timeZone: 'Europe/Zurich' };
const noon = Date.UTC(2026, 5, 21, 11, 30, 0, 321);

function codeOf(picture: DrawnPicture, utcMs: number): number | null {
  const planes = picture.at(utcMs);
  const data = new Uint8Array(picture.width * picture.height * 4);
  for (let pixel = 0; pixel < picture.width * picture.height; pixel += 1) {
    data.fill(planes[pixel] ?? 0, pixel * 4, pixel * 4 + 3);
  }
  return readTimeCode({ data, width: picture.width, height: picture.height });
}

test.each(syntheticScene.options)('the scene %s carries a time code that a machine reads, and moves', (scene) => {
  const picture = new DrawnPicture({ ...source, options: { scene } });
  expect(codeOf(picture, noon)).toBe(noon);
  const [before, after] = [Buffer.from(picture.at(noon)), Buffer.from(picture.at(noon + 2000))];
  const rows = Math.floor(picture.height * 0.2) * picture.width;
  const end = Math.floor(picture.height * 0.95) * picture.width;
  let changed = 0;
  for (let at = rows; at < end; at += 1) if (Math.abs((before[at] ?? 0) - (after[at] ?? 0)) > 12) changed += 1;
  expect(changed).toBeGreaterThan(100);
});

test.each([
  [64, 64],
  [641, 361],
  [1280, 720],
])('reads its time code at %i × %i', (width, height) => {
  const picture = new DrawnPicture({ ...source, options: { scene: 'test', width, height } });
  expect(codeOf(picture, noon + 7)).toBe(noon + 7);
});

test('is dark at night and light by day', () => {
  const picture = new DrawnPicture({ ...source, options: { scene: 'harbour' } });
  const mean = (utcMs: number) => {
    const luma = picture.at(utcMs).subarray(0, picture.width * Math.floor(picture.height * 0.9));
    return luma.reduce((sum, value) => sum + value, 0) / luma.length;
  };
  expect(mean(noon)).toBeGreaterThan(mean(noon + 12 * 3_600_000) * 2);
});

test.each([
  ['Greenwich at noon in June', Date.UTC(2026, 5, 21, 12), 51.48, 0, 61.9, 180],
  ['Tokyo at noon in December', Date.UTC(2026, 11, 21, 3), 35.68, 139.77, 30.7, 185],
  ['Sydney at noon in January', Date.UTC(2026, 0, 15, 2), -33.87, 151.2, 77, 0],
])('knows where the sun is: %s', (_place, utcMs, latitude, longitude, altitude, azimuth) => {
  const sun = sunPosition(utcMs, latitude, longitude);
  expect(Math.abs(sun.altitude - altitude)).toBeLessThan(1.2);
  const apart = Math.abs(((sun.azimuth - azimuth + 540) % 360) - 180);
  expect(apart).toBeLessThan(8);
});

test('writes what the font has: letters without accents, nothing else', () => {
  expect(printable('Zürich  Brücke 橋')).toBe('Zurich Brucke');
});
