import { describe, expect, it } from 'vitest';

import { boundsOf, boxWithin, movedBy, toPixels, toPlace, zoomedAt, zoomOfWorld } from './projection.ts';

const bare = { left: 0, right: 0, top: 0, bottom: 0 };
const box = boxWithin({ width: 800, height: 600 }, bare);
const tokyo = { latitude: 35.68, longitude: 139.77, zoom: 5 };

describe('the flat map', () => {
  it('draws a place where it reads it', () => {
    const place = toPlace({ x: 123, y: 456 }, tokyo, box);
    const { x, y } = toPixels(place, tokyo, box);
    expect(x).toBeCloseTo(123, 6);
    expect(y).toBeCloseTo(456, 6);
    expect(toPixels(tokyo, tokyo, box)).toEqual({ x: 400, y: 300 });
  });

  it('keeps what is under the finger under it', () => {
    const place = toPlace({ x: 200, y: 200 }, tokyo, box);
    const moved = movedBy(tokyo, { x: 50, y: -30 }, box);
    expect(toPixels(place, moved, box).x).toBeCloseTo(250, 6);
    const zoomed = zoomedAt(tokyo, 6.5, { x: 200, y: 200 }, box);
    expect(toPixels(place, zoomed, box).x).toBeCloseTo(200, 6);
    expect(toPixels(place, zoomed, box).y).toBeCloseTo(200, 6);
  });

  it('draws what is looked at in the middle of what panels leave free', () => {
    const covered = boxWithin({ width: 800, height: 600 }, { ...bare, right: 440, bottom: 56 });
    expect(toPixels(tokyo, tokyo, covered)).toEqual({ x: 180, y: 272 });
    const moved = movedBy(tokyo, { x: 50, y: -30 }, covered);
    expect(toPixels(tokyo, moved, covered).x).toBeCloseTo(230, 6);
  });

  it('names its bounds across the date line and for the whole world', () => {
    const [west, , east] = boundsOf({ latitude: 0, longitude: 179, zoom: 5 }, box);
    expect(west).toBeGreaterThan(0);
    expect(east).toBeLessThan(0);
    expect(boundsOf({ latitude: 0, longitude: 30, zoom: zoomOfWorld(box) }, box)[2]).toBe(180);
  });
});
