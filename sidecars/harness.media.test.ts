import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

import { expect, it } from 'vitest';

import { freePort } from '#server/supervisor/ports.ts';

const root = resolve(import.meta.dirname, '..');
const sidecar = `
  import { createLogger, readEnv, sidecarEnv, startSidecar } from '#sidecars/harness.ts';
  const env = readEnv(sidecarEnv);
  startSidecar({
    role: 'ingest', env, log: createLogger('ingest', env), url: null, capacity: 1, onMessage: () => {},
    health: () => ({ ready: true, stuck: null, counters: {} }),
    stop: async () => {
      const mayEnd = new Promise((end) => process.once('SIGUSR2', end));
      process.stdout.write('stop begins\\n');
      await mayEnd;
      process.stdout.write('stop ends\\n');
    },
  });`;

it('stops once, whoever else asks while it does', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', sidecar], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      CONTROL_URL: `ws://127.0.0.1:${await freePort()}`,
      INTERNAL_SECRET: 'a secret of sixteen signs',
      DATA_DIR: '/nonexistent',
      LOG_LEVEL: 'error',
      NODE_ENV: 'test',
    },
  });
  const { stdout } = child;
  if (!stdout) throw new Error('the sidecar was started without a pipe');
  const lines: string[] = [];
  const began = new Promise<void>((tell) => {
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      if (line === 'stop begins') tell();
    });
  });
  const gone = once(child, 'exit');
  await once(child, 'message');
  child.kill('SIGINT');
  await began;
  child.kill('SIGTERM');
  child.disconnect();
  // Signals are heard in the order they came.
  child.kill('SIGUSR2');
  expect((await gone)[0]).toBe(0);
  await expect.poll(() => lines).toEqual(['stop begins', 'stop ends']);
});
