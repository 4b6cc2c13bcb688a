import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { freePort } from '#server/supervisor/ports.ts';

export interface RunningSystem {
  address: string;
  /** Present on a first start. */
  ownerLink: string | null;
  dataDir: string;
  supervisor: ChildProcess;
  /** From the start of the command to its `ready` line. */
  readyMs: number;
}

const readyWithinMs = 240_000;

/** Starts what `npm start` starts, on a free port and an empty data folder, and stops it when `work` is through. `hasOwner`: no link will be told. */
export async function withRunningSystem<T>(
  root: string,
  work: (system: RunningSystem) => Promise<T>,
  options: { env?: Record<string, string>; dataDir?: string; hasOwner?: boolean; quiet?: boolean } = {},
): Promise<T> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'sensorium-data-'));
  // As root the database runs under another account, which must be able to enter.
  chmodSync(dataDir, 0o711);
  const port = await freePort();
  const began = performance.now();
  const supervisor = spawn(process.execPath, [join(root, 'bin/main.ts'), 'start'], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      ALLOWED_SOURCE_CIDRS: '127.0.0.0/8,::1/128',
      ALLOWED_WEBHOOK_CIDRS: '127.0.0.0/8,::1/128',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const link = await untilReady(supervisor, { quiet: options.quiet ?? false, hasOwner: options.hasOwner ?? false });
    return await work({
      address: `http://localhost:${port}`,
      ownerLink: link,
      dataDir,
      supervisor,
      readyMs: performance.now() - began,
    });
  } finally {
    await stop(supervisor);
    if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function untilReady(
  supervisor: ChildProcess,
  { quiet, hasOwner }: { quiet: boolean; hasOwner: boolean },
): Promise<string | null> {
  const { stdout } = supervisor;
  if (!stdout) throw new Error('the system was started without a pipe');
  const lines = createInterface({ input: stdout });
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => reject(new Error('the system was not ready in time')), readyWithinMs);
    let settle: NodeJS.Timeout | undefined;
    const done = (link: string | null) => {
      clearTimeout(deadline);
      clearTimeout(settle);
      resolve(link);
    };
    lines.on('line', (line) => {
      if (!quiet) process.stdout.write(`  ${line}\n`);
      if (/ready in .*: http/.test(line)) settle = setTimeout(() => done(null), hasOwner ? 0 : 1500);
      const link = /http\S+\/claim\?token=\S+/.exec(line)?.[0];
      if (link) done(link);
    });
    supervisor.once('exit', (code) => {
      clearTimeout(deadline);
      reject(new Error(`the system ended with exit code ${code} before it was ready`));
    });
  });
}

async function stop(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  const gone = once(supervisor, 'exit');
  supervisor.kill('SIGTERM');
  const deadline = setTimeout(() => supervisor.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(deadline);
}
