import { jsonNull, type Database, type Rows } from './db.ts';

export type OutboxState = 'pending' | 'sent' | 'kept' | 'dead';

const rowShape = {
  id: true,
  kind: true,
  summary: true,
  state: true,
  attempts: true,
  nextAt: true,
  lastError: true,
  result: true,
  createdAt: true,
  sentAt: true,
} as const;
export type OutboxListRow = Awaited<ReturnType<typeof listItems>>[number];

export interface ClaimedItem {
  id: string;
  kind: string;
  sealed: Uint8Array;
  attempts: number;
}

/** Takes what is due, for `leaseMs`: whoever takes it and is killed leaves it to the next. */
export function claimDue(
  database: Database,
  { kinds, now, leaseMs, limit }: { kinds: readonly string[]; now: Date; leaseMs: number; limit: number },
): Promise<ClaimedItem[]> {
  return database.$queryRaw<ClaimedItem[]>`
    UPDATE outbox SET attempts = attempts + 1, next_at = ${new Date(now.getTime() + leaseMs)}
    WHERE id IN (
      SELECT id FROM outbox WHERE state = 'pending' AND kind = ANY(${[...kinds]}) AND next_at <= ${now}
      ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    )
    RETURNING id, kind, sealed, attempts`;
}

export async function insertItem(
  rows: Rows,
  item: {
    id: string;
    kind: string;
    summary: Record<string, string>;
    sealed: Uint8Array<ArrayBuffer>;
    state: OutboxState;
    now: Date;
  },
): Promise<void> {
  const { now, ...data } = item;
  await rows.outboxItem.create({ data: { ...data, nextAt: now, createdAt: now }, select: { id: true } });
}

/** What became of an attempt; `attempts` guards against a claim that another took over since. */
export async function settleItem(
  rows: Rows,
  { id, attempts }: { id: string; attempts: number },
  change: {
    state: OutboxState;
    nextAt?: Date;
    sentAt?: Date;
    lastError: string | null;
    result: Record<string, string | number> | null;
  },
): Promise<void> {
  await rows.outboxItem.updateMany({
    where: { id, attempts, state: 'pending' },
    data: { ...change, result: change.result ?? jsonNull },
  });
}

export function listItems(
  rows: Rows,
  {
    kind,
    state,
    endpointId,
    before,
    limit,
  }: { kind: string; state?: OutboxState; endpointId?: string; before: string | null; limit: number },
) {
  return rows.outboxItem.findMany({
    where: {
      kind,
      ...(state && { state }),
      ...(endpointId !== undefined && { summary: { path: ['endpointId'], equals: endpointId } }),
      // UUIDv7: the order of ids is that of time.
      ...(before !== null && { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
    select: rowShape,
  });
}

export function findItem(rows: Rows, id: string) {
  return rows.outboxItem.findUnique({ where: { id }, select: { ...rowShape, sealed: true } });
}

/** Put back to the start. False when it is not there or waits already. */
export async function reopenItem(rows: Rows, id: string, now: Date): Promise<boolean> {
  const { count } = await rows.outboxItem.updateMany({
    where: { id, state: { not: 'pending' } },
    data: { state: 'pending', attempts: 0, nextAt: now, lastError: null },
  });
  return count === 1;
}

/** Given up since then. */
export function countDead(rows: Rows, { kind, since }: { kind: string; since: Date }): Promise<number> {
  return rows.outboxItem.count({ where: { kind, state: 'dead', createdAt: { gte: since } } });
}

/** Sent ones after a month, dead and kept ones after three. */
export async function purgeItems(rows: Rows, now: Date): Promise<number> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
  const { count } = await rows.outboxItem.deleteMany({
    where: {
      OR: [
        { state: 'sent', createdAt: { lt: daysAgo(30) } },
        { state: { in: ['dead', 'kept'] }, createdAt: { lt: daysAgo(90) } },
      ],
    },
  });
  return count;
}
