import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { inject } from 'vitest';

import { openDatabase, type Database } from '#server/platform/db.ts';

import { withDatabase } from './database-url.ts';

/** A migrated database of one's own, gone at the end of `using`. */
export async function cloneDatabase(): Promise<AsyncDisposable & { database: Database; url: string }> {
  const serverUrl = inject('databaseServerUrl');
  const template = inject('databaseTemplate');
  const name = `${template}_${randomBytes(5).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  const url = withDatabase(serverUrl, name);
  const database = openDatabase(url, { connectionsMax: 5 });
  return {
    database,
    url,
    async [Symbol.asyncDispose]() {
      await database.$disconnect();
      await onServer(serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}

async function onServer(serverUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
