/**
 * The embedded PostgreSQL as one child of the supervisor: makes the cluster when there is none, takes over from a server whose supervisor was
 * killed, and stops it in order when asked or when the supervisor is gone.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { findPostgresHome, type PostgresHome } from './postgres-home.ts';
import { postgresEnv } from './supervisor-env.ts';

const env = postgresEnv();
const say = (text: string) => process.stdout.write(`${text}\n`);

function initialise(home: PostgresHome): void {
  if (existsSync(join(home.clusterDir, 'PG_VERSION'))) return;
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-'));
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${env.password}\n`, { mode: 0o600 });
  if (home.account) {
    for (const path of [folder, passwordFile]) chownSync(path, home.account.uid, home.account.gid);
  }
  try {
    const result = spawnSync(
      join(home.binDir, 'initdb'),
      [
        `--pgdata=${home.clusterDir}`,
        '--username=sensorium',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-instructions',
      ],
      { encoding: 'utf8', cwd: tmpdir(), ...home.account },
    );
    if (result.status !== 0) {
      // A cluster half made would be taken for a whole one next time.
      rmSync(join(home.clusterDir, 'PG_VERSION'), { force: true });
      throw new Error(`initdb failed: ${result.error?.message ?? `${result.stderr}${result.stdout}`.trim()}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A server of a supervisor that was killed: stop it, so that this one has the cluster alone. */
async function stopOrphan(home: PostgresHome): Promise<void> {
  const pidFile = join(home.clusterDir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!isServer(pid)) return; // postgres itself removes a stale file
  say(`stopping the database of an earlier start (pid ${pid})`);
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    signalServer(pid, signal);
    for (let waited = 0; waited < 8000 && isServer(pid); waited += 50) await sleep(50);
  }
}

function isServer(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  try {
    process.kill(pid, 0);
    // Without /proc the pid alone must do.
    return !existsSync(`/proc/${pid}/cmdline`) || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false; // ESRCH: no such process
  }
}

function signalServer(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}

async function accepts(): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: env.port,
    user: 'sensorium',
    password: env.password,
    database: 'postgres',
    connectionTimeoutMillis: 1000,
  });
  client.on('error', () => {
    // Told by connect() or query() below.
  });
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false; // Not ready yet; the loop asks again.
  } finally {
    await client.end().catch(() => {
      // Never connected.
    });
  }
}

const home = findPostgresHome(env.dataDir);
await stopOrphan(home);
initialise(home);
if (home.account === null) chmodSync(home.clusterDir, 0o700);

const server: ChildProcess = spawn(
  join(home.binDir, 'postgres'),
  [
    '-D',
    home.clusterDir,
    '-p',
    String(env.port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'unix_socket_directories=',
    '-c',
    'max_connections=100',
    '-c',
    'log_min_messages=warning',
  ],
  // A group of its own: Ctrl-C would stop it at once, and the others still write.
  { stdio: ['ignore', 'inherit', 'inherit'], cwd: tmpdir(), detached: true, ...home.account },
);
let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  // SIGINT is PostgreSQL's fast shutdown: roll back, write, end.
  server.kill('SIGINT');
  const late = sleep(10_000, true, { ref: false });
  if (await Promise.race([once(server, 'exit').then(() => false), late])) server.kill('SIGQUIT');
};
server.once('exit', (code, signal) => {
  if (!stopping) say(`postgres ended with ${signal ?? code}`);
  process.exit(stopping ? 0 : 1);
});
process.once('SIGTERM', () => void stop());
process.on('SIGINT', () => {
  // Ctrl-C reaches the whole group; the supervisor decides the order.
});
process.once('disconnect', () => void stop());

while (!(await accepts())) await sleep(50);
process.send?.({ type: 'ready' });
