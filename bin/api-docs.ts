/** `node bin/api-docs.ts`: writes what is generated from the procedures. With `--check` it only says what is out of date. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { apiFiles } from './api-files.ts';

const root = resolve(import.meta.dirname, '..');
const onlyChecks = process.argv.includes('--check');
const say = (text: string) => process.stdout.write(`${text}\n`);

for (const [path, text] of await apiFiles()) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (onlyChecks) {
    say(`${path} is out of date: run node bin/api-docs.ts`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    say(`wrote ${path}`);
  }
}
