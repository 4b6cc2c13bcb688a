import { expect, test } from 'vitest';

import { readPictureAsk } from './picture-ask.ts';

const ask = { type: 'picture', id: 1, init: 'AAAA', chunk: 'AAAA', widthMax: 640, quality: 80 };

test('an ask is read as it was sent, and nothing else is one', () => {
  expect(readPictureAsk({ ...ask, more: 'x' })).toEqual(ask);
  const wrong = [
    null,
    'picture',
    [],
    {},
    { ...ask, type: 'still' },
    { ...ask, id: 0 },
    { ...ask, id: '1' },
    { ...ask, init: undefined },
    { ...ask, chunk: 7 },
    { ...ask, widthMax: 0.5 },
    { ...ask, quality: 101 },
  ];
  expect(wrong.map(readPictureAsk)).toEqual(wrong.map(() => null));
});
