/**
 * Makes one file of the Japanese letters that the product writes itself. The package has them in a hundred and twenty
 * pieces by how common they are, and a first page asks for dozens; those stay behind for what others write.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import subsetFont from 'subset-font';

import { ownLetters } from './letters.ts';
import { mergeFonts } from './merge.ts';

const root = resolve(import.meta.dirname, '../..');
const packageFolder = join(root, 'node_modules/@fontsource-variable/noto-sans-jp');
const folder = join(import.meta.dirname, 'made');
const family = 'Noto Sans JP UI';
/** Marks are set by the browser, vertical text is not written here. */
const dropTables = ['GPOS', 'GSUB', 'GDEF', 'BASE', 'HVAR', 'VVAR', 'vhea', 'vmtx', 'gasp', 'prep'];

/** The package's pieces and what each has, as its style sheet tells. */
function pieces(): { file: string; has: (code: number) => boolean }[] {
  const css = readFileSync(join(packageFolder, 'wght.css'), 'utf8');
  return [...css.matchAll(/url\(([^)]+)\)[^;]*;\s*unicode-range:\s*([^;]+);/g)].map(([, file = '', ranges = '']) => {
    const spans = ranges.split(',').map((range) => {
      const [first = '', last = first] = range.trim().slice(2).split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
    });
    return { file, has: (code) => spans.some(([first, last]) => code >= first && code <= last) };
  });
}

/** `U+3042-3044,U+4e00` */
function rangesOf(letters: string): string {
  const runs: { first: number; last: number }[] = [];
  for (const letter of letters) {
    const code = letter.codePointAt(0) ?? 0;
    const run = runs.at(-1);
    if (run && run.last === code - 1) run.last = code;
    else runs.push({ first: code, last: code });
  }
  const hex = (code: number) => code.toString(16);
  return runs.map(({ first, last }) => `U+${hex(first)}${last > first ? `-${hex(last)}` : ''}`).join(',');
}

const left = new Set(ownLetters(root));
const files: Buffer[] = [];
let made = '';
for (const { file, has } of pieces()) {
  const letters = [...left].filter((letter) => has(letter.codePointAt(0) ?? 0)).join('');
  if (letters === '') continue;
  for (const letter of letters) left.delete(letter);
  const original = readFileSync(join(packageFolder, file));
  const options = { targetFormat: 'truetype', noHinting: true, noLayoutClosure: true, dropTables } as const;
  files.push(await subsetFont(original, letters, options));
  made += letters;
}
const letters = Array.from(made)
  .toSorted((a, b) => (a < b ? -1 : 1))
  .join('');
// Through the subsetter once more: it reads the whole as a browser will, and packs it.
const font = await subsetFont(mergeFonts(files), letters, { targetFormat: 'woff2', noHinting: true });
const draft = `${folder}-${String(process.pid)}`;
mkdirSync(draft, { recursive: true });
try {
  writeFileSync(join(draft, 'japanese-ui.woff2'), font);
  writeFileSync(
    join(draft, 'japanese-ui.css'),
    `@font-face{font-family:'${family}';font-style:normal;font-display:swap;font-weight:100 900;` +
      `src:url(./japanese-ui.woff2) format('woff2');unicode-range:${rangesOf(letters)}}\n`,
  );
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
} finally {
  rmSync(draft, { recursive: true, force: true });
}
