import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';

import { fingerprint, tool } from './prepare.ts';

/**
 * Brings the database to the schema of this checkout. `prisma migrate deploy` does it; because its start costs a second, it is only called when
 * the table of applied migrations differs from the folder. The seed runs when it has changed.
 */
export async function migrate(
  root: string,
  databaseUrl: string,
  seedEnv: Record<string, string | undefined>,
): Promise<'migrated' | 'current'> {
  const pending = !(await isCurrent(root, databaseUrl));
  if (pending) await tool(root, 'prisma/build/index.js', ['migrate', 'deploy'], { DATABASE_URL: databaseUrl });
  await seed(root, databaseUrl, seedEnv);
  return pending ? 'migrated' : 'current';
}

async function isCurrent(root: string, databaseUrl: string): Promise<boolean> {
  const folder = join(root, 'prisma/migrations');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'migration.sql')));
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
      'SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
    );
    const applied = new Map(rows.filter((row) => row.finished).map((row) => [row.name, row.checksum]));
    if (rows.some((row) => !row.finished)) return false;
    return names.every((name) => {
      const sql = readFileSync(join(folder, name, 'migration.sql'));
      return applied.get(name) === createHash('sha256').update(sql).digest('hex');
    });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    // 42P01: no such table; 3D000: no such database. Both mean that nothing was applied.
    if (code === '42P01' || code === '3D000') return false;
    throw error;
  } finally {
    await client.end().catch(() => {
      // It never connected.
    });
  }
}

/** The seed is idempotent; a mark in the database spares its start-up when nothing changed. */
async function seed(root: string, databaseUrl: string, env: Record<string, string | undefined>): Promise<void> {
  const print = fingerprint(root, ['prisma/seed.ts', 'prisma/demo-cameras.ts', 'prisma/schema.prisma']);
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('CREATE SCHEMA IF NOT EXISTS sensorium_start');
    await client.query('CREATE TABLE IF NOT EXISTS sensorium_start.marks (name text PRIMARY KEY, value text NOT NULL)');
    const { rows } = await client.query<{ value: string }>(
      "SELECT value FROM sensorium_start.marks WHERE name = 'seed'",
    );
    if (rows[0]?.value === print) return;
    await tool(root, '../prisma/seed.ts', [], { ...env, DATABASE_URL: databaseUrl });
    await client.query(
      "INSERT INTO sensorium_start.marks VALUES ('seed', $1) ON CONFLICT (name) DO UPDATE SET value = $1",
      [print],
    );
  } finally {
    await client.end();
  }
}
