import type { Database } from './transaction.ts';

interface Figure {
  value: string;
  count: number;
}

/** What the database knows of itself without reading a table. */
export async function readDatabaseFigures(database: Database): Promise<Figure[]> {
  return database.$queryRaw<Figure[]>`
    SELECT value, count::float8 AS count
    FROM pg_stat_database, LATERAL (VALUES
      ('connections', numbackends::numeric), ('commits', xact_commit), ('rollbacks', xact_rollback), ('deadlocks', deadlocks),
      ('blocks_read', blks_read), ('blocks_hit', blks_hit), ('bytes', pg_database_size(datid))
    ) AS figures (value, count)
    WHERE datname = current_database()`;
}

/** What waits to go out, is kept for an admin or was given up, by kind; sent things are many and are not counted. */
export async function readOutboxLengths(database: Database): Promise<{ kind: string; state: string; count: number }[]> {
  return database.$queryRaw<{ kind: string; state: string; count: number }[]>`
    SELECT kind, state, count(*)::float8 AS count FROM outbox WHERE state IN ('pending', 'kept', 'dead') GROUP BY kind, state`;
}
