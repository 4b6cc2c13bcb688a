import type { GeoBounds } from '#server/contracts/earth.ts';

import { wrapLongitude, type EarthPosition } from '../../_lib/earth-address.ts';
import type { Inset } from '../../_lib/earth-surface.ts';

/** Web Mercator (EPSG:3857) in a box: the equator is 512 · 2^zoom pixels long. */
export type Box = {
  width: number;
  height: number;
  /** Where the middle of the view is drawn: panels over the box move it. */
  centreX: number;
  centreY: number;
};

/** A box of which panels cover this much at each side. */
export const boxWithin = ({ width, height }: { width: number; height: number }, inset: Inset): Box => ({
  width,
  height,
  centreX: (inset.left + width - inset.right) / 2,
  centreY: (inset.top + height - inset.bottom) / 2,
});

export const worldPx = (zoom: number): number => 512 * 2 ** zoom;
const latitudeMax = 85.0511;

/** Of the equator's length, north positive. */
export const northing = (latitude: number): number => {
  const bounded = Math.min(latitudeMax, Math.max(-latitudeMax, latitude));
  return Math.log(Math.tan(Math.PI / 4 + (bounded * Math.PI) / 360)) / (2 * Math.PI);
};
const latitudeOf = (north: number): number => (Math.atan(Math.sinh(north * 2 * Math.PI)) * 180) / Math.PI;

/** Where a place is drawn; the copy of the world that is nearest to the middle. */
export function toPixels(
  place: { latitude: number; longitude: number },
  middle: EarthPosition,
  box: Box,
): { x: number; y: number } {
  const world = worldPx(middle.zoom);
  return {
    x: box.centreX + (wrapLongitude(place.longitude - middle.longitude) / 360) * world,
    y: box.centreY - (northing(place.latitude) - northing(middle.latitude)) * world,
  };
}

export function toPlace(
  point: { x: number; y: number },
  middle: EarthPosition,
  box: Box,
): { latitude: number; longitude: number } {
  const world = worldPx(middle.zoom);
  return {
    latitude: latitudeOf(northing(middle.latitude) - (point.y - box.centreY) / world),
    longitude: wrapLongitude(middle.longitude + ((point.x - box.centreX) / world) * 360),
  };
}

export function boundsOf(middle: EarthPosition, box: Box): GeoBounds {
  const north = toPlace({ x: 0, y: 0 }, middle, box);
  const south = toPlace({ x: box.width, y: box.height }, middle, box);
  if (box.width >= worldPx(middle.zoom)) return [-180, south.latitude, 180, north.latitude];
  return [north.longitude, south.latitude, south.longitude, north.latitude];
}

/** Moved by a drag: what was under the finger stays under it. */
export function movedBy(middle: EarthPosition, by: { x: number; y: number }, box: Box): EarthPosition {
  const place = toPlace({ x: box.centreX - by.x, y: box.centreY - by.y }, middle, box);
  return { ...place, zoom: middle.zoom };
}

/** Zoomed around a point that keeps its place. */
export function zoomedAt(middle: EarthPosition, zoom: number, at: { x: number; y: number }, box: Box): EarthPosition {
  const kept = toPlace(at, middle, box);
  const next = { ...middle, zoom };
  const drawn = toPixels(kept, next, box);
  return movedBy(next, { x: at.x - drawn.x, y: at.y - drawn.y }, box);
}

/** The zoom at which the whole world fits. */
export const zoomOfWorld = (box: Box): number => Math.log2(Math.max(box.width, 256) / 512);
