import type { Rows } from '#server/platform/db.ts';

/** All that is kept of a person besides their row. The newest first. */
export async function collect(
  rows: Rows,
  userId: string,
  limits: { auditEntries: number; activity: number; cameras: number },
) {
  const roles = await rows.userRole.findMany({
    where: { userId },
    select: { roleId: true, objectType: true, objectId: true, createdAt: true },
  });
  const externalIdentities = await rows.externalIdentity.findMany({
    where: { userId },
    select: { issuer: true, subject: true, createdAt: true },
  });
  const passkeys = await rows.passkey.findMany({
    where: { userId },
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, backedUp: true },
  });
  const sessions = await rows.session.findMany({
    where: { userId, viewedBy: null },
    orderBy: { createdAt: 'desc' },
    take: 1000,
    select: {
      id: true,
      method: true,
      ip: true,
      userAgent: true,
      createdAt: true,
      lastSeenAt: true,
      expiresAt: true,
      revokedAt: true,
    },
  });
  const tokens = await rows.tokenFamily.findMany({
    where: { userId },
    orderBy: { createdAt: 'desc' },
    take: 1000,
    select: { id: true, scope: true, ip: true, userAgent: true, createdAt: true, lastUsedAt: true, revokedAt: true },
  });
  const keys = await rows.apiKey.findMany({
    where: { userId },
    orderBy: { createdAt: 'desc' },
    take: 1000,
    select: {
      id: true,
      name: true,
      prefix: true,
      permissions: true,
      createdAt: true,
      expiresAt: true,
      lastUsedAt: true,
      lastUsedIp: true,
      revokedAt: true,
    },
  });
  const cameras = await rows.camera.findMany({
    where: { ownerId: userId, deletedAt: null },
    orderBy: { createdAt: 'desc' },
    take: limits.cameras,
    select: {
      id: true,
      name: true,
      place: true,
      latitude: true,
      longitude: true,
      kind: true,
      visibility: true,
      createdAt: true,
    },
  });
  const audit = await rows.auditEntry.findMany({
    // What others did to them names those others: the action is told, not who.
    where: { OR: [{ actorId: userId }, { objectType: 'user', objectId: userId }] },
    orderBy: { seq: 'desc' },
    take: limits.auditEntries,
    select: {
      at: true,
      actorId: true,
      action: true,
      outcome: true,
      ip: true,
      userAgent: true,
      objectType: true,
      objectId: true,
    },
  });
  const activity = await rows.activityItem.findMany({
    where: { userId },
    orderBy: { createdAt: 'desc' },
    take: limits.activity,
    select: { kind: true, data: true, createdAt: true, readAt: true },
  });
  return { roles, externalIdentities, passkeys, sessions, tokens, keys, cameras, audit, activity };
}
