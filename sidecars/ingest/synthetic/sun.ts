const rad = Math.PI / 180;

export interface SunPosition {
  /** Degrees over the horizon. */
  altitude: number;
  /** Degrees clockwise from north. */
  azimuth: number;
}

/** Where the sun stands, within a degree: enough for light (low-precision formulas of the Astronomical Almanac). */
export function sunPosition(utcMs: number, latitude: number, longitude: number): SunPosition {
  const days = utcMs / 86_400_000 - 10_957.5; // since J2000
  const anomaly = (357.528 + 0.985_600_3 * days) * rad;
  const ecliptic = (280.46 + 0.985_647_4 * days + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * rad;
  const tilt = 23.439 * rad;
  const declination = Math.asin(Math.sin(tilt) * Math.sin(ecliptic));
  const ascension = Math.atan2(Math.cos(tilt) * Math.sin(ecliptic), Math.cos(ecliptic));
  const siderealDegrees = 280.460_62 + 360.985_647_37 * days + longitude;
  const hourAngle = siderealDegrees * rad - ascension;
  const phi = latitude * rad;
  const altitude = Math.asin(
    Math.sin(phi) * Math.sin(declination) + Math.cos(phi) * Math.cos(declination) * Math.cos(hourAngle),
  );
  const azimuth = Math.atan2(
    -Math.sin(hourAngle) * Math.cos(declination),
    Math.sin(declination) * Math.cos(phi) - Math.cos(declination) * Math.sin(phi) * Math.cos(hourAngle),
  );
  return { altitude: altitude / rad, azimuth: (azimuth / rad + 360) % 360 };
}
