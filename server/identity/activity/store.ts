import type { Prisma } from '#prisma/generated/client.ts';
import { userId } from '#server/contracts/ids.ts';
import type { Rows } from '#server/platform/db.ts';
import { publishAtCommit } from '#server/platform/event-at-commit.ts';

/** People in one event: PostgreSQL takes 8,000 bytes. */
const toldAtOnceMax = 100;

export async function insert(
  rows: Rows,
  items: readonly { id: string; userId: string; kind: string; data: Prisma.InputJsonObject }[],
): Promise<void> {
  // Who has gone meanwhile is told nothing.
  const there = await rows.user.findMany({
    where: { id: { in: items.map((item) => item.userId) } },
    select: { id: true },
  });
  const known = new Set(there.map(({ id }) => id));
  await rows.activityItem.createMany({ data: items.filter((item) => known.has(item.userId)) });
  await tellChanged(rows, [...known]);
}

/** With the transaction: who is told looks for what is there. */
async function tellChanged(rows: Rows, ids: readonly string[]): Promise<void> {
  for (let from = 0; from < ids.length; from += toldAtOnceMax) {
    const userIds = ids.slice(from, from + toldAtOnceMax).map((id) => userId.parse(id));
    await publishAtCommit(rows, { type: 'activity.changed', userIds });
  }
}

export function list(rows: Rows, of: { userId: string; before: string | null; limit: number }) {
  const { before, limit } = of;
  return rows.activityItem.findMany({
    where: { userId: of.userId, ...(before !== null && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
    select: { id: true, kind: true, data: true, createdAt: true, readAt: true },
  });
}

export function countUnread(rows: Rows, of: string): Promise<number> {
  return rows.activityItem.count({ where: { userId: of, readAt: null } });
}

/** All up to and with `upTo`. */
export async function markRead(
  rows: Rows,
  { upTo, at, ...of }: { userId: string; upTo: string; at: Date },
): Promise<number> {
  const { count } = await rows.activityItem.updateMany({
    where: { ...of, id: { lte: upTo }, readAt: null },
    data: { readAt: at },
  });
  if (count > 0) await tellChanged(rows, [of.userId]);
  return count;
}

/** The newest of a person are kept. */
export async function trim(rows: Rows, { keep, ...of }: { userId: string; keep: number }): Promise<void> {
  const [oldest] = await rows.activityItem.findMany({
    where: of,
    orderBy: { id: 'desc' },
    skip: keep,
    take: 1,
    select: { id: true },
  });
  if (oldest) await rows.activityItem.deleteMany({ where: { ...of, id: { lte: oldest.id } } });
}

/** People who hold one of the roles for everything. */
export async function holdersOf(rows: Rows, roleIds: readonly string[]): Promise<string[]> {
  const held = await rows.userRole.findMany({
    where: { roleId: { in: [...roleIds] }, objectId: null, user: { lockedAt: null } },
    distinct: ['userId'],
    take: 500,
    select: { userId: true },
  });
  return held.map((row) => row.userId);
}

export function listRoles(rows: Rows) {
  return rows.role.findMany({ select: { id: true, permissions: true } });
}
