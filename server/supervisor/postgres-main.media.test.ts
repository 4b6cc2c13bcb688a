import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';

import { freePort } from './ports.ts';
import { wholeEnvironment } from './supervisor-env.ts';

const program = join(import.meta.dirname, 'postgres-main.ts');

/** As the supervisor starts it, in a process group of its own, as a terminal has one. */
async function start() {
  const dataDir = mkdtempSync(join(tmpdir(), 'sensorium-postgres-'));
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const password = 'of this test';
  const child = spawn(process.execPath, [program], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...wholeEnvironment(), DATA_DIR: dataDir, POSTGRES_PORT: String(port), POSTGRES_PASSWORD: password },
  });
  const gone = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  });
  await once(child, 'message');
  const address = `postgresql://sensorium:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  return { child, gone, address };
}

describe('the embedded database', () => {
  it('goes on through Ctrl-C, which the whole group gets, until the supervisor has stopped who writes', async () => {
    const { child, gone, address } = await start();
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    process.kill(-(child.pid ?? 0), 'SIGINT');
    // By when the signal has done what it does: what would be stopped ends its connections first.
    for (let asked = 0; asked < 20; asked += 1) await client.query('SELECT pg_sleep(0.02)');
    const another = new pg.Client({ connectionString: address });
    await another.connect();
    await Promise.all([client.end(), another.end()]);
    child.kill('SIGTERM');
    expect(await gone).toEqual([0, null]);
  });

  it('ends when its supervisor is gone', async () => {
    const { child, gone, address } = await start();
    child.disconnect();
    expect(await gone).toEqual([0, null]);
    const client = new pg.Client({ connectionString: address });
    await expect(client.connect()).rejects.toThrow(/ECONNREFUSED/);
  });
});
