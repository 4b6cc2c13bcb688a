/** Makes what the globe and the flat map show: textures in three sizes, borders, coasts and shores as compact lines, where countries are named, in `public/earth`. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { makeCountries } from './countries.ts';
import { makeFlatMap } from './flat-map.ts';
import { traceLakes } from './lakes.ts';
import { makeLines } from './lines.ts';
import { makeTextures } from './textures.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'public/earth');
// Half a set is never seen: the folder takes its name when all of it is there.
const draft = join(root, 'node_modules/.cache/sensorium', `earth-draft-${String(process.pid)}`);
mkdirSync(join(root, 'public'), { recursive: true });
mkdirSync(draft, { recursive: true });
try {
  const lakes = await traceLakes();
  makeLines(draft, lakes);
  makeFlatMap(
    draft,
    lakes.map(({ ring }) => ring),
  );
  makeCountries(draft);
  await makeTextures(draft, lakes);
  writeFileSync(join(draft, 'complete'), '');
  rmSync(folder, { recursive: true, force: true });
  renameSync(draft, folder);
} finally {
  rmSync(draft, { recursive: true, force: true });
}
