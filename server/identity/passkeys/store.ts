import type { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

const shape = {
  id: true,
  userId: true,
  credentialId: true,
  publicKey: true,
  counter: true,
  transports: true,
  backedUp: true,
  name: true,
  createdAt: true,
  lastUsedAt: true,
} satisfies Prisma.PasskeySelect;
export type PasskeyRow = Prisma.PasskeyGetPayload<{ select: typeof shape }>;

export function list(rows: Rows, userId: string): Promise<PasskeyRow[]> {
  return rows.passkey.findMany({ where: { userId }, orderBy: { createdAt: 'asc' }, select: shape });
}

export function findByCredential(rows: Rows, credentialId: string): Promise<PasskeyRow | null> {
  return rows.passkey.findUnique({ where: { credentialId }, select: shape });
}

/** False where the credential is registered, by whomever. */
export async function insert(rows: Rows, passkey: Prisma.PasskeyCreateManyInput): Promise<boolean> {
  const { count } = await rows.passkey.createMany({ data: [passkey], skipDuplicates: true });
  return count === 1;
}

export async function rename(rows: Rows, passkey: { id: string; userId: string; name: string }): Promise<boolean> {
  const { id, userId, name } = passkey;
  const { count } = await rows.passkey.updateMany({ where: { id, userId }, data: { name } });
  return count === 1;
}

export async function remove(rows: Rows, passkey: { id: string; userId: string }): Promise<boolean> {
  const { count } = await rows.passkey.deleteMany({ where: passkey });
  return count === 1;
}

/** False where its counter is another by now: two answers of one authenticator came side by side. */
export async function noteUse(
  rows: Rows,
  passkey: { id: string; counter: bigint },
  used: { counter: number; backedUp: boolean; at: Date },
): Promise<boolean> {
  const { count } = await rows.passkey.updateMany({
    where: { id: passkey.id, counter: passkey.counter },
    data: { counter: used.counter, backedUp: used.backedUp, lastUsedAt: used.at },
  });
  return count === 1;
}

export async function insertChallenge(
  rows: Rows,
  challenge: { id: string; challenge: string; userId: string | null; expiresAt: Date },
): Promise<void> {
  await rows.passkeyChallenge.create({ data: challenge, select: { id: true } });
}

/** Takes it away, so that it serves once. Null where there is none, or it was given to another, or its time is over. */
export async function takeChallenge(
  rows: Rows,
  { id, userId, now }: { id: string; userId: string | null; now: Date },
): Promise<string | null> {
  const [taken] = await rows.$queryRaw<{ challenge: string }[]>`
    DELETE FROM "passkey_challenges" WHERE "id" = ${id}::uuid AND "user_id" IS NOT DISTINCT FROM ${userId}::uuid
      AND "expires_at" > ${now}::timestamptz RETURNING "challenge"`;
  return taken?.challenge ?? null;
}

/** Forgets those whose time is over, and of the rest all but the newest `keep`. */
export async function pruneChallenges(rows: Rows, { now, keep }: { now: Date; keep: number }): Promise<void> {
  await rows.passkeyChallenge.deleteMany({ where: { expiresAt: { lt: now } } });
  await rows.$executeRaw`
    DELETE FROM "passkey_challenges" WHERE "id" IN (
      SELECT "id" FROM "passkey_challenges" ORDER BY "expires_at" DESC OFFSET ${keep})`;
}
