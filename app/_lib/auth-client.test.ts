import { expect, test } from 'vitest';

import { outcomeOf, safeReturn } from './auth-client.ts';

test.each([
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  '/.//evil.example',
  'https://evil.example',
  'javascript:alert(1)',
  '',
  undefined,
])('goes to our first page instead of %j after signing in', (address) => expect(safeReturn(address)).toBe('/'));

test('goes back to the page of ours that was asked for, with its query and place', () => {
  expect(safeReturn('/account/keys?new=1#list')).toBe('/account/keys?new=1#list');
});

test('tells from what next-auth answers why somebody was not signed in', () => {
  const refused = (error: string) => outcomeOf({ ok: false, status: 401, error });
  expect(outcomeOf({ ok: true, status: 200, error: null })).toEqual({ kind: 'ok' });
  expect(refused('CredentialsSignin')).toEqual({ kind: 'wrong' });
  expect(refused('secondFactor')).toEqual({ kind: 'refused', reason: 'secondFactor' });
  expect(refused('TOO_MANY_REQUESTS:37')).toEqual({ kind: 'wait', seconds: 37 });
  expect(outcomeOf({ ok: false, status: 500, error: 'Configuration' })).toEqual({ kind: 'failed' });
  expect(outcomeOf(undefined)).toEqual({ kind: 'failed' });
});
