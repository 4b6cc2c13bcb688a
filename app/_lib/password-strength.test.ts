import { expect, test } from 'vitest';

import { passwordStrength } from './password-strength.ts';

test('says how many characters are missing', () => {
  expect(passwordStrength('')).toEqual({ word: 'short', missing: 12 });
  expect(passwordStrength('eleven char')).toEqual({ word: 'short', missing: 1 });
});

test('asks for no kinds of characters: a sentence in small letters is strong', () => {
  expect(passwordStrength('herons wait below the weir')).toEqual({ word: 'strong' });
  expect(passwordStrength('橋の下で鷺が一羽だけ待っている')).toEqual({ word: 'fair' });
});

test.each(['aaaaaaaaaaaaaaaaaaaaaaaa', 'abababababababababababab', 'abcdefghijklmnop', '12345678901234567890'])(
  'calls %s easily guessed however long it is',
  (given) => expect(passwordStrength(given)).toEqual({ word: 'plain' }),
);
