import { Prisma } from '#prisma/generated/client.ts';
import type { RejectedRow } from '#server/contracts/feeds.ts';
import type { Rows } from '#server/platform/db.ts';

const feedShape = {
  id: true,
  enabled: true,
  lastOkAt: true,
  lastTriedAt: true,
  nextAt: true,
  fault: true,
} satisfies Prisma.FeedSelect;
export type FeedRow = Prisma.FeedGetPayload<{ select: typeof feedShape }>;

const runShape = {
  id: true,
  source: true,
  actorId: true,
  state: true,
  total: true,
  done: true,
  added: true,
  changed: true,
  removed: true,
  unchanged: true,
  rejected: true,
  rejectedRows: true,
  fault: true,
  startedAt: true,
  finishedAt: true,
} satisfies Prisma.ImportRunSelect;
export type RunRow = Prisma.ImportRunGetPayload<{ select: typeof runShape }>;

const withPending = { ...runShape, pending: true } satisfies Prisma.ImportRunSelect;
export type PendingRunRow = Prisma.ImportRunGetPayload<{ select: typeof withPending }>;

const open = { in: ['queued', 'running'] };

export function listFeeds(rows: Rows): Promise<FeedRow[]> {
  return rows.feed.findMany({ select: feedShape });
}

export async function writeFeed(rows: Rows, id: string, values: Omit<Prisma.FeedUncheckedUpdateInput, 'id'>) {
  // Two may write the same one for the first time.
  await rows.feed.createMany({ data: { id }, skipDuplicates: true });
  await rows.feed.update({ where: { id }, data: values, select: { id: true } });
}

/** Holds the row until the transaction ends; false when the feed is not wanted. */
export async function lockWantedFeed(rows: Rows, id: string): Promise<boolean> {
  const locked = await rows.$queryRaw<unknown[]>`SELECT id FROM feeds WHERE id = ${id} AND enabled FOR UPDATE`;
  return locked.length === 1;
}

/** Of a feed that is wanted still: a reading that ends after it was switched off changes nothing. */
export async function writeWantedFeed(
  rows: Rows,
  id: string,
  values: Omit<Prisma.FeedUncheckedUpdateInput, 'id'>,
): Promise<void> {
  await rows.feed.updateMany({ where: { id, enabled: true }, data: values });
}

export function findRun(rows: Rows, id: string): Promise<RunRow | null> {
  return rows.importRun.findUnique({ where: { id }, select: runShape });
}

/** Where a run stands in their list. */
export type RunPosition = Pick<RunRow, 'startedAt' | 'id'>;

/** Newest first. */
export function listRuns(
  rows: Rows,
  { after, limit }: { after: RunPosition | null; limit: number },
): Promise<RunRow[]> {
  return rows.importRun.findMany({
    ...(after && {
      where: {
        OR: [{ startedAt: { lt: after.startedAt } }, { startedAt: after.startedAt, id: { lt: after.id } }],
      },
    }),
    orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
    take: limit,
    select: runShape,
  });
}

/** Runs that wait, or that somebody works on or died working on. */
export function listOpenRuns(rows: Rows): Promise<{ id: string; source: string; state: string; done: number }[]> {
  return rows.importRun.findMany({
    where: { state: open },
    orderBy: { startedAt: 'asc' },
    take: 1000,
    select: { id: true, source: true, state: true, done: true },
  });
}

export interface NewRun {
  id: string;
  source: string;
  actorId: string | null;
  total?: number;
  rejected?: number;
  rejectedRows?: RejectedRow[];
  pending: Prisma.InputJsonObject;
}

export async function insertRun(rows: Rows, { rejectedRows, ...run }: NewRun): Promise<void> {
  await rows.importRun.create({ data: { ...run, rejectedRows: jsonOf(rejectedRows ?? []) }, select: { id: true } });
}

/** The open run of a source, if there is one. */
export function findOpenRun(rows: Rows, source: string): Promise<{ id: string } | null> {
  return rows.importRun.findFirst({ where: { source, state: open }, select: { id: true } });
}

/** Null when it is over. */
export async function claimRun(rows: Rows, id: string): Promise<PendingRunRow | null> {
  const { count } = await rows.importRun.updateMany({ where: { id, state: open }, data: { state: 'running' } });
  return count === 0 ? null : rows.importRun.findUnique({ where: { id }, select: withPending });
}

/** What was read, in place of the wish to read it. False when the run is over, or another got further. */
export async function setPending(
  rows: Rows,
  id: string,
  read: { total: number; rejected: number; rejectedRows: RejectedRow[]; pending: Prisma.InputJsonObject },
): Promise<boolean> {
  const { count } = await rows.importRun.updateMany({
    where: { id, state: 'running', total: 0, done: 0 },
    data: { ...read, rejectedRows: jsonOf(read.rejectedRows) },
  });
  return count === 1;
}

/** Counts a batch as done; false when the run is over, or another has done it: then nothing of the batch may stand. */
export async function advanceRun(
  rows: Rows,
  id: string,
  step: { from: number; to: number; added: number; changed: number; unchanged: number },
): Promise<boolean> {
  const { count } = await rows.importRun.updateMany({
    where: { id, state: 'running', done: step.from },
    data: {
      done: step.to,
      added: { increment: step.added },
      changed: { increment: step.changed },
      unchanged: { increment: step.unchanged },
    },
  });
  return count === 1;
}

/** False when it was over already. */
export async function endRun(
  rows: Rows,
  id: string,
  end: {
    state: 'done' | 'failed' | 'cancelled';
    finishedAt: Date;
    fault?: string;
    removed?: number;
    unchanged?: number;
  },
): Promise<boolean> {
  const { count } = await rows.importRun.updateMany({
    where: { id, state: open },
    data: { ...end, pending: Prisma.DbNull },
  });
  return count === 1;
}

/** Keeps the newest of a source. */
export async function pruneRuns(rows: Rows, source: string, keep: number): Promise<void> {
  const old = await rows.importRun.findMany({
    where: { source, state: { notIn: open.in } },
    orderBy: { startedAt: 'desc' },
    skip: keep,
    take: 1000,
    select: { id: true },
  });
  if (old.length > 0) await rows.importRun.deleteMany({ where: { id: { in: old.map((run) => run.id) } } });
}

/** As plain values: a list of interfaces is no JSON to the types. */
function jsonOf(rejected: readonly RejectedRow[]): Prisma.InputJsonArray {
  return rejected.map(({ row, code, about }) => ({ row, code, about }));
}
