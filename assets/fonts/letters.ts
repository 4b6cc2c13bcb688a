/** Which Japanese letters this product writes itself: its own words, countries, large cities and the demo cameras. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

const cityFile = z.object({ rows: z.array(z.tuple([z.int(), z.string(), z.string().nullable()]).rest(z.unknown())) });
const countryFile = z.object({ rows: z.array(z.tuple([z.string()]).rest(z.unknown())) });
/** The file has the largest city first: these are named on the whole planet. */
const citiesNamed = 160;
/** Below are Latin, Greek and Cyrillic letters, which other faces have. */
const firstCharacter = 0x2000;

export function ownLetters(root: string): string {
  const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
  const regions = new Intl.DisplayNames('ja', { type: 'region' });
  const countries = countryFile.parse(read('assets/geo/countries.json')).rows.map(([code]) => regions.of(code) ?? '');
  const cities = cityFile.parse(read('assets/geo/cities.json')).rows.slice(0, citiesNamed);
  const text = [
    JSON.stringify(read('app/_lib/messages/ja.json')),
    ...countries,
    ...cities.map(([, , nameJa]) => nameJa ?? ''),
    readFileSync(join(root, 'prisma/demo-cameras.ts'), 'utf8'),
    // Punctuation, kana, and the full width of figures and signs.
    '、。・「」『』（）【】〈〉《》〜ー々〆…—！？：／％＋−×',
    between(0x3041, 0x3096),
    between(0x30a1, 0x30fc),
    '年月日時分秒午前後曜火水木金土',
  ].join('');
  const characters = [...new Set(text)].filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= firstCharacter && code < 0xffff;
  });
  return characters.toSorted((a, b) => (a < b ? -1 : 1)).join('');
}

const between = (first: number, last: number): string =>
  String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, index) => first + index));
