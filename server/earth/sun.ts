import { getPosition } from 'suncalc';

import type { Daylight } from '#server/contracts/earth.ts';

const degree = Math.PI / 180;
/** What suncalc adds for refraction to every altitude below the horizon (Meeus 16.4 at 0°), degrees. */
const refractionBelow = 0.0002967 / Math.tan(0.00312536 / 0.08901179) / degree;
/** The sun's true altitude when it seems to stand at 0° and at −6°, as sines. */
const horizon = Math.sin(-refractionBelow * degree);
const civil = Math.sin((-6 - refractionBelow) * degree);

/** A direction from the centre of the Earth: x to 0° E at the equator, y to 90° E, z to the north pole. Length 1. */
export interface Direction {
  x: number;
  y: number;
  z: number;
}

export function directionOf(latitude: number, longitude: number): Direction {
  const [north, east] = [latitude * degree, longitude * degree];
  return { x: Math.cos(north) * Math.cos(east), y: Math.cos(north) * Math.sin(east), z: Math.sin(north) };
}

/**
 * Where the sun is, so that its altitude anywhere is one dot product: 65,000 places each minute would keep suncalc busy for too long. suncalc is
 * asked at the ends of the three axes, at whichever end it is dark: there refraction is a constant.
 */
export function sunAt(at: Date): Direction {
  const sine = (latitude: number, longitude: number) => {
    const apparent = getPosition(at, latitude, longitude).altitude;
    return apparent - refractionBelow < 0 ? Math.sin((apparent - refractionBelow) * degree) : null;
  };
  const axis = (latitude: number, longitude: number) =>
    sine(latitude, longitude) ?? -(sine(-latitude, longitude + 180) ?? 0);
  return { x: axis(0, 0), y: axis(0, 90), z: axis(90, 0) };
}

/** Sine of the true altitude. */
export const sunHeight = (sun: Direction, place: Direction): number =>
  sun.x * place.x + sun.y * place.y + sun.z * place.z;

export function daylightOf(height: number): Daylight {
  if (height > horizon) return 'day';
  return height > civil ? 'twilight' : 'night';
}

/** Whether it is before the sun's noon at the place. */
export function isRising(sun: Direction, longitude: number): boolean {
  // Towards local east of the meridian through the place.
  return sun.y * Math.cos(longitude * degree) - sun.x * Math.sin(longitude * degree) > 0;
}
