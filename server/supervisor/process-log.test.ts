import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ProcessLog } from './process-log.ts';

test('shows warnings with their reason, however it was written down, and keeps the rest to the file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'process-log-'));
  const shown: string[] = [];
  const log = new ProcessLog({ dataDir, verbose: false, show: (text) => void shown.push(text.trim()) });
  const line = (entry: object) => log.line('gateway', JSON.stringify(entry));
  line({ level: 'INFO', message: 'nothing to see' });
  line({ level: 'WARN', message: 'Redis is away', error: 'connect ECONNREFUSED' });
  line({ level: 'WARN', message: 'not sent', error: { type: 'Error', message: '535 refused\nhere', stack: 'Error…' } });
  line({ level: 'ERROR', message: 'lost' });
  expect(shown).toEqual([
    'gateway  warn: Redis is away (connect ECONNREFUSED)',
    'gateway  warn: not sent (535 refused)',
    'gateway  error: lost',
  ]);
  rmSync(dataDir, { recursive: true, force: true });
});
