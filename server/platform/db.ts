import { PrismaPg } from '@prisma/adapter-pg';

import { Prisma, PrismaClient } from '#prisma/generated/client.ts';

/** Runs queries: the database itself, or a transaction. What every store takes. */
export type Rows = Prisma.TransactionClient;
export type Database = PrismaClient;

/** What a column of JSON holds when it holds nothing. */
export const jsonNull = Prisma.DbNull;

const ownName = /^\s*\/\* ([\w.]{1,60}) \*\//;

/**
 * A statement that begins with a name in a comment is parsed and planned once a connection, not at each call. For the few that many requests make: every
 * connection keeps them, so their text must not vary.
 */
function statementName(sql: string): string {
  return ownName.exec(sql)?.[1] ?? '';
}

/** Opens nothing yet: the pool connects at the first query. */
export function openDatabase(url: string, options: { connectionsMax?: number } = {}): Database {
  const adapter = new PrismaPg(
    {
      connectionString: url,
      max: options.connectionsMax ?? 10,
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: 30_000,
      // A statement that takes this long is a fault; it must not hold a connection for ever.
      statement_timeout: 15_000,
      idle_in_transaction_session_timeout: 15_000,
    },
    { statementNameGenerator: ({ sql }) => statementName(sql) },
  );
  return new PrismaClient({ adapter, errorFormat: 'minimal' });
}

/** A row broke a rule of uniqueness, through Prisma's own queries or by SQL. */
export function isTaken(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  return error.code === 'P2002' || (error.code === 'P2010' && JSON.stringify(error.meta).includes('"23505"'));
}

/** Two transactions got in each other's way; to run the later one again is right. */
export function isConflict(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2034';
}
