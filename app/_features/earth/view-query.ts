import type { EarthFilter, EarthViewInput, GeoBounds } from '#server/contracts/earth.ts';

import { wrapLongitude, zoomMax } from '../../_lib/earth-address.ts';

const worldDegrees = 360;

function snappedLongitudes(west: number, east: number, step: number): [number, number] {
  const width = west > east ? east + worldDegrees - west : east - west;
  const from = Math.floor(west / step) * step;
  const to = Math.ceil((west + width) / step) * step;
  if (to - from >= worldDegrees) return [-180, 180];
  const last = wrapLongitude(to);
  // 180° and −180° are one meridian: as an eastern edge it is written 180.
  return [wrapLongitude(from), last === -180 ? 180 : last];
}

/**
 * The question for what stands in a view. Bounds grow outward to a grid of half tiles and the zoom is whole,
 * so that small movements ask nothing and people who look at the same place ask the same. The zoom is the one
 * below: what is told apart there stands at least as far apart here, and clusters do not cover each other.
 */
export function viewQuery(
  { bounds: [west, south, east, north], zoom }: { bounds: GeoBounds; zoom: number },
  filter: EarthFilter,
  at: string | null,
): EarthViewInput {
  const level = Math.min(zoomMax, Math.max(0, Math.floor(zoom)));
  const step = worldDegrees / 2 ** (level + 1);
  const [snappedWest, snappedEast] = snappedLongitudes(west, east, step);
  return {
    bounds: [
      snappedWest,
      Math.max(-90, Math.floor(south / step) * step),
      snappedEast,
      Math.min(90, Math.ceil(north / step) * step),
    ],
    zoom: level,
    ...(Object.keys(filter).length > 0 ? { filter } : {}),
    ...(at === null ? {} : { at }),
  };
}

/** Whether a place lies in bounds that may span the date line. */
export function isWithin(
  place: { latitude: number; longitude: number },
  [west, south, east, north]: GeoBounds,
): boolean {
  if (place.latitude < south || place.latitude > north) return false;
  return west <= east
    ? place.longitude >= west && place.longitude <= east
    : place.longitude >= west || place.longitude <= east;
}

/** A moment of the past as states are asked by: whole steps, so that a paused clock asks once. */
export const momentQuery = (ms: number, stepMs: number): string =>
  new Date(Math.floor(ms / stepMs) * stepMs).toISOString();
