import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { expect, test } from 'vitest';

test('what will run is compiled ahead, and none of it runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-compiled-'));
  try {
    // None of what the processes would refuse to start without.
    const env = { PATH: '', NODE_ENV: 'test', NODE_COMPILE_CACHE: folder } as const;
    const script = resolve(import.meta.dirname, '../../bin/compile-ahead.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      env,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(globSync('*/*', { cwd: folder }).length).toBeGreaterThan(300);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 90_000);
