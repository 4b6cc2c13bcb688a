import { normalized, toVector, wrapLongitude, type Place, type Vector } from './geodesy.ts';

const degree = Math.PI / 180;
const sin = (degrees: number) => Math.sin(degrees * degree);

/** The place where the sun stands overhead, to about 0.01°, by the Astronomical Almanac's short series (1950–2050). */
export function subSolarPoint(timeMs: number): Place {
  const days = timeMs / 86_400_000 - 10_957.5;
  const meanLongitude = 280.46 + 0.985_647_4 * days;
  const anomaly = 357.528 + 0.985_600_3 * days;
  const ecliptic = (meanLongitude + 1.915 * sin(anomaly) + 0.02 * sin(2 * anomaly)) * degree;
  const obliquity = (23.439 - 0.000_000_4 * days) * degree;
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic));
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic));
  const sidereal = 280.460_618_37 + 360.985_647_366_29 * days;
  return { latitude: declination / degree, longitude: wrapLongitude(ascension / degree - sidereal) };
}

export const sunAt = (timeMs: number): Vector => toVector(subSolarPoint(timeMs));

/** One step of the way from the sun as it is drawn to where it should be: a jump in time is a short sweep of light. */
export function sunTowards(drawn: Vector, wanted: Vector, share: number): Vector {
  const mixed: Vector = [
    drawn[0] + (wanted[0] - drawn[0]) * share,
    drawn[1] + (wanted[1] - drawn[1]) * share,
    drawn[2] + (wanted[2] - drawn[2]) * share,
  ];
  // Opposite suns meet in the middle of the planet.
  return Math.hypot(...mixed) < 1e-3 ? wanted : normalized(mixed);
}
