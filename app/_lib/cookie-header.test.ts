import { expect, test } from 'vitest';

import { withoutCookie } from './cookie-header.ts';

test('takes one cookie out of many, wherever it stands and however often', () => {
  expect(withoutCookie('a=1; look=x; b=2', 'look')).toBe('a=1; b=2');
  expect(withoutCookie('look=x;a=1;look=y', 'look')).toBe('a=1');
  expect(withoutCookie('look=x', 'look')).toBe('');
});

test('leaves what only resembles it', () => {
  const others = '__Host-look=1; looks=2; a=look=3; LOOK=4';
  expect(withoutCookie(others, 'look')).toBe(others);
  expect(withoutCookie('', 'look')).toBe('');
});
