import { getPosition, getTimes } from 'suncalc';

export type SunFacts = {
  /** Degrees above the horizon. */
  altitude: number;
  light: 'day' | 'twilight' | 'night';
  sunriseMs: number | null;
  sunsetMs: number | null;
  /** Where neither happens that day. */
  stays: 'up' | 'down' | null;
};

/** The sun at a place: civil twilight ends 6° below the horizon. */
export function sunFacts(ms: number, { latitude, longitude }: { latitude: number; longitude: number }): SunFacts {
  const date = new Date(ms);
  const { altitude } = getPosition(date, latitude, longitude);
  const { sunrise, sunset, alwaysUp, alwaysDown } = getTimes(date, latitude, longitude);
  return {
    altitude,
    light: altitude > 0 ? 'day' : altitude > -6 ? 'twilight' : 'night',
    sunriseMs: sunrise?.getTime() ?? null,
    sunsetMs: sunset?.getTime() ?? null,
    stays: alwaysUp ? 'up' : alwaysDown ? 'down' : null,
  };
}

const winds = ['N', 'NE', 'E', 'SE', 'S', 'SW', 'W', 'NW'] as const;
export type Wind = (typeof winds)[number];

/** The nearest of eight winds. */
export function windOf(bearing: number): Wind {
  return winds[Math.round((((bearing % 360) + 360) % 360) / 45) % 8] ?? 'N';
}
