import { expect, it } from 'vitest';

import { restAfter } from './sheet-rest.ts';

const height = 700;

it('a sheet comes to rest at the nearer place, and a flick takes it one step', () => {
  expect(restAfter({ rest: 'half', movedPx: -300, speed: 0, height })).toBe('full');
  expect(restAfter({ rest: 'half', movedPx: -80, speed: 0, height })).toBe('half');
  expect(restAfter({ rest: 'half', movedPx: -80, speed: -1, height })).toBe('full');
  expect(restAfter({ rest: 'full', movedPx: 200, speed: 0.1, height })).toBe('half');
  expect(restAfter({ rest: 'full', movedPx: 200, speed: 2, height })).toBe('half');
});

it('drawn down from half it closes, and a tap moves nothing', () => {
  expect(restAfter({ rest: 'half', movedPx: 250, speed: 0, height })).toBe('closed');
  expect(restAfter({ rest: 'half', movedPx: 40, speed: 1, height })).toBe('closed');
  expect(restAfter({ rest: 'half', movedPx: 2, speed: 1, height })).toBe('half');
});
