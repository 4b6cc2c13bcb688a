import type { Rows } from '#server/platform/db.ts';

const rolesShape = {
  roleId: true,
  objectType: true,
  objectId: true,
  role: { select: { permissions: true } },
} as const;

/** What each account holds that a mail to `email` may open: whose address it is, was until lately (that mail can take a change back), or is to be. */
export async function holdersBehind(rows: Rows, email: string) {
  const address = email.toLowerCase();
  return rows.user.findMany({
    where: { OR: [{ email: address }, { accountLinks: { some: { email: address, usedAt: null } } }] },
    select: { roles: { select: rolesShape } },
  });
}

/** Roles that open invitations to `email` give. */
export async function invitedRoles(
  rows: Rows,
  email: string,
  now: Date,
): Promise<{ id: string; permissions: string[] }[]> {
  const open = await rows.invitation.findMany({
    where: { email: email.toLowerCase(), usedAt: null, revokedAt: null, expiresAt: { gt: now } },
    select: { roleIds: true },
  });
  const ids = [...new Set(open.flatMap(({ roleIds }) => roleIds))];
  return rows.role.findMany({ where: { id: { in: ids } }, select: { id: true, permissions: true } });
}
