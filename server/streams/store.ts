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

export function listLeases(rows: Rows): Promise<LeaseRow[]> {
  return rows.streamLease.findMany({ select: leaseShape, orderBy: [{ streamId: 'asc' }, { role: 'asc' }] });
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

export async function listWanted(rows: Rows, since: Date): Promise<string[]> {
  const found = await rows.stream.findMany({ where: { wantedAt: { gte: since } }, select: { id: true } });
  return found.map((row) => row.id);
}

export interface StateRow {
  id: string;
  state: string;
  stateReason: string | null;
  stateSince: Date | null;
}

export function listStates(rows: Rows, streamIds: readonly string[] | null): Promise<StateRow[]> {
  return rows.stream.findMany({
    where: streamIds ? { id: { in: [...streamIds] } } : { camera: { deletedAt: null } },
    select: { id: true, state: true, stateReason: true, stateSince: true },
  });
}

export async function writeState(rows: Rows, { id, ...state }: StateRow): Promise<void> {
  await rows.stream.updateMany({ where: { id }, data: state });
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
