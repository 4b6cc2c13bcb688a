import { describe, expect, it } from 'vitest';

import { startView } from './earth-start.ts';

describe('what Earth begins with', () => {
  it('is the whole planet where that is what a window shows', () => {
    expect(startView(null).bounds).toEqual([-180, -90, 180, 90]);
    expect(startView({ latitude: 80, longitude: 10, zoom: 5 }).bounds).toEqual([-180, -90, 180, 90]);
    expect(startView({ latitude: 35, longitude: 10, zoom: 5, tilt: 60 }).bounds).toEqual([-180, -90, 180, 90]);
  });

  it('is a part of it from nearer, never less than a large window shows', () => {
    const [west, south, east, north] = startView({ latitude: 35.66, longitude: 139.7, zoom: 9 }).bounds;
    const degreesAPixel = 360 / (512 * 2 ** 9);
    expect(east - west).toBeGreaterThan(1920 * degreesAPixel);
    expect(east - west).toBeLessThan(6);
    expect(north - south).toBeGreaterThan(1000 * degreesAPixel * Math.cos((35.66 * Math.PI) / 180));
    expect((west + east) / 2).toBeCloseTo(139.7);
  });

  it('spans the date line', () => {
    const [west, , east] = startView({ latitude: 0, longitude: 179.9, zoom: 8 }).bounds;
    expect(west).toBeGreaterThan(170);
    expect(east).toBeLessThan(-170);
  });
});
