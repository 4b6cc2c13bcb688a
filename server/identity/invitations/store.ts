import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

type Hash = Uint8Array<ArrayBuffer>;

const shape = {
  id: true,
  email: true,
  roleIds: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  usedAt: true,
  usedBy: true,
} satisfies Prisma.InvitationSelect;
export type InvitationEntry = Prisma.InvitationGetPayload<{ select: typeof shape }>;

export function insert(rows: Rows, invitation: Prisma.InvitationUncheckedCreateInput): Promise<InvitationEntry> {
  return rows.invitation.create({ data: invitation, select: shape });
}

/** Newest first. */
export function list(
  rows: Rows,
  { before, limit }: { before: string | null; limit: number },
): Promise<InvitationEntry[]> {
  return rows.invitation.findMany({
    ...(before !== null && { where: { id: { lt: before } } }),
    orderBy: { id: 'desc' },
    take: limit,
    select: shape,
  });
}

export function countOpen(rows: Rows, now: Date): Promise<number> {
  return rows.invitation.count({ where: { usedAt: null, revokedAt: null, expiresAt: { gt: now } } });
}

/** Null: no such, or used, revoked or over. */
export function findOpen(rows: Rows, tokenHash: Hash, now: Date): Promise<InvitationEntry | null> {
  return rows.invitation.findFirst({
    where: { tokenHash, usedAt: null, revokedAt: null, expiresAt: { gt: now } },
    select: shape,
  });
}

/** What an invitation that nobody has used or taken back gives; null: there is none such. */
export function findToRevoke(rows: Rows, id: string): Promise<{ roleIds: string[] } | null> {
  return rows.invitation.findFirst({ where: { id, usedAt: null, revokedAt: null }, select: { roleIds: true } });
}

/** Uses it up, as one step: of two side by side one gets false. */
export async function take(rows: Rows, id: string, use: { usedBy: string; now: Date }): Promise<boolean> {
  const { count } = await rows.invitation.updateMany({
    where: { id, usedAt: null, revokedAt: null, expiresAt: { gt: use.now } },
    data: { usedAt: use.now, usedBy: use.usedBy },
  });
  return count === 1;
}

/** Null: none that was open. */
export async function revoke(rows: Rows, id: string, now: Date): Promise<InvitationEntry | null> {
  const [revoked] = await rows.invitation.updateManyAndReturn({
    where: { id, usedAt: null, revokedAt: null },
    data: { revokedAt: now },
    select: shape,
  });
  return revoked ?? null;
}

export async function namesOf(rows: Rows, ids: readonly string[]): Promise<Map<string, string>> {
  const people = await rows.user.findMany({ where: { id: { in: [...ids] } }, select: { id: true, name: true } });
  return new Map(people.map(({ id, name }) => [id, name]));
}

export function findRoles(rows: Rows, ids: readonly string[]) {
  return rows.role.findMany({ where: { id: { in: [...ids] } }, select: { id: true, permissions: true } });
}

export function findLocale(rows: Rows, userId: string) {
  return rows.user.findUnique({ where: { id: userId }, select: { locale: true, timeZone: true } });
}
