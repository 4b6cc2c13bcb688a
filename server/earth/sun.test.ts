import fc from 'fast-check';
import { getPosition } from 'suncalc';
import { expect, test } from 'vitest';

import { daylightOf, directionOf, isRising, sunAt, sunHeight } from './sun.ts';

const moment = fc.date({
  min: new Date('2020-01-01T00:00:00Z'),
  max: new Date('2040-01-01T00:00:00Z'),
  noInvalidDate: true,
});
const latitude = fc.double({ min: -90, max: 90, noNaN: true });
const longitude = fc.double({ min: -180, max: 180, noNaN: true });

test('daylight is what suncalc says, everywhere and at any time', () => {
  fc.assert(
    fc.property(moment, latitude, longitude, (at, north, east) => {
      const { altitude } = getPosition(at, north, east);
      // A hundredth of a degree is two and a half seconds.
      fc.pre(Math.abs(altitude) > 0.01 && Math.abs(altitude + 6) > 0.01);
      const expected = altitude > 0 ? 'day' : altitude > -6 ? 'twilight' : 'night';
      expect(daylightOf(sunHeight(sunAt(at), directionOf(north, east)))).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test('the sun rises in the morning and falls in the evening', () => {
  fc.assert(
    fc.property(moment, fc.double({ min: -60, max: 60, noNaN: true }), longitude, (at, north, east) => {
      const before = getPosition(at, north, east).altitude;
      const after = getPosition(new Date(at.getTime() + 60_000), north, east).altitude;
      fc.pre(Math.abs(after - before) > 0.02 && Math.abs(before) < 10);
      expect(isRising(sunAt(at), east)).toBe(after > before);
    }),
    { numRuns: 1000 },
  );
});

test('noon on Greenwich is day there and night on the other side', () => {
  const sun = sunAt(new Date('2026-03-20T12:00:00Z'));
  expect(daylightOf(sunHeight(sun, directionOf(0, 0)))).toBe('day');
  expect(daylightOf(sunHeight(sun, directionOf(0, 180)))).toBe('night');
  expect(daylightOf(sunHeight(sun, directionOf(0, -92)))).toBe('twilight');
});
