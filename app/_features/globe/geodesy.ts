/** The planet as a unit sphere: x through 0° 0°, y through 0° 90° east, z through the north pole. */

export type Vector = readonly [number, number, number];
export interface Place {
  latitude: number;
  longitude: number;
}

export const earthRadiusMetres = 6_371_008.8;
const degree = Math.PI / 180;

export const toRadians = (degrees: number) => degrees * degree;
export const toDegrees = (radians: number) => radians / degree;
export const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** −180 ≤ longitude < 180. */
export const wrapLongitude = (longitude: number) => ((((longitude + 180) % 360) + 360) % 360) - 180;

export const dot = (a: Vector, b: Vector) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const scale = (a: Vector, by: number): Vector => [a[0] * by, a[1] * by, a[2] * by];
/** a + b · by */
export const plus = (a: Vector, b: Vector, by = 1): Vector => [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by];
export const normalized = (a: Vector): Vector => scale(a, 1 / Math.hypot(...a));

export function toVector({ latitude, longitude }: Place): Vector {
  const [phi, lambda] = [toRadians(latitude), toRadians(longitude)];
  return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
}

export function toPlace([x, y, z]: Vector): Place {
  return { latitude: toDegrees(Math.atan2(z, Math.hypot(x, y))), longitude: toDegrees(Math.atan2(y, x)) };
}

/** East, north and up at a place. At a pole its longitude says where north points. */
export function axesAt({ latitude, longitude }: Place): { east: Vector; north: Vector; up: Vector } {
  const [phi, lambda] = [toRadians(latitude), toRadians(longitude)];
  return {
    east: [-Math.sin(lambda), Math.cos(lambda), 0],
    north: [-Math.sin(phi) * Math.cos(lambda), -Math.sin(phi) * Math.sin(lambda), Math.cos(phi)],
    up: toVector({ latitude, longitude }),
  };
}

/** Angle between two places as seen from the middle of the planet, in radians; right for tiny distances too. */
export function angleBetween(from: Place, to: Place): number {
  const a = toVector(from);
  const b = toVector(to);
  const cross = Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
  return Math.atan2(cross, dot(a, b));
}

/** The place at a share, 0…1, of the shorter great circle. Opposite places are joined over the first one's meridian. */
export function alongGreatCircle(from: Place, to: Place, share: number): Place {
  const angle = angleBetween(from, to);
  if (angle < 1e-9) return to;
  const a = toVector(from);
  if (Math.PI - angle < 1e-6) {
    const { north } = axesAt(from);
    return toPlace(plus(scale(a, Math.cos(angle * share)), north, Math.sin(angle * share)));
  }
  const b = toVector(to);
  const sine = Math.sin(angle);
  return toPlace(plus(scale(a, Math.sin((1 - share) * angle) / sine), b, Math.sin(share * angle) / sine));
}

/** The shorter way round from one direction to another, in degrees, −180…180. */
export const turnBetween = (from: number, to: number) => wrapLongitude(to - from);
