import { setTimeout as sleep } from 'node:timers/promises';

import { isConflict, type Database, type Rows } from './db.ts';

export type { Database, Rows } from './db.ts';

const attemptsMax = 3;

/** All of `work` or nothing of it. A conflict with another transaction is tried again, so `work` does nothing outside the database. */
export async function inTransaction<T>(database: Database, work: (rows: Rows) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await database.$transaction(work, { maxWait: 5000, timeout: 10_000 });
    } catch (error) {
      if (!isConflict(error) || attempt === attemptsMax) throw error;
      await sleep(20 * attempt * (0.5 + Math.random()));
    }
  }
}

/**
 * Whoever comes second waits until the first one's transaction is over, in other processes too: what is counted behind it is the whole number. One of
 * them a transaction: two in another order would wait for each other.
 */
export async function takeTurn(rows: Rows, about: string): Promise<void> {
  await rows.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${about}, 0))`;
}

/** Rejects when the database does not answer. */
export async function pingDatabase(database: Database): Promise<void> {
  await database.$queryRaw`SELECT 1`;
}
