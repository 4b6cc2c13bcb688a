import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

/** One planner at a time, whichever gateway it runs in. Any number of ours that is ours alone. */
const planLock = 7_401_126;

export const nodeShape = {
  id: true,
  role: true,
  url: true,
  place: true,
  pid: true,
  host: true,
  capacity: true,
  heartbeatAt: true,
} satisfies Prisma.NodeSelect;
export type NodeRow = Prisma.NodeGetPayload<{ select: typeof nodeShape }>;

export const leaseShape = {
  streamId: true,
  role: true,
  nodeId: true,
  epoch: true,
  place: true,
  firstMediaSequence: true,
} satisfies Prisma.StreamLeaseSelect;
export type LeaseRow = Prisma.StreamLeaseGetPayload<{ select: typeof leaseShape }>;

/** Until the end of the transaction; false when another gateway plans at this moment. */
export async function tryLead(rows: Rows): Promise<boolean> {
  const [row] = await rows.$queryRaw<{ leads: boolean }[]>`SELECT pg_try_advisory_xact_lock(${planLock}) AS leads`;
  return row?.leads ?? false;
}

/** The one clock by which heartbeats are written and judged, so that clocks of machines need not agree. */
export async function databaseNow(rows: Rows): Promise<Date> {
  const [row] = await rows.$queryRaw<{ now: Date }[]>`SELECT clock_timestamp()::timestamptz(3) AS now`;
  if (!row) throw new Error('the database did not tell the time');
  return row.now;
}

export async function writeHeartbeats(rows: Rows, nodes: readonly NodeRow[]): Promise<void> {
  for (const { id, ...values } of nodes) {
    await rows.node.upsert({ where: { id }, create: { id, ...values }, update: values, select: { id: true } });
  }
}

export function listNodes(rows: Rows): Promise<NodeRow[]> {
  return rows.node.findMany({ select: nodeShape, orderBy: { id: 'asc' } });
}

/** Leases of theirs stay, without a holder. */
export async function deleteNodes(rows: Rows, where: { ids: string[] } | { before: Date }): Promise<void> {
  await rows.node.deleteMany({
    where: 'ids' in where ? { id: { in: where.ids } } : { heartbeatAt: { lt: where.before } },
  });
}

/** Those with a holder, and those of these streams: of what once was watched a row stays each. */
export function listLeases(rows: Rows, streamIds: readonly string[]): Promise<LeaseRow[]> {
  return rows.streamLease.findMany({
    where: { OR: [{ nodeId: { not: null } }, { streamId: { in: [...streamIds] } }] },
    select: leaseShape,
    orderBy: [{ streamId: 'asc' }, { role: 'asc' }],
  });
}

export interface ActiveRow {
  id: string;
  /** When somebody asked for it last; of one that nobody ever asked for, when it was given to its node. */
  wantedAt: Date;
}

/** Streams that somebody wanted since then, or that a node holds: the only ones besides those that are always read. */
export function listActive(rows: Rows, since: Date): Promise<ActiveRow[]> {
  return rows.$queryRaw<ActiveRow[]>`
    SELECT id, wanted_at AS "wantedAt" FROM streams WHERE wanted_at >= ${since}
    UNION
    SELECT stream.id, coalesce(stream.wanted_at, max(lease.since)) FROM stream_leases AS lease
    JOIN streams AS stream ON stream.id = lease.stream_id
    WHERE lease.node_id IS NOT NULL GROUP BY stream.id`;
}

export type LeaseValues = Omit<LeaseRow, 'firstMediaSequence'> & {
  /** Added to the highest number told of; null: under this lease nothing is given out. */
  margin: number | null;
};

/** All changes of a plan in one statement; a lease whose epoch has moved on meanwhile is left alone. */
export async function writeLeases(rows: Rows, leases: readonly LeaseValues[], at: Date): Promise<void> {
  if (leases.length === 0) return;
  const column = <Key extends keyof LeaseValues>(key: Key) => leases.map((lease) => lease[key]);
  await rows.$executeRaw`
    INSERT INTO stream_leases AS lease (stream_id, role, node_id, epoch, place, first_media_sequence, since)
    SELECT change.stream_id, change.role, change.node_id, change.epoch, change.place,
           CASE WHEN stream.media_sequence = 0 THEN 0 ELSE stream.media_sequence + coalesce(change.margin, 0) END, ${at}
    FROM unnest(${column('streamId')}::uuid[], ${column('role')}::text[], ${column('nodeId')}::uuid[], ${column('epoch')}::int[],
                ${column('place')}::text[], ${column('margin')}::int[])
         AS change (stream_id, role, node_id, epoch, place, margin)
    JOIN streams AS stream ON stream.id = change.stream_id
    ON CONFLICT (stream_id, role) DO UPDATE
    SET node_id = excluded.node_id, epoch = excluded.epoch, place = excluded.place,
        first_media_sequence = excluded.first_media_sequence, since = excluded.since
    WHERE lease.epoch <= excluded.epoch`;
}

export async function markWanted(rows: Rows, streamIds: readonly string[], at: Date): Promise<void> {
  await rows.stream.updateMany({ where: { id: { in: [...streamIds] } }, data: { wantedAt: at } });
}

export interface StateRow {
  id: string;
  state: string;
  stateReason: string | null;
  stateSince: Date | null;
}

export type ListedState = StateRow & { lookedAt: Date | null };

export function listStates(rows: Rows, streamIds: readonly string[] | null): Promise<ListedState[]> {
  return rows.stream.findMany({
    where: streamIds ? { id: { in: [...streamIds] } } : { camera: { deletedAt: null } },
    select: { id: true, state: true, stateReason: true, stateSince: true, lookedAt: true },
  });
}

/** Of all that are shown to somebody, how many are in each state. */
export async function countStates(rows: Rows): Promise<Map<string, number>> {
  const counts = await rows.$queryRaw<{ state: string; count: number }[]>`
    SELECT stream.state, count(*)::int AS count FROM streams AS stream JOIN cameras AS camera ON camera.stream_id = stream.id
    WHERE camera.deleted_at IS NULL AND camera.withheld_at IS NULL GROUP BY stream.state`;
  return new Map(counts.map(({ state, count }) => [state, count]));
}

/** Of those that somebody here answers for or that are always read: what a feed lists and nobody watches is its publisher's. */
export async function countFailing(rows: Rows): Promise<number> {
  const [row] = await rows.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM streams AS stream JOIN cameras AS camera ON camera.stream_id = stream.id
    WHERE camera.deleted_at IS NULL AND camera.withheld_at IS NULL AND stream.state IN ('offline', 'error')
      AND (camera.feed IS NULL OR camera.ingest = 'always')`;
  return row?.count ?? 0;
}

/** A log that has just begun has seen nothing yet: what was known of an outage stands until it has. */
const isNews = (row: StateRow) =>
  row.state === 'unchecked' && row.stateReason === null
    ? Prisma.sql`(state NOT IN ('offline', 'error') OR state_reason IS NOT DISTINCT FROM 'slicerMissing')`
    : Prisma.sql`TRUE`;

/** A state lasts since it began, whichever process says so and for what reason: gives what stands afterwards; null where there is no such stream. */
export async function writeState(rows: Rows, row: StateRow): Promise<StateRow | null> {
  const { id, state, stateReason, stateSince } = row;
  const news = isNews(row);
  const [standing] = await rows.$queryRaw<StateRow[]>`
    UPDATE streams SET
      state = CASE WHEN ${news} THEN ${state} ELSE state END,
      state_reason = CASE WHEN ${news} THEN ${stateReason} ELSE state_reason END,
      state_since = CASE WHEN ${news} AND (state <> ${state} OR state_since IS NULL) THEN ${stateSince} ELSE state_since END
    WHERE id = ${id}::uuid
    RETURNING id, state, state_reason AS "stateReason", state_since AS "stateSince"`;
  return standing ?? null;
}

/** Never lowers one: reports of an old holder may come late. */
export async function raiseSequences(
  rows: Rows,
  sequences: readonly { streamId: string; mediaSequence: number }[],
): Promise<void> {
  if (sequences.length === 0) return;
  const ids = sequences.map((entry) => entry.streamId);
  const numbers = sequences.map((entry) => entry.mediaSequence);
  await rows.$executeRaw`
    UPDATE streams SET media_sequence = greatest(media_sequence, told.number)
    FROM unnest(${ids}::uuid[], ${numbers}::bigint[]) AS told (id, number) WHERE streams.id = told.id`;
}

export interface LookableRow {
  streamId: string;
  kind: string;
  demo: boolean;
  feed: string | null;
  addressHint: string | null;
  options: unknown;
  lookedAt: Date | null;
  look: unknown;
}

const lookable = Prisma.sql`
  SELECT stream.id AS "streamId", camera.kind, camera.demo, camera.feed, camera.address_hint AS "addressHint", camera.options,
         stream.looked_at AS "lookedAt", stream.look
  FROM streams AS stream JOIN cameras AS camera ON camera.stream_id = stream.id`;

/** Read on demand, and by nobody at the moment. */
const isLookable = ({ demoShown, publicOnly }: { demoShown: boolean; publicOnly: boolean }) => Prisma.sql`
  camera.ingest = 'onDemand' AND (camera.visibility = 'public' OR NOT ${publicOnly}) AND camera.deleted_at IS NULL AND camera.withheld_at IS NULL
  AND (${demoShown} OR NOT camera.demo)
  AND NOT EXISTS (SELECT 1 FROM stream_leases AS lease
                  WHERE lease.stream_id = stream.id AND lease.role = 'ingest' AND lease.node_id IS NOT NULL)`;

/** Never looked at, in no lasting order, then the longest unlooked. */
export async function listLookable(
  rows: Rows,
  query: { demoShown: boolean; lookedBefore: Date; limit: number },
): Promise<LookableRow[]> {
  const { lookedBefore, limit } = query;
  const isDue = isLookable({ demoShown: query.demoShown, publicOnly: true });
  const never = await rows.$queryRaw<LookableRow[]>`
    ${lookable} WHERE stream.looked_at IS NULL AND ${isDue} LIMIT ${limit}`;
  if (never.length === limit) return never;
  const longest = await rows.$queryRaw<LookableRow[]>`
    ${lookable} WHERE stream.looked_at < ${lookedBefore} AND ${isDue}
    ORDER BY stream.looked_at ASC LIMIT ${limit - never.length}`;
  return [...never, ...longest];
}

export async function findLookable(
  rows: Rows,
  streamIds: readonly string[],
  which: { demoShown: boolean; publicOnly: boolean },
): Promise<LookableRow[]> {
  if (streamIds.length === 0) return [];
  return rows.$queryRaw<LookableRow[]>`
    ${lookable} WHERE stream.id = ANY(${[...streamIds]}::uuid[]) AND ${isLookable(which)}`;
}

export async function countLookable(rows: Rows): Promise<number> {
  return rows.camera.count({ where: { ingest: 'onDemand', visibility: 'public', deletedAt: null, withheldAt: null } });
}

/** False where another gateway looks at it already. */
export async function claimLook(rows: Rows, id: string, turn: { before: Date | null; at: Date }): Promise<boolean> {
  const { count } = await rows.stream.updateMany({
    where: { id, lookedAt: turn.before },
    data: { lookedAt: turn.at },
  });
  return count === 1;
}

export async function writeLook(rows: Rows, id: string, at: Date, look: Prisma.InputJsonObject): Promise<void> {
  await rows.stream.updateMany({ where: { id }, data: { lookedAt: at, look } });
}

/** They were read until then: the rotation goes on from there. */
export async function markLooked(rows: Rows, streamIds: readonly string[], at: Date): Promise<void> {
  await rows.stream.updateMany({ where: { id: { in: [...streamIds] } }, data: { lookedAt: at } });
}

/** Takes back what was measured too long ago, and gives the streams. What its feed itself reports stands until somebody looks. */
export async function forgetStates(rows: Rows, before: Date, now: Date): Promise<string[]> {
  const forgotten = await rows.$queryRaw<{ id: string }[]>`
    UPDATE streams AS stream SET state = 'unchecked', state_reason = NULL, state_since = ${now}
    FROM cameras AS camera
    WHERE camera.stream_id = stream.id AND camera.ingest = 'onDemand' AND stream.state <> 'unchecked'
      AND stream.state_reason IS DISTINCT FROM 'ended'
      AND coalesce(stream.looked_at, stream.state_since) < ${before}
      AND (stream.looked_at IS NOT NULL OR stream.state_reason IS DISTINCT FROM 'reportedFaulty')
      AND NOT EXISTS (SELECT 1 FROM stream_leases AS lease
                      WHERE lease.stream_id = stream.id AND lease.role = 'ingest' AND lease.node_id IS NOT NULL)
    RETURNING stream.id`;
  return forgotten.map((row) => row.id);
}
