import { expect, test } from 'vitest';

import { permission } from '#server/contracts/permissions.ts';

import { offeredPermissions } from './offered-permissions.ts';

const offered = (patterns: readonly string[]) => offeredPermissions(patterns).flatMap(({ permissions }) => permissions);

test('an owner is offered every permission there is, each noun as a whole too', () => {
  const groups = offeredPermissions(['*']);
  expect(groups.flatMap(({ permissions }) => permissions)).toEqual(permission.options);
  expect(groups.every(({ noun, whole }) => whole === `${noun}:*`)).toBe(true);
});

test('who holds one verb is not offered its noun as a whole', () => {
  const users = offeredPermissions(['user:view']).find(({ noun }) => noun === 'user');
  expect(users).toEqual({ noun: 'user', whole: null, permissions: ['user:view'] });
});

test('who holds nothing is offered what anybody may over their own and over what is public, and nothing else', () => {
  expect(offered([])).toContain('camera:write');
  expect(offered([])).toContain('feed:view');
  expect(offered([])).not.toContain('user:view');
  expect(offered([])).not.toContain('settings:write');
});
