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
