import type { Rows } from '#server/platform/transaction.ts';

import { makeSecret, sha256 } from './secrets.ts';
import * as store from './store.ts';

export const refreshDays = 7;
/**
 * A client whose answer was lost asks again with the token that it has used: for so long it is given another one, if it comes from the same address
 * with the same name and nothing that came of the first answer was used. Then only one of the answers goes on. Anything else is a thief or a victim.
 */
const graceMs = 10_000;
const retriesMax = 5;

export interface From {
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

interface Use {
  tokenHash: store.Hash;
  familyId: string;
  at: Date;
  from: From;
}

/** A token for a week, and what is kept of it: its hash. */
export function newRefreshToken(at: Date): { token: string; row: { tokenHash: store.Hash; expiresAt: Date } } {
  const token = makeSecret('snr');
  return { token, row: { tokenHash: sha256(token), expiresAt: new Date(at.getTime() + refreshDays * 86_400_000) } };
}

/** Uses a token up and gives the next. Null where it is over; `reusedOf` where it was used before. */
export async function rotate(
  rows: Rows,
  { tokenHash, familyId, at, from }: Use,
): Promise<{ family: store.FamilyRow; refresh: string } | { reusedOf: store.FamilyRow } | null> {
  const family = await store.lockFamily(rows, familyId);
  // Read behind the lock: two may come side by side.
  const held = await store.findRefreshToken(rows, tokenHash);
  if (!family || !held || family.revokedAt || held.expiresAt <= at) return null;
  if (held.usedAt) {
    if (!(await isRetry(rows, { family, usedAt: held.usedAt, at, from }))) return { reusedOf: family };
  } else {
    // Whatever else a lost answer left behind goes with it.
    await store.useRefreshTokens(rows, family.id, at);
    await store.dropRefreshTokens(rows, family.id, at);
  }
  await store.touchFamily(rows, family.id, { lastUsedAt: at, ...comingFrom(from) });
  const { token, row } = newRefreshToken(at);
  await store.insertRefreshToken(rows, { ...row, familyId: family.id, createdAt: at });
  return { family, refresh: token };
}

export function comingFrom({ ip, userAgent }: From): { ip: string | null; userAgent: string | null } {
  return { ip, userAgent: userAgent?.slice(0, 300) ?? null };
}

async function isRetry(
  rows: Rows,
  { family, usedAt, at, from }: { family: store.FamilyRow; usedAt: Date; at: Date; from: From },
): Promise<boolean> {
  if (at.getTime() - usedAt.getTime() > graceMs) return false;
  const { ip, userAgent } = comingFrom(from);
  if (ip !== family.ip || userAgent !== family.userAgent) return false;
  const successors = await store.successorsOf(rows, family.id, usedAt);
  return successors.length <= retriesMax && successors.every((token) => token.usedAt === null);
}
