import { z } from 'zod';

import { outboxRow, type OutboxRow, type outboxQuery } from '#server/contracts/outbox.ts';

import { AppError } from './app-error.ts';
import type { Rows } from './db.ts';
import { findItem, listItems, reopenItem, type OutboxListRow } from './outbox-rows.ts';
import type { Outbox } from './outbox.ts';

/** What went out and what waits, newest first, without what is in it. */
export async function listOutbox(
  rows: Rows,
  { cursor, limit, kind, state, endpointId }: z.infer<typeof outboxQuery>,
): Promise<{ items: OutboxRow[]; nextCursor: string | null }> {
  const found = await listItems(rows, {
    kind,
    ...(state !== undefined && { state }),
    ...(endpointId !== undefined && { endpointId }),
    before: z.uuid().safeParse(cursor).data ?? null,
    limit: limit + 1,
  });
  const page = found.slice(0, limit).map(toRow);
  return { items: page, nextCursor: found.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** Sends it again from the start. */
export async function retryOutbox(
  rows: Rows,
  { id, kind, now }: { id: string; kind: string; now: Date },
): Promise<void> {
  const item = await findItem(rows, id);
  if (item?.kind !== kind) throw new AppError('NOT_FOUND', { message: `nothing of this kind has the id ${id}` });
  if (!(await reopenItem(rows, id, now)))
    throw new AppError('CONFLICT', { message: 'it waits to be sent already', details: { reason: 'pending' } });
}

function toRow(row: OutboxListRow): OutboxRow {
  return outboxRow.parse({
    ...row,
    nextAt: row.state === 'pending' ? row.nextAt.toISOString() : null,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  });
}

/** What is in an item. */
export async function openOutboxItem(
  rows: Rows,
  outbox: Pick<Outbox, 'open'>,
  { id, kind }: { id: string; kind: string },
): Promise<unknown> {
  const item = await findItem(rows, id);
  if (item?.kind !== kind) throw new AppError('NOT_FOUND', { message: `nothing of this kind has the id ${id}` });
  return outbox.open(item);
}
