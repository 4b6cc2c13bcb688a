import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

import { personShape } from '../store.ts';

type Hash = Uint8Array<ArrayBuffer>;

const ownShape = {
  ...personShape,
  passwordHash: true,
  passwordSetAt: true,
  locale: true,
  timeZone: true,
  createdAt: true,
  secondFactor: { select: { confirmedAt: true } },
} satisfies Prisma.UserSelect;
/** A person with what only they and their mail concern. */
export type OwnRow = Prisma.UserGetPayload<{ select: typeof ownShape }>;

/** The row broke a rule of uniqueness: another has its e-mail or user name. */
export function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

export function findOwn(rows: Rows, by: { id: string } | { email: string }): Promise<OwnRow | null> {
  return rows.user.findUnique({ where: by, select: ownShape });
}

/** Until the end of the transaction nobody else changes this person. */
export async function lockPerson(rows: Rows, id: string): Promise<OwnRow | null> {
  await rows.$queryRaw`SELECT "id" FROM "users" WHERE "id" = ${id}::uuid FOR UPDATE`;
  return findOwn(rows, { id });
}

/** Without regard to case, as the index is. */
export async function hasUserName(rows: Rows, userName: string, besides: string | null): Promise<boolean> {
  const found = await rows.$queryRaw<{ id: string }[]>`
    SELECT "id"::text FROM "users" WHERE lower("user_name") = lower(${userName}) LIMIT 1`;
  return found.some(({ id }) => id !== besides);
}

/** False, and nothing is written, where the e-mail or user name is taken; the transaction goes on. */
export async function insertPerson(rows: Rows, person: Prisma.UserCreateManyInput): Promise<boolean> {
  const { count } = await rows.user.createMany({ data: [person], skipDuplicates: true });
  return count === 1;
}

/** Roles that are gone meanwhile are left out. */
export async function giveRoles(
  rows: Rows,
  {
    userId,
    roleIds,
    grantedBy,
    newId,
  }: { userId: string; roleIds: string[]; grantedBy: string | null; newId: () => string },
): Promise<string[]> {
  const there = await rows.role.findMany({ where: { id: { in: roleIds } }, select: { id: true } });
  await rows.userRole.createMany({
    data: there.map(({ id }) => ({ id: newId(), userId, roleId: id, grantedBy })),
    skipDuplicates: true,
  });
  return there.map(({ id }) => id);
}

export async function updatePerson(rows: Rows, id: string, data: Prisma.UserUncheckedUpdateInput): Promise<OwnRow> {
  return rows.user.update({ where: { id }, data, select: ownShape });
}

/** Accounts whose address nobody confirmed and nobody ever used. */
export async function deleteUnconfirmed(rows: Rows, before: Date): Promise<void> {
  await rows.user.deleteMany({
    where: {
      emailConfirmedAt: null,
      createdAt: { lt: before },
      lastSignInAt: null,
      sessions: { none: {} },
      tokenFamilies: { none: {} },
      externalIdentities: { none: {} },
      passkeys: { none: {} },
      apiKeys: { none: {} },
      cameras: { none: {} },
      activity: { none: {} },
    },
  });
}

export async function insertLink(rows: Rows, link: Prisma.AccountLinkUncheckedCreateInput): Promise<void> {
  await rows.accountLink.create({ data: link, select: { expiresAt: true } });
}

export function countLinks(rows: Rows, which: { userId: string; kind: string; since: Date }): Promise<number> {
  return rows.accountLink.count({
    where: { userId: which.userId, kind: which.kind, createdAt: { gt: which.since } },
  });
}

const linkShape = { userId: true, email: true } satisfies Prisma.AccountLinkSelect;
export type LinkRow = Prisma.AccountLinkGetPayload<{ select: typeof linkShape }>;

interface LinkQuery {
  tokenHash: Hash;
  kind: string;
  now: Date;
}

/** Null: no such link of this kind, or used, or over. */
export function findLink(rows: Rows, { tokenHash, kind, now }: LinkQuery): Promise<LinkRow | null> {
  return rows.accountLink.findFirst({
    where: { tokenHash, kind, usedAt: null, expiresAt: { gt: now } },
    select: linkShape,
  });
}

/** Uses it up, as one step: of two side by side one gets null. */
export async function takeLink(rows: Rows, { tokenHash, kind, now }: LinkQuery): Promise<LinkRow | null> {
  const [taken] = await rows.accountLink.updateManyAndReturn({
    where: { tokenHash, kind, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
    select: linkShape,
  });
  return taken ?? null;
}

/** They stop working. */
export async function voidLinks(rows: Rows, userId: string, kinds: readonly string[], at: Date): Promise<void> {
  await rows.accountLink.updateMany({
    where: { userId, kind: { in: [...kinds] }, usedAt: null },
    data: { usedAt: at },
  });
}

export async function deleteOldLinks(rows: Rows, before: Date): Promise<void> {
  await rows.accountLink.deleteMany({ where: { expiresAt: { lt: before } } });
}

/** The address that waits for its link to be opened. */
export async function findPendingEmail(rows: Rows, userId: string, now: Date): Promise<string | null> {
  const link = await rows.accountLink.findFirst({
    where: { userId, kind: 'changeEmail', usedAt: null, expiresAt: { gt: now } },
    orderBy: { createdAt: 'desc' },
    select: { email: true },
  });
  return link?.email ?? null;
}

export function countRecoveryCodes(rows: Rows, userId: string): Promise<number> {
  return rows.recoveryCode.count({ where: { userId, usedAt: null } });
}

/** Takes away what was added to an account since `since` and would open it again. Returns the keys that ended. */
export async function dropAddedSince(
  rows: Rows,
  { userId, since, at }: { userId: string; since: Date; at: Date },
): Promise<string[]> {
  const { count } = await rows.secondFactor.deleteMany({ where: { userId, confirmedAt: { gt: since } } });
  if (count > 0) await rows.recoveryCode.deleteMany({ where: { userId } });
  return dropWaysIn(rows, { userId, since, at });
}

/** Passkeys, links to providers and keys that were added since `since`. Returns the keys that ended. */
export async function dropWaysIn(
  rows: Rows,
  { userId, since, at }: { userId: string; since: Date; at: Date },
): Promise<string[]> {
  const where = { userId, createdAt: { gt: since } };
  await rows.passkey.deleteMany({ where });
  await rows.externalIdentity.deleteMany({ where });
  const keys = await rows.apiKey.updateManyAndReturn({
    where: { ...where, revokedAt: null },
    data: { revokedAt: at },
    select: { id: true },
  });
  return keys.map(({ id }) => id);
}

/** Owners who can sign in, besides one. */
export function countOtherOwners(rows: Rows, userId: string): Promise<number> {
  return rows.userRole.count({
    where: { roleId: 'owner', objectId: null, userId: { not: userId }, user: { lockedAt: null } },
  });
}

/** What opens the house for a person, so that every door can be told that it is over. */
export async function listCredentials(rows: Rows, userId: string) {
  const where = { userId, revokedAt: null };
  const select = { id: true };
  const sessions = await rows.session.findMany({ where, select });
  const keys = await rows.apiKey.findMany({ where, select });
  const tokens = await rows.tokenFamily.findMany({ where, select });
  return { sessions, keys, tokens };
}

export async function deletePerson(rows: Rows, id: string): Promise<void> {
  await rows.user.deleteMany({ where: { id } });
}
