import type { Rows } from '#server/platform/transaction.ts';

export interface StateAt {
  streamId: string;
  state: string;
}

/**
 * What the rows of these streams say now, as changes at the time since when it holds: told twice, or by two gateways, it is one change. Without
 * ids: of all streams that changed after `since`.
 */
export async function recordStates(rows: Rows, which: { ids: readonly string[] } | { since: Date }): Promise<number> {
  return 'ids' in which
    ? rows.$executeRaw`
        INSERT INTO stream_state_changes AS change (stream_id, at, state, reason)
        SELECT id, coalesce(state_since, now()), state, state_reason FROM streams WHERE id = ANY(${which.ids}::uuid[])
        ON CONFLICT (stream_id, at) DO UPDATE SET state = excluded.state, reason = excluded.reason
        WHERE (change.state, change.reason) IS DISTINCT FROM (excluded.state, excluded.reason)`
    : rows.$executeRaw`
        INSERT INTO stream_state_changes (stream_id, at, state, reason)
        SELECT id, state_since, state, state_reason FROM streams WHERE state_since > ${which.since}
        ON CONFLICT (stream_id, at) DO NOTHING`;
}

/** Ids in order, for reading all streams a part at a time. */
export async function listStreamIds(rows: Rows, after: string | null, limit: number): Promise<string[]> {
  const found = await rows.stream.findMany({
    where: after === null ? {} : { id: { gt: after } },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true },
  });
  return found.map((row) => row.id);
}

/** The last change of each of these streams up to `at`; of those that have one. */
export function listStatesAt(rows: Rows, streamIds: readonly string[], at: Date): Promise<StateAt[]> {
  return rows.$queryRaw<StateAt[]>`
    SELECT stream.id AS "streamId", last.state
    FROM unnest(${streamIds}::uuid[]) AS stream (id)
    CROSS JOIN LATERAL (
      SELECT state FROM stream_state_changes WHERE stream_id = stream.id AND at <= ${at} ORDER BY at DESC LIMIT 1
    ) AS last`;
}

/** Changes after `from` up to `to`, oldest first; null: more than `limit`. */
export async function listChanges(
  rows: Rows,
  { from, to, limit }: { from: Date; to: Date; limit: number },
): Promise<StateAt[] | null> {
  const found = await rows.streamStateChange.findMany({
    where: { at: { gt: from, lte: to } },
    orderBy: { at: 'asc' },
    take: limit + 1,
    select: { streamId: true, state: true },
  });
  return found.length > limit ? null : found;
}

/** Changes before `before` that another one up to then made void: what a stream was called at that time stays known. Returns how many went. */
export function pruneChanges(rows: Rows, before: Date, limit: number): Promise<number> {
  return rows.$executeRaw`
    DELETE FROM stream_state_changes WHERE (stream_id, at) IN (
      SELECT old.stream_id, old.at FROM stream_state_changes AS old
      WHERE old.at < ${before} AND EXISTS (
        SELECT FROM stream_state_changes AS later
        WHERE later.stream_id = old.stream_id AND later.at > old.at AND later.at <= ${before}
      )
      ORDER BY old.at LIMIT ${limit}
    )`;
}
