import { expect, test } from 'vitest';

import { createAppRouter } from '#server/api/app-router.ts';
import { openHouse } from '#server/api/house.ts';
import { restRoutes } from '#server/api/rest.ts';
import { SystemReport } from '#server/api/system-report.ts';
import { parseEnv } from '#server/platform/env.ts';
import { strictProcedures } from '#server/platform/limits.ts';
import { silentLog } from '#server/testing/factories.ts';

import { chargesOf, isAsset } from './charges.ts';
import { doorOf } from './request-facts.ts';
import { createRestProcedure } from './rest-procedure.ts';

const env = parseEnv({
  DATABASE_URL: 'postgresql://127.0.0.1:1/none',
  SENSORIUM_KEY: '0123456789abcdef',
  INTERNAL_SECRET: '0123456789abcdef',
  NEXTAUTH_SECRET: '0123456789abcdef',
});
// Nothing connects before the first query.
const house = openHouse(env, silentLog);
const { procedures } = createAppRouter(house, new SystemReport(house, env))._def;
const restProcedure = createRestProcedure(restRoutes(procedures));

function chargesAt(method: string, path: string) {
  const door = doorOf(path, method);
  if (door !== 'api' && door !== 'web') throw new Error(`${path} is not counted by requests`);
  return chargesOf(door, { method, path }, restProcedure);
}

test('each procedure of a batch counts', () => {
  expect(chargesAt('GET', '/trpc/cameras.list,cameras.states,identity.me')).toEqual([{ limit: 'api', points: 3 }]);
});

test('whatever address tries a password counts as a try, also inside a batch', () => {
  const tries = ['/login', '/api/auth/login', '/api/v1/auth/login', '/api/auth/callback/credentials'];
  for (const path of tries) {
    expect(chargesAt('POST', path)).toContainEqual({ limit: 'signIn', points: 1 });
    expect(chargesAt('GET', path)).toHaveLength(1);
  }
  const batch = chargesAt('POST', '/trpc/identity.claimOwner,identity.claimOwner');
  expect(batch.filter(({ limit }) => limit === 'signIn')).toHaveLength(2);
});

test('what sends mail to any address is counted by the hour', () => {
  const asked = ['/signup', '/password-reset', '/api/v1/auth/register', '/api/auth/password-reset'];
  for (const path of asked) expect(chargesAt('POST', path)).toContainEqual({ limit: 'mail', points: 1 });
});

test('no other spelling of an address makes a try cheaper', () => {
  const spellings = [
    '/trpc/auth.log%69n',
    '/trpc//auth.login',
    '/trpc/auth.login/',
    '/trpc/x/../auth.login',
    '/trpc/../api/v1/auth/login',
    '/api/v1/auth/log%69n',
    '/api/v1/%61uth/login/',
    '/api/v1//auth/login',
    '/api/v1/x/%2e%2e/auth/login',
    '/api/v1\\auth\\login',
    '/api/auth/c%61llback/credentials',
    '/api/auth//callback/credentials',
    '/x/../api/auth/callback/credentials',
    'http://house/api/auth/callback/credentials',
  ];
  for (const path of spellings)
    expect([path, ...chargesAt('POST', path)]).toContainEqual({ limit: 'signIn', points: 1 });
  const batch = chargesAt('POST', '/trpc/auth.login%2Cauth.login%2ccameras.list');
  expect(batch).toContainEqual({ limit: 'api', points: 3 });
  expect(batch.filter(({ limit }) => limit === 'signIn')).toHaveLength(2);
});

test('every procedure of the strict table is there', () => {
  expect(Object.keys(strictProcedures).filter((name) => !Object.hasOwn(procedures, name))).toEqual([]);
});

test('files of the build are no pages', () => {
  const paths = ['/_next/static/chunks/a.js', '/icon.svg', '/', '/cameras', '/og/earth'];
  expect(paths.map(isAsset)).toEqual([true, true, false, false, false]);
});
