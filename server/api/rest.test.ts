import { expect, test } from 'vitest';
import { z } from 'zod';

import { cameraQuery } from '#server/contracts/camera.ts';

import { matchRoute, readQuery, type RestRoute } from './rest.ts';

const route = (method: RestRoute['method'], path: string): RestRoute => ({
  procedure: `${method} ${path}`,
  method,
  path,
  access: 'public',
  input: null,
  output: null,
  takesForm: false,
  errors: [],
  mark: {},
});
const routes = [
  route('GET', '/cameras/{id}'),
  route('GET', '/cameras'),
  route('POST', '/cameras'),
  route('POST', '/cameras/doctor'),
];

test('finds the route, a literal part before a parameter', () => {
  expect(matchRoute(routes, 'POST', '/cameras/doctor')).toMatchObject({ route: { path: '/cameras/doctor' } });
  expect(matchRoute(routes, 'GET', '/cameras/a%20b/')).toMatchObject({ parameters: { id: 'a b' } });
  expect(matchRoute(routes, 'DELETE', '/cameras')).toEqual({ allowed: ['GET', 'POST'] });
  expect(matchRoute(routes, 'GET', '/camera')).toBeNull();
  expect(() => matchRoute(routes, 'GET', '/cameras/%')).toThrow(/encoded/);
});

test('reads a query in the types the input wants, and leaves what does not fit to be refused', () => {
  const read = (query: string) => readQuery(new URLSearchParams(query), cameraQuery);
  expect(read('limit=5&states=live,demo&kinds=rtsp&kinds=hls&query=7')).toEqual({
    limit: 5,
    states: ['live', 'demo'],
    kinds: ['rtsp', 'hls'],
    query: '7',
  });
  expect(cameraQuery.safeParse(read('limit=many')).success).toBe(false);
  expect(cameraQuery.safeParse(read('limit=')).success).toBe(false);
  expect(readQuery(new URLSearchParams('on=true&off=no'), z.object({ on: z.boolean(), off: z.boolean() }))).toEqual({
    on: true,
    off: 'no',
  });
});

test('a form of nothing but names is read in one pass', () => {
  const names = (count: number) =>
    new URLSearchParams(Array.from({ length: count }, (_, at) => at.toString(36)).join('&'));
  const fields = names(150_000);
  const from = performance.now();
  expect(Object.keys(readQuery(fields, cameraQuery))).toHaveLength(150_000);
  // Each looked for among all of them would take minutes.
  expect(performance.now() - from).toBeLessThan(5000);
});
