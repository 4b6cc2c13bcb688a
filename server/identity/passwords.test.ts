import { expect, test } from 'vitest';

import { AppError } from '#server/platform/app-error.ts';

import { assertNotCommon, hashPassword, verifyPassword } from './passwords.ts';

const refusalOf = (password: string, own: string[]): unknown => {
  try {
    assertNotCommon(password, own);
  } catch (error) {
    return error instanceof AppError ? error.details['reason'] : error;
  }
  return null;
};

test('a password is kept as argon2id and verified', async () => {
  const hash = await hashPassword('correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await verifyPassword(hash, 'correct horse battery')).toBe(true);
  expect(await verifyPassword(hash, 'Correct horse battery')).toBe(false);
});

test('nobody has a password that fits', async () => {
  expect(await verifyPassword(null, 'correct horse battery')).toBe(false);
});

test.each(['123456789', 'PASSWORD', 'unbelievable', 'Administrator', '1q2w3e4r5t6y', '１２３４５６７８９'])(
  'the commonest are refused, whatever their case or width: %s',
  (password) => {
    expect(refusalOf(password, [])).toBe('common');
  },
);

test.each([
  ['aya.tanaka@example.org', 'aya.tanaka@example.org'],
  ['Tanaka-Aya-1984!', 'aya.tanaka@example.org'],
  ['sensorium2026!', 'aya.tanaka@example.org'],
  ['SensoriumSensorium', 'aya.tanaka@example.org'],
  ['example.org-2026', 'aya.tanaka@example.org'],
])('one made of own words is refused: %s', (password, email) => {
  expect(refusalOf(password, [email])).toBe('ownWords');
});

test.each([
  'correct horse battery',
  'tanaka plays the cello',
  '8391038471038',
  'ひらがなだけのながいことば',
  'aaaa bbbb cccc dddd',
])('nothing is asked of what it is composed of: %s', (password) => {
  expect(refusalOf(password, ['aya.tanaka@example.org', '田中 彩'])).toBeNull();
});
