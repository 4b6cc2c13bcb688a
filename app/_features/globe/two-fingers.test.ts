import { expect, test } from 'vitest';

import { beginGesture, pairOf, stepGesture } from './two-fingers.ts';

type At = readonly [x: number, y: number];

/** All that came of these places of two fingers, one after the other. */
function played(...places: readonly (readonly [At, At])[]) {
  const pairs = places.map((fingers) => pairOf(fingers.map(([x, y]) => ({ x, y }))));
  let gesture = beginGesture(pairs[0] ?? null);
  const sum = { zoom: 0, turn: 0, tilt: 0 };
  for (const pair of pairs.slice(1)) {
    if (!gesture || !pair) throw new Error('two fingers are wanted');
    const step = stepGesture(gesture, pair);
    ({ gesture } = step);
    if (step.meaning.type === 'tilt') sum.tilt += step.meaning.pixels;
    else {
      sum.zoom += step.meaning.zoom;
      sum.turn += step.meaning.turn;
    }
  }
  return sum;
}

const around = (degrees: number): readonly [At, At] => {
  const [x, y] = [80 * Math.cos((degrees * Math.PI) / 180), 80 * Math.sin((degrees * Math.PI) / 180)];
  return [
    [200 + x, 400 + y],
    [200 - x, 400 - y],
  ];
};

test('fingers that turn around each other turn the planet, in one step as in many', () => {
  const inMany = played(...Array.from({ length: 13 }, (_, step) => around(step * 5)));
  expect(inMany.turn).toBeCloseTo(-48);
  expect(played(around(0), around(60)).turn).toBeCloseTo(-48);
  expect(inMany.tilt).toBe(0);
  expect(inMany.zoom).toBeCloseTo(0);
});

test('side by side and up together they lean it, in one step as in many', () => {
  const level = (y: number): readonly [At, At] => [
    [150, y],
    [240, y],
  ];
  expect(played(level(400), level(300))).toEqual({ zoom: 0, turn: 0, tilt: 100 });
  expect(played(level(400), level(380), level(350), level(300))).toMatchObject({ turn: 0, tilt: 100 });
});

test('a pinch that shakes a little neither turns nor leans', () => {
  const sum = played(
    [
      [180, 400],
      [220, 400],
    ],
    [
      [150, 402],
      [250, 398],
    ],
    [
      [100, 405],
      [300, 390],
    ],
  );
  expect(sum).toMatchObject({ turn: 0, tilt: 0 });
  expect(sum.zoom).toBeGreaterThan(2);
});
