import { describe, expect, test } from 'vitest';

import { alongGreatCircle, angleBetween, toPlace, toVector, turnBetween, wrapLongitude } from './geodesy.ts';

const tokyo = { latitude: 35.68, longitude: 139.77 };
const sanFrancisco = { latitude: 37.77, longitude: -122.42 };

test.each([tokyo, sanFrancisco, { latitude: -89.9, longitude: 12 }, { latitude: 0, longitude: -179.99 }])(
  'a place is the same after a way as a vector (%o)',
  (place) => {
    const back = toPlace(toVector(place));
    expect(back.latitude).toBeCloseTo(place.latitude, 9);
    expect(back.longitude).toBeCloseTo(place.longitude, 9);
  },
);

test('longitudes wrap into −180…180', () => {
  expect([181, -181, 540, -540, 360].map(wrapLongitude)).toEqual([-179, 179, -180, -180, 0]);
  expect(turnBetween(350, 10)).toBe(20);
});

describe('the great circle', () => {
  test('from Tokyo to San Francisco is 8,270 km long and goes north over the date line', () => {
    expect(angleBetween(tokyo, sanFrancisco) * 6371).toBeCloseTo(8270, -2);
    const middle = alongGreatCircle(tokyo, sanFrancisco, 0.5);
    expect(middle.latitude).toBeGreaterThan(45);
    expect(angleBetween(tokyo, middle)).toBeCloseTo(angleBetween(middle, sanFrancisco), 9);
  });

  test('of a metre is still a metre', () => {
    const near = { ...tokyo, latitude: tokyo.latitude + 1 / 111_195 };
    expect(angleBetween(tokyo, near) * 6_371_009).toBeCloseTo(1, 3);
  });

  test('to the other side of the planet is a way, not a hole', () => {
    const middle = alongGreatCircle({ latitude: 0, longitude: 0 }, { latitude: 0, longitude: 180 }, 0.5);
    expect(Math.abs(middle.latitude)).toBeCloseTo(90, 6);
  });
});
