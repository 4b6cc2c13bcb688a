import type { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

export async function insert(
  rows: Rows,
  items: readonly { id: string; userId: string; kind: string; data: Prisma.InputJsonObject }[],
): Promise<void> {
  // Who has gone meanwhile is told nothing.
  const there = await rows.user.findMany({
    where: { id: { in: items.map(({ userId }) => userId) } },
    select: { id: true },
  });
  const known = new Set(there.map(({ id }) => id));
  await rows.activityItem.createMany({ data: items.filter(({ userId }) => known.has(userId)) });
}

export function list(rows: Rows, { userId, before, limit }: { userId: string; before: string | null; limit: number }) {
  return rows.activityItem.findMany({
    where: { userId, ...(before !== null && { id: { lt: before } }) },
    orderBy: { id: 'desc' },
    take: limit,
    select: { id: true, kind: true, data: true, createdAt: true, readAt: true },
  });
}

export function countUnread(rows: Rows, userId: string): Promise<number> {
  return rows.activityItem.count({ where: { userId, readAt: null } });
}

/** All up to and with `upTo`. */
export async function markRead(
  rows: Rows,
  { userId, upTo, at }: { userId: string; upTo: string; at: Date },
): Promise<number> {
  const { count } = await rows.activityItem.updateMany({
    where: { userId, id: { lte: upTo }, readAt: null },
    data: { readAt: at },
  });
  return count;
}

/** The newest of a person are kept. */
export async function trim(rows: Rows, { userId, keep }: { userId: string; keep: number }): Promise<void> {
  const [oldest] = await rows.activityItem.findMany({
    where: { userId },
    orderBy: { id: 'desc' },
    skip: keep,
    take: 1,
    select: { id: true },
  });
  if (oldest) await rows.activityItem.deleteMany({ where: { userId, id: { lte: oldest.id } } });
}

/** People who hold one of the roles for everything. */
export async function holdersOf(rows: Rows, roleIds: readonly string[]): Promise<string[]> {
  const held = await rows.userRole.findMany({
    where: { roleId: { in: [...roleIds] }, objectId: null, user: { lockedAt: null } },
    distinct: ['userId'],
    take: 500,
    select: { userId: true },
  });
  return held.map(({ userId }) => userId);
}

export function listRoles(rows: Rows) {
  return rows.role.findMany({ select: { id: true, permissions: true } });
}
