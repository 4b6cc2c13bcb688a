import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

import type { AuditFacts, Json } from './chain.ts';

const shape = {
  seq: true,
  at: true,
  actorType: true,
  actorId: true,
  actorName: true,
  viaKind: true,
  viaId: true,
  ip: true,
  userAgent: true,
  requestId: true,
  action: true,
  objectType: true,
  objectId: true,
  outcome: true,
  before: true,
  after: true,
  details: true,
} satisfies Prisma.AuditEntrySelect;
export type EntryRow = Prisma.AuditEntryGetPayload<{ select: typeof shape }>;

const chained = { ...shape, prevHash: true, hash: true } satisfies Prisma.AuditEntrySelect;
export type ChainedRow = Prisma.AuditEntryGetPayload<{ select: typeof chained }>;

/** Until the end of the transaction. */
export async function lockChain(rows: Rows): Promise<void> {
  await rows.$executeRaw`SELECT pg_advisory_xact_lock(7401128)`;
}

export async function lastHash(rows: Rows): Promise<Uint8Array<ArrayBuffer> | null> {
  const last = await rows.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { hash: true } });
  return last && Uint8Array.from(last.hash);
}

export type NewEntry = AuditFacts & { prevHash: Uint8Array<ArrayBuffer>; hash: Uint8Array<ArrayBuffer> };

/** In one statement, whose rows are numbered in their order. */
export async function append(rows: Rows, entries: readonly NewEntry[]): Promise<void> {
  const json = (value: Json) => value ?? Prisma.DbNull;
  await rows.auditEntry.createMany({
    data: entries.map(({ before, after, details, ...entry }) =>
      Object.assign(entry, { before: json(before), after: json(after), details: json(details) }),
    ),
  });
}

export interface EntryFilter {
  actorId?: string | undefined;
  action?: string | undefined;
  objectType?: string | undefined;
  objectId?: string | undefined;
  outcome?: string | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}

/** Newest first, those before `before`. */
export function listEntries(
  rows: Rows,
  { from, to, ...fields }: EntryFilter,
  page: { before: bigint | null; limit: number },
): Promise<EntryRow[]> {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return rows.auditEntry.findMany({
    where: {
      ...given,
      ...((from || to) && { at: { ...(from && { gte: from }), ...(to && { lt: to }) } }),
      ...(page.before !== null && { seq: { lt: page.before } }),
    },
    orderBy: { seq: 'desc' },
    take: page.limit,
    select: shape,
  });
}

/** In the order of the chain, from `from` on. */
export function listChain(rows: Rows, from: bigint, limit: number): Promise<ChainedRow[]> {
  return rows.auditEntry.findMany({
    where: { seq: { gte: from } },
    orderBy: { seq: 'asc' },
    take: limit,
    select: chained,
  });
}

/** The hash of the entry before `seq`; null where there is none. */
export async function hashBefore(rows: Rows, seq: bigint): Promise<Uint8Array | null> {
  const row = await rows.auditEntry.findFirst({
    where: { seq: { lt: seq } },
    orderBy: { seq: 'desc' },
    select: { hash: true },
  });
  return row?.hash ?? null;
}

/** Every action there is, from one to the next by the index: the log is long and its actions are few. */
export async function listActions(rows: Rows): Promise<string[]> {
  const found = await rows.$queryRaw<{ action: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT action FROM audit_log ORDER BY action LIMIT 1)
      UNION ALL
      SELECT (SELECT next.action FROM audit_log AS next WHERE next.action > found.action ORDER BY next.action LIMIT 1)
      FROM found WHERE found.action IS NOT NULL
    )
    SELECT action FROM found WHERE action IS NOT NULL LIMIT 1000`;
  return found.map(({ action }) => action);
}
