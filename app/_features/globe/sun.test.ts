import { getPosition } from 'suncalc';
import { describe, expect, test } from 'vitest';

import { angleBetween, dot, toDegrees, toVector } from './geodesy.ts';
import { subSolarPoint, sunAt, sunTowards } from './sun.ts';

const moments = ['2026-03-20T14:46:00Z', '2026-06-21T08:24:00Z', '2026-11-22T18:46:00Z', '1999-12-31T23:59:00Z'];

describe('the sub-solar point', () => {
  test.each(moments)('has the sun overhead at %s, as suncalc sees it', (moment) => {
    const at = new Date(moment);
    const { latitude, longitude } = subSolarPoint(at.getTime());
    expect(getPosition(at, latitude, longitude).altitude).toBeGreaterThan(89.9);
  });

  test.each(moments)('puts the horizon where suncalc has sunrise and sunset at %s', (moment) => {
    const at = new Date(moment);
    const sun = sunAt(at.getTime());
    for (let latitude = -60; latitude <= 60; latitude += 20)
      for (let longitude = -180; longitude < 180; longitude += 30) {
        const altitude = toDegrees(Math.asin(dot(sun, toVector({ latitude, longitude }))));
        // suncalc adds refraction, up to 0.6° at the horizon.
        expect(Math.abs(altitude - getPosition(at, latitude, longitude).altitude)).toBeLessThan(0.7);
      }
  });

  test('is on the tropic of Cancer at the June solstice and on the equator at the equinox', () => {
    expect(subSolarPoint(Date.parse('2026-06-21T08:24:00Z')).latitude).toBeCloseTo(23.44, 1);
    expect(subSolarPoint(Date.parse('2026-03-20T14:46:00Z')).latitude).toBeCloseTo(0, 1);
  });
});

test('a jump in time sweeps the light, and a jump of half a day still arrives', () => {
  const from = sunAt(Date.parse('2026-03-20T00:00:00Z'));
  const to = sunAt(Date.parse('2026-03-20T12:00:00Z'));
  let drawn = from;
  for (let frame = 0; frame < 40; frame++) drawn = sunTowards(drawn, to, 0.3);
  expect(dot(drawn, to)).toBeGreaterThan(0.999);
  const onTheWay = sunTowards(from, sunAt(Date.parse('2026-03-20T04:00:00Z')), 0.5);
  expect(Math.hypot(...onTheWay)).toBeCloseTo(1, 9);
  expect(angleBetween(subSolarPoint(0), subSolarPoint(86_400_000))).toBeLessThan(0.02);
});
