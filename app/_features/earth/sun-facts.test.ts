import { describe, expect, it } from 'vitest';

import { sunFacts, windOf } from './sun-facts.ts';

const tokyo = { latitude: 35.68, longitude: 139.77 };

describe('the sun at a place', () => {
  it('rises and sets when the almanac of Tokyo says so', () => {
    const { sunriseMs, sunsetMs, light, altitude } = sunFacts(Date.UTC(2026, 10, 22, 3), tokyo);
    // National Astronomical Observatory of Japan: 22 November, 6:23 and 16:31.
    expect(Math.abs((sunriseMs ?? 0) - Date.UTC(2026, 10, 21, 21, 23))).toBeLessThan(3 * 60_000);
    expect(Math.abs((sunsetMs ?? 0) - Date.UTC(2026, 10, 22, 7, 31))).toBeLessThan(3 * 60_000);
    expect(light).toBe('day');
    expect(altitude).toBeGreaterThan(30);
    expect(sunFacts(Date.UTC(2026, 10, 22, 15), tokyo).light).toBe('night');
  });

  it('stays away in a polar night', () => {
    const { stays, sunriseMs, light } = sunFacts(Date.UTC(2026, 11, 21, 0), { latitude: 78.2, longitude: 15.6 });
    expect(stays).toBe('down');
    expect(sunriseMs).toBeNull();
    expect(light).toBe('night');
  });
});

describe('a bearing', () => {
  it('is named by the nearest of eight winds', () => {
    expect([0, 42, 90, 200, 337.6, 360, -45].map((bearing) => windOf(bearing))).toEqual([
      'N',
      'NE',
      'E',
      'S',
      'N',
      'N',
      'NW',
    ]);
  });
});
