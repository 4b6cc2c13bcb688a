import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

import { settling, type GoodTries } from '../sign-in/store.ts';

export type Hash = Uint8Array<ArrayBuffer>;

const keyShape = {
  id: true,
  userId: true,
  name: true,
  prefix: true,
  secretHash: true,
  permissions: true,
  objects: true,
  rateFactor: true,
  createdAt: true,
  expiresAt: true,
  lastUsedAt: true,
  lastUsedIp: true,
  revokedAt: true,
  user: { select: { id: true, name: true } },
} satisfies Prisma.ApiKeySelect;
export type KeyRow = Prisma.ApiKeyGetPayload<{ select: typeof keyShape }>;

const familyShape = {
  id: true,
  userId: true,
  createdAt: true,
  lastUsedAt: true,
  revokedAt: true,
  scope: true,
  ip: true,
  userAgent: true,
} satisfies Prisma.TokenFamilySelect;
export type FamilyRow = Prisma.TokenFamilyGetPayload<{ select: typeof familyShape }>;

export interface KeyFilter {
  userId: string | null;
  /** Beginning of the prefix. */
  prefix: string | null;
  /** Ids count down: before this one. */
  before: string | null;
  limit: number;
}

export function insertKey(rows: Rows, key: Prisma.ApiKeyUncheckedCreateInput): Promise<KeyRow> {
  return rows.apiKey.create({ data: key, select: keyShape });
}

/** How many of somebody's keys still open a door. */
export function countLiveKeys(rows: Rows, userId: string, now: Date): Promise<number> {
  const where = { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  return rows.apiKey.count({ where });
}

export function findKey(rows: Rows, by: { id: string } | { prefix: string }): Promise<KeyRow | null> {
  return rows.apiKey.findUnique({ where: by, select: keyShape });
}

/** Newest first. */
export function listKeys(rows: Rows, { userId, prefix, before, limit }: KeyFilter): Promise<KeyRow[]> {
  return rows.apiKey.findMany({
    where: {
      ...(userId !== null && { userId }),
      ...(prefix !== null && { prefix: { startsWith: prefix } }),
      ...(before !== null && { id: { lt: before } }),
    },
    orderBy: { id: 'desc' },
    take: limit,
    select: keyShape,
  });
}

export async function revokeKey(rows: Rows, id: string, at: Date): Promise<boolean> {
  const { count } = await rows.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
  return count === 1;
}

/** False where another process did so since `unless`. */
export async function touchKey(rows: Rows, id: string, use: { at: Date; ip: string; unless: Date }): Promise<boolean> {
  const { count } = await rows.apiKey.updateMany({
    where: { id, OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: use.unless } }] },
    data: { lastUsedAt: use.at, lastUsedIp: use.ip },
  });
  return count === 1;
}

export async function setRateFactor(rows: Rows, id: string, rateFactor: number): Promise<void> {
  await rows.apiKey.updateMany({ where: { id }, data: { rateFactor } });
}

interface NewFamily {
  id: string;
  userId: string;
  at: Date;
  scope: readonly string[];
  ip: string | null;
  userAgent: string | null;
  refresh: { tokenHash: Hash; expiresAt: Date };
  /** Nothing of a family that was not used since can be alive any more: the person's older ones go. */
  forgetBefore: Date;
  /** The tries that it took. */
  good: GoodTries;
}

/** A sign-in with its first refresh token, as one step, which settles the tries too. */
export async function openFamily(
  rows: Rows,
  { id, userId, at, scope, ip, userAgent, refresh, forgetBefore, good }: NewFamily,
): Promise<void> {
  await rows.$executeRaw`/* token.openFamily */
    WITH ${settling(good)}, old AS (
      DELETE FROM token_families WHERE user_id = ${userId}::uuid AND last_used_at < ${forgetBefore}::timestamptz
    ), made AS (
      INSERT INTO token_families (id, user_id, created_at, last_used_at, scope, ip, user_agent)
      VALUES (${id}::uuid, ${userId}::uuid, ${at}::timestamptz, ${at}::timestamptz, ${[...scope]}::text[], ${ip}, ${userAgent})
      RETURNING id
    )
    INSERT INTO refresh_tokens (token_hash, family_id, created_at, expires_at)
    SELECT ${refresh.tokenHash}, id, ${at}::timestamptz, ${refresh.expiresAt}::timestamptz FROM made`;
}

export function findFamily(rows: Rows, id: string): Promise<FamilyRow | null> {
  return rows.tokenFamily.findUnique({ where: { id }, select: familyShape });
}

/** Nobody else changes the family until the end of the transaction. */
export async function lockFamily(rows: Rows, id: string): Promise<FamilyRow | null> {
  await rows.$queryRaw`SELECT id FROM token_families WHERE id = ${id}::uuid FOR UPDATE`;
  return findFamily(rows, id);
}

/** Newest first; those in use since `since`. */
export function listFamilies(rows: Rows, userId: string, since: Date): Promise<FamilyRow[]> {
  return rows.tokenFamily.findMany({
    where: { userId, revokedAt: null, lastUsedAt: { gt: since } },
    orderBy: { lastUsedAt: 'desc' },
    take: 200,
    select: familyShape,
  });
}

export async function touchFamily(
  rows: Rows,
  id: string,
  use: { lastUsedAt: Date; ip: string | null; userAgent: string | null },
): Promise<void> {
  await rows.tokenFamily.updateMany({ where: { id }, data: use });
}

export async function revokeFamilies(
  rows: Rows,
  which: { id: string } | { userId: string },
  end: { revokedAt: Date; revokedReason: string },
): Promise<string[]> {
  const families = await rows.tokenFamily.updateManyAndReturn({
    where: { ...which, revokedAt: null },
    data: end,
    select: { id: true },
  });
  return families.map(({ id }) => id);
}

export async function insertRefreshToken(
  rows: Rows,
  token: { tokenHash: Hash; familyId: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await rows.refreshToken.create({ data: token, select: { familyId: true } });
}

export function findRefreshToken(rows: Rows, tokenHash: Hash) {
  return rows.refreshToken.findUnique({
    where: { tokenHash },
    select: { familyId: true, expiresAt: true, usedAt: true, family: { select: { userId: true } } },
  });
}

/** The tokens that came after one that was used at `at`. */
export async function successorsOf(rows: Rows, familyId: string, at: Date): Promise<{ usedAt: Date | null }[]> {
  const where = { familyId, createdAt: { gte: at } };
  return rows.refreshToken.findMany({ where, select: { usedAt: true }, take: 100 });
}

/** None of the family's tokens can be used after this. */
export async function useRefreshTokens(rows: Rows, familyId: string, usedAt: Date): Promise<void> {
  await rows.refreshToken.updateMany({ where: { familyId, usedAt: null }, data: { usedAt } });
}

/** What is over is refused, used or not, and tells nothing any more. */
export async function dropRefreshTokens(rows: Rows, familyId: string, expiredBefore: Date): Promise<void> {
  await rows.refreshToken.deleteMany({ where: { familyId, expiresAt: { lt: expiredBefore } } });
}

export function listSigningKeys(rows: Rows) {
  return rows.signingKey.findMany({ orderBy: { createdAt: 'desc' } });
}
export type SigningKeyRow = Awaited<ReturnType<typeof listSigningKeys>>[number];

/** One change of signing keys at a time, in all processes. */
export async function lockSigningKeys(rows: Rows): Promise<void> {
  await rows.$executeRaw`SELECT pg_advisory_xact_lock(7401129)`;
}

export async function insertSigningKey(
  rows: Rows,
  key: { kid: string; publicJwk: Prisma.InputJsonObject; sealedPrivate: Hash; createdAt: Date },
): Promise<void> {
  await rows.signingKey.create({ data: key, select: { kid: true } });
}

export async function retireSigningKeys(rows: Rows, retiredAt: Date): Promise<void> {
  await rows.signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt } });
}

export async function dropSigningKeys(rows: Rows, retiredBefore: Date): Promise<void> {
  await rows.signingKey.deleteMany({ where: { retiredAt: { lt: retiredBefore } } });
}

export async function insertTicket(
  rows: Rows,
  ticket: { tokenHash: Hash; holder: Prisma.InputJsonObject; expiresAt: Date },
): Promise<void> {
  await rows.wsTicket.create({ data: ticket, select: { expiresAt: true } });
}

/** Takes it away: a second try finds nothing. */
export async function takeTicket(rows: Rows, tokenHash: Hash): Promise<{ holder: unknown; expiresAt: Date } | null> {
  const [ticket] = await rows.$queryRaw<{ holder: unknown; expiresAt: Date }[]>`
    DELETE FROM ws_tickets WHERE token_hash = ${tokenHash} RETURNING holder, expires_at AS "expiresAt"`;
  return ticket ?? null;
}

export async function dropTickets(rows: Rows, expiredBefore: Date): Promise<void> {
  await rows.wsTicket.deleteMany({ where: { expiresAt: { lt: expiredBefore } } });
}
