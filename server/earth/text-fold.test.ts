import { describe, expect, test } from 'vitest';

import { foldText, soundOf } from './text-fold.ts';

describe('folding', () => {
  test.each([
    ['ＴＯＫＹＯ', 'tokyo'],
    ['Ōsaka', 'osaka'],
    ['Zürich', 'zurich'],
    ['ﾄｳｷｮｳ', 'とうきょう'],
    ['がッコウ', 'がっこう'],
    ['パリ', 'ぱり'],
    ['東京', '東京'],
  ])('%s is looked for as %s', (given, folded) => expect(foldText(given)).toBe(folded));
});

describe('sounding', () => {
  test.each(['とうきょう', 'トウキョウ', 'トーキョー', 'Tōkyō', 'toukyou', 'Tokyo', 'TOOKYOO'])('%s is tokyo', (text) =>
    expect(soundOf(text)).toBe('tokyo'),
  );
  test.each([
    ['おおさか', 'osaka'],
    ['さっぽろ', 'sapporo'],
    ['しんばし', 'shinbashi'],
    ['Shimbashi', 'shinbashi'],
    ['New York', 'newyork'],
  ])('%s is %s', (text, sound) => expect(soundOf(text)).toBe(sound));
  test.each(['東京', 'Москва', '東きょう', '12'])('%s is not known', (text) => expect(soundOf(text)).toBeNull());
});
