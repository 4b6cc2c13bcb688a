import pg from 'pg';

import { StartFault } from './start-fault.ts';

const answersWithinMs = 10_000;
/** `server_version_num` of PostgreSQL 16. */
const versionMin = 160_000;

/** Codes of node and of PostgreSQL (SQLSTATE), in words. */
const reasons: Partial<Record<string, string>> = {
  ECONNREFUSED: 'nothing answers at its address',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name can not be looked up at this moment',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'its machine can not be reached',
  '28P01': 'the user or password was refused',
  '28000': 'the user was refused',
  '57P03': 'it is starting or stopping',
  '53300': 'it has no connection left',
};

/** A database of the operator's own: that it answers and is new enough, before anything is started. Its address is never shown. */
export async function checkDatabase(databaseUrl: string): Promise<void> {
  const version = await versionOf(databaseUrl);
  // One that does not know the name of the database yet: migrations make it.
  if (version === null || version >= versionMin) return;
  throw new StartFault(
    `The database of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}, at least 16 is needed. ${instead}`,
  );
}

const instead = 'Correct DATABASE_URL, or leave it out to have the embedded PostgreSQL started.';

async function versionOf(databaseUrl: string): Promise<number | null> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: answersWithinMs });
  client.on('error', () => {
    // Told by connect() or query() below.
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return Number(rows[0]?.server_version_num ?? versionMin);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (code === '3D000') return null;
    const late = cause instanceof Error && cause.message.includes('timeout') ? reasons['ETIMEDOUT'] : undefined;
    const reason = reasons[code] ?? late ?? (code === '' ? 'it can not be opened' : `it answers ${code}`);
    throw new StartFault(`The database of DATABASE_URL can't be used: ${reason}. ${instead}`, { cause });
  } finally {
    await client.end().catch(() => {
      // It never connected.
    });
  }
}
