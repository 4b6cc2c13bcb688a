// Commit messages by commitlint.config.mjs; the last 100 at most, so that a long history costs nothing.
import { execFileSync } from 'node:child_process';

import lint from '@commitlint/lint';
import load from '@commitlint/load';

const log = execFileSync('git', ['log', '-100', '--no-merges', '--format=%H%x00%B%x01'], { encoding: 'utf8' });
const { rules, parserPreset } = await load();
let faults = 0;
for (const entry of log.split('\u0001')) {
  const [hash, message] = entry.trim().split('\0');
  if (!message) continue;
  const { valid, errors } = await lint(
    message.trim(),
    rules,
    parserPreset ? { parserOpts: parserPreset.parserOpts } : {},
  );
  if (valid) continue;
  faults += 1;
  process.stdout.write(
    `${hash.slice(0, 10)} ${message.split('\n')[0]}\n${errors.map((error) => `  ${error.message}\n`).join('')}`,
  );
}
process.exitCode = faults ? 1 : 0;
