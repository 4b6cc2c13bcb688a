import { Prisma } from '#prisma/generated/client.ts';
import { isTaken, type Rows } from '#server/platform/db.ts';

import type { AuditFacts } from './chain.ts';

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

export async function lastHash(rows: Rows): Promise<Uint8Array<ArrayBuffer> | null> {
  const last = await rows.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { hash: true } });
  return last && Uint8Array.from(last.hash);
}

export type NewEntry = AuditFacts & { prevHash: Uint8Array<ArrayBuffer>; hash: Uint8Array<ArrayBuffer> };

/**
 * All of them behind the entry that they say is the last, as one step without a lock; false, and nothing is written, where another has come in between: it
 * is there already, or the index of `prev_hash` lets only one of the two follow. `noHash`: what stands for the last entry of an empty log.
 */
export async function append(
  rows: Rows,
  entries: readonly NewEntry[],
  { noHash }: { noHash: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  const [first] = entries;
  if (!first) return true;
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
  const text = JSON.stringify(
    entries.map((entry) => ({ ...entry, prevHash: base64(entry.prevHash), hash: base64(entry.hash) })),
  );
  try {
    const written = await rows.$executeRaw`/* audit.append */
      INSERT INTO audit_log (at, actor_type, actor_id, actor_name, via_kind, via_id, ip, user_agent, request_id, action,
        object_type, object_id, outcome, before, after, details, prev_hash, hash)
      SELECT at, "actorType", "actorId", "actorName", "viaKind", "viaId", ip, "userAgent", "requestId", action,
        "objectType", "objectId", outcome, before, after, details, decode("prevHash", 'base64'), decode(hash, 'base64')
      FROM ROWS FROM (jsonb_to_recordset(${text}::jsonb) AS (at timestamptz, "actorType" text, "actorId" text,
        "actorName" text, "viaKind" text, "viaId" text, ip text, "userAgent" text, "requestId" text, action text,
        "objectType" text, "objectId" text, outcome text, before jsonb, after jsonb, details jsonb, "prevHash" text,
        hash text)) WITH ORDINALITY
      WHERE coalesce((SELECT hash FROM audit_log ORDER BY seq DESC LIMIT 1), ${noHash}) = ${first.prevHash}
      ORDER BY ordinality`;
    return written > 0;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
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
