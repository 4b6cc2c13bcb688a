import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { decompress } from 'wawoff2';
import { z } from 'zod';

/** Packages as the process finds them; a bundler must not look into them. */
export const requireHere = createRequire(join(process.cwd(), 'package.json'));

/** A run of text in one font. */
export interface Run {
  text: string;
  family: string;
  /** Drawn thicker by this part of its size: a variable font is drawn at its default weight, and Noto's is the thinnest. */
  thicken: number;
}

interface Face {
  family: string;
  package: string;
  file: string;
  ranges: [number, number][];
  thicken: number;
  data: Promise<Uint8Array> | null;
}

const rangeFile = z.record(z.string(), z.string());
const families = [
  { package: '@fontsource-variable/ibm-plex-sans', name: 'IBM Plex Sans', subsets: ['latin', 'latin-ext'], thicken: 0 },
  { package: '@fontsource-variable/noto-sans-jp', name: 'Noto Sans JP', subsets: null, thicken: 0.042 },
] as const;

let faces: Promise<Face[]> | null = null;

/** Text as runs of the fonts that have its signs, and those fonts. What no font has is left out. */
export async function setText(text: string): Promise<{ runs: Run[]; fonts: Uint8Array[] }> {
  faces ??= readFaces();
  const runs: Run[] = [];
  const used = new Set<Face>();
  for (const sign of text) {
    const code = sign.codePointAt(0) ?? 0;
    const face = (await faces).find(({ ranges }) => ranges.some(([from, to]) => code >= from && code <= to));
    if (!face) continue;
    used.add(face);
    const last = runs.at(-1);
    if (last?.family === face.family) last.text += sign;
    else runs.push({ text: sign, family: face.family, thicken: face.thicken });
  }
  return { runs, fonts: await Promise.all([...used].map((face) => (face.data ??= readFont(face)))) };
}

async function readFaces(): Promise<Face[]> {
  const all = await Promise.all(
    families.map(async (family) => {
      const ranges = rangeFile.parse(
        JSON.parse(await readFile(requireHere.resolve(`${family.package}/unicode.json`), 'utf8')),
      );
      return Object.entries(ranges)
        .map(([key, list]) => ({ subset: key.replaceAll(/[[\]]/gu, ''), list }))
        .filter(({ subset }) => !family.subsets || family.subsets.some((wanted) => wanted === subset))
        .map(({ subset, list }, at) => ({
          // As long as the name it takes the place of.
          family: `${family.name.slice(0, -3)}${String(at).padStart(3, '0')}`,
          package: family.package,
          file: `${family.package.split('/')[1] ?? ''}-${subset}-wght-normal.woff2`,
          ranges: list.split(',').map(toRange),
          thicken: family.thicken,
          data: null,
        }));
    }),
  );
  return all.flat();
}

function toRange(text: string): [number, number] {
  const [from = '', to = from] = text.replace('U+', '').split('-');
  return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
}

/** Every subset calls itself the same, and the drawer then takes the last alone: each gets a name of its own, and one weight. */
async function readFont(face: Face): Promise<Uint8Array> {
  const folder = join(requireHere.resolve(`${face.package}/unicode.json`), '..', 'files');
  const font = Buffer.from(await decompress(await readFile(join(folder, face.file))));
  const name = families.find((family) => family.package === face.package)?.name ?? '';
  for (const encoding of ['utf16be', 'latin1'] as const) {
    const [from, to] = [encoded(name, encoding), encoded(face.family, encoding)];
    for (let at = font.indexOf(from); at >= 0; at = font.indexOf(from, at + 1)) to.copy(font, at);
  }
  const tables = font.readUInt16BE(4);
  for (let table = 0; table < tables; table += 1) {
    const entry = 12 + 16 * table;
    // OpenType OS/2: usWeightClass stands at byte 4.
    if (font.toString('latin1', entry, entry + 4) === 'OS/2') font.writeUInt16BE(400, font.readUInt32BE(entry + 8) + 4);
  }
  return font;
}

function encoded(text: string, encoding: 'utf16be' | 'latin1'): Buffer {
  return encoding === 'latin1' ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf16le').swap16();
}
