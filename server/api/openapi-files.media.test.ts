import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

test('what is generated from the procedures is checked in as it is (node bin/api-docs.ts writes it)', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['bin/api-docs.ts', '--check'], {
    timeout: 60_000,
  }).catch((error: unknown) => ({
    stdout: String(error instanceof Error && 'stdout' in error ? error.stdout : error),
  }));
  expect(stdout).toBe('');
}, 70_000);

test('the Postman collection is small enough to be read and imported', async () => {
  expect((await stat('docs/api/sensorium.postman_collection.json')).size).toBeLessThan(600 * 1024);
});
