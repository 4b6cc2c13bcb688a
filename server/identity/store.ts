import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

export const personShape = {
  id: true,
  name: true,
  userName: true,
  email: true,
  emailConfirmedAt: true,
  picture: true,
  locale: true,
  timeZone: true,
  lockedAt: true,
  roles: { select: { roleId: true, objectType: true, objectId: true, role: { select: { permissions: true } } } },
} satisfies Prisma.UserSelect;
export type PersonRow = Prisma.UserGetPayload<{ select: typeof personShape }>;

const sessionShape = {
  id: true,
  expiresAt: true,
  revokedAt: true,
  lastSeenAt: true,
  viewedBy: true,
  user: { select: personShape },
} satisfies Prisma.SessionSelect;
export type SessionRow = Prisma.SessionGetPayload<{ select: typeof sessionShape }>;

export async function hasOwner(rows: Rows): Promise<boolean> {
  return (await rows.userRole.findFirst({ where: { roleId: 'owner' }, select: { id: true } })) !== null;
}

/** One claim at a time, so that two links can't make two owners. Until the end of the transaction. */
export async function lockOwnerClaims(rows: Rows): Promise<void> {
  await rows.$executeRaw`SELECT pg_advisory_xact_lock(7401127)`;
}

export async function replaceClaims(
  rows: Rows,
  claim: { tokenHash: Uint8Array<ArrayBuffer>; expiresAt: Date },
): Promise<void> {
  await rows.ownerClaim.deleteMany({ where: { usedAt: null } });
  await rows.ownerClaim.create({ data: claim, select: { expiresAt: true } });
}

/** False when there is no such claim, or it was used, or its time is over. */
export async function hasClaim(rows: Rows, tokenHash: Uint8Array<ArrayBuffer>, now: Date): Promise<boolean> {
  const where = { tokenHash, usedAt: null, expiresAt: { gt: now } };
  return (await rows.ownerClaim.findFirst({ where, select: { expiresAt: true } })) !== null;
}

/** Uses it up. False where `hasClaim` is. */
export async function useClaim(rows: Rows, tokenHash: Uint8Array<ArrayBuffer>, now: Date): Promise<boolean> {
  const { count } = await rows.ownerClaim.updateMany({
    where: { tokenHash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  return count === 1;
}

export function insertUser(rows: Rows, user: Prisma.UserCreateInput): Promise<PersonRow> {
  return rows.user.create({ data: user, select: personShape });
}

export function findPerson(rows: Rows, id: string): Promise<PersonRow | null> {
  return rows.user.findUnique({ where: { id }, select: personShape });
}

export function findSession(rows: Rows, id: string): Promise<SessionRow | null> {
  return rows.session.findUnique({ where: { id }, select: sessionShape });
}

export async function touchSession(rows: Rows, id: string, at: Date): Promise<void> {
  await rows.session.updateMany({ where: { id }, data: { lastSeenAt: at } });
}
