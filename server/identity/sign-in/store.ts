import { Prisma } from '#prisma/generated/client.ts';
import type { Rows } from '#server/platform/db.ts';

import { personShape } from '../store.ts';

const credentialShape = {
  ...personShape,
  passwordHash: true,
  locale: true,
  lastSignInAt: true,
  secondFactor: { select: { confirmedAt: true } },
} satisfies Prisma.UserSelect;
/** A person with what signing in asks of them. */
export type CredentialRow = Prisma.UserGetPayload<{ select: typeof credentialShape }>;

const sessionShape = {
  id: true,
  userAgent: true,
  ip: true,
  method: true,
  createdAt: true,
  lastSeenAt: true,
  expiresAt: true,
} satisfies Prisma.SessionSelect;
export type OwnSessionRow = Prisma.SessionGetPayload<{ select: typeof sessionShape }>;

export function findById(rows: Rows, id: string): Promise<CredentialRow | null> {
  return rows.user.findUnique({ where: { id }, select: credentialShape });
}

export function findByEmail(rows: Rows, email: string): Promise<CredentialRow | null> {
  return rows.user.findUnique({ where: { email }, select: credentialShape });
}

/** What signing in by a name asks of its person: one row, in one step. */
export type NamedRow = Pick<
  CredentialRow,
  'id' | 'name' | 'email' | 'locale' | 'timeZone' | 'passwordHash' | 'emailConfirmedAt' | 'lockedAt' | 'lastSignInAt'
> & { hasSecondFactor: boolean };

/** `name`: an e-mail address, or a user name, of which two differ in more than case: by the index on lower(user_name), which ILIKE would not use. */
function named(name: string): Prisma.Sql {
  const isIt = name.includes('@') ? Prisma.sql`u."email" = ${name}` : Prisma.sql`lower(u."user_name") = lower(${name})`;
  return Prisma.sql`
    SELECT u."id"::text, u."name", u."email", u."locale", u."time_zone" AS "timeZone", u."password_hash" AS "passwordHash",
      u."email_confirmed_at" AS "emailConfirmedAt", u."locked_at" AS "lockedAt", u."last_sign_in_at" AS "lastSignInAt",
      f."confirmed_at" IS NOT NULL AS "hasSecondFactor"
    FROM "users" u LEFT JOIN "second_factors" f ON f."user_id" = u."id" WHERE ${isIt}`;
}

export async function findByName(rows: Rows, name: string): Promise<NamedRow | null> {
  const [found] = await rows.$queryRaw<NamedRow[]>(named(name));
  return found ?? null;
}

export async function noteSignIn(rows: Rows, userId: string, at: Date): Promise<void> {
  await rows.user.updateMany({ where: { id: userId }, data: { lastSignInAt: at } });
}

export async function insertSession(rows: Rows, session: Prisma.SessionUncheckedCreateInput): Promise<void> {
  await rows.session.create({ data: session, select: { id: true } });
}

/** Those in force, newest first. */
export function listSessions(rows: Rows, userId: string, now: Date): Promise<OwnSessionRow[]> {
  return rows.session.findMany({
    where: { userId, revokedAt: null, expiresAt: { gt: now } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: sessionShape,
  });
}

/**
 * Ends sessions that are in force; returns which. Their looks as somebody else end as well: which of their browsers began one is not kept, and a look is
 * begun again in a moment. A look that ends leaves its person's own looks alone.
 */
export async function revokeSessions(
  rows: Rows,
  where: { userId: string; id?: string; notId?: string },
  at: Date,
): Promise<string[]> {
  const isLook =
    where.id !== undefined && (await rows.session.count({ where: { id: where.id, viewedBy: { not: null } } })) > 0;
  const endsLooks = !isLook;
  const revoked = await rows.session.updateManyAndReturn({
    where: {
      OR: [
        { userId: where.userId, ...(where.id !== undefined && { id: where.id }) },
        ...(endsLooks ? [{ viewedBy: where.userId }] : []),
      ],
      revokedAt: null,
      ...(where.notId !== undefined && { id: { not: where.notId } }),
    },
    data: { revokedAt: at },
    select: { id: true },
  });
  return revoked.map(({ id }) => id);
}

export async function deleteDeadSessions(rows: Rows, userId: string, before: Date): Promise<void> {
  await rows.session.deleteMany({
    where: { userId, OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] },
  });
}

export async function findProvedAt(rows: Rows, sessionId: string): Promise<Date | null> {
  const found = await rows.session.findUnique({ where: { id: sessionId }, select: { provedAt: true } });
  return found?.provedAt ?? null;
}

export async function noteProof(rows: Rows, sessionId: string, at: Date): Promise<void> {
  await rows.session.updateMany({ where: { id: sessionId }, data: { provedAt: at } });
}

export interface LockRules {
  /** Failures without a wait, and how many lock. */
  accountFree: number;
  accountLock: number;
  networkFree: number;
  networkLock: number;
  waitMsMax: number;
}

interface CountedTry {
  key: string;
  failures: number;
  lockedUntil: Date | null;
}

interface Tries {
  keys: readonly string[];
  now: Date;
  forgetBefore: Date;
  rules: LockRules;
}

/**
 * Counts a try of every key as failed, as one step however many tries come side by side, and says until when each of them is locked by it. A key
 * that is locked already is left as it is and missing from the answer.
 */
export function countTries(rows: Rows, tries: Tries): Promise<CountedTry[]> {
  return rows.$queryRaw`/* signIn.count */ ${counting(tries)}`;
}

/** The same, and who has the name that was given: one way to the database for both. */
export async function countTriesOf(
  rows: Rows,
  { name, ...tries }: Tries & { name: string },
): Promise<{ counted: CountedTry[]; person: NamedRow | null }> {
  // Two texts, each of which is planned once a connection.
  const by = name.includes('@') ? Prisma.sql`/* signIn.countByEmail */` : Prisma.sql`/* signIn.countByUserName */`;
  const found = await rows.$queryRaw<(Partial<CountedTry> & Omit<NamedRow, 'id'> & { id: string | null })[]>`${by}
    WITH counted AS (${counting(tries)}), person AS (${named(name)})
    SELECT counted.*, person.* FROM (SELECT) AS asked LEFT JOIN counted ON true LEFT JOIN person ON true`;
  const [first] = found;
  return {
    counted: found.flatMap(({ key, failures, lockedUntil = null }) =>
      typeof key === 'string' && typeof failures === 'number' ? [{ key, failures, lockedUntil }] : [],
    ),
    person: first && first.id !== null ? { ...first, id: first.id } : null,
  };
}

function counting({ keys, now, forgetBefore, rules }: Tries): Prisma.Sql {
  const isNetwork = Prisma.sql`f."key" LIKE 'network %'`;
  const free = Prisma.sql`CASE WHEN ${isNetwork} THEN ${rules.networkFree}::int ELSE ${rules.accountFree}::int END`;
  const lock = Prisma.sql`CASE WHEN ${isNetwork} THEN ${rules.networkLock}::int ELSE ${rules.accountLock}::int END`;
  const isOld = Prisma.sql`f."last_at" < ${forgetBefore}::timestamptz`;
  const next = Prisma.sql`f."failures" + 1`;
  return Prisma.sql`
    INSERT INTO "sign_in_failures" AS f ("key", "failures", "last_at")
    SELECT k, 1, ${now}::timestamptz FROM unnest(${[...keys]}::text[]) AS k
    WHERE NOT EXISTS (
      SELECT 1 FROM "sign_in_failures" w WHERE w."key" = ANY(${[...keys]}::text[]) AND w."locked_until" > ${now}::timestamptz)
    ORDER BY k
    ON CONFLICT ("key") DO UPDATE SET
      "failures" = CASE WHEN ${isOld} THEN 1 ELSE ${next} END,
      "told_at" = CASE WHEN ${isOld} THEN NULL ELSE f."told_at" END,
      "last_at" = ${now}::timestamptz,
      "locked_until" = CASE
        WHEN ${isOld} OR ${next} < ${free} THEN NULL
        WHEN ${next} >= ${lock} THEN ${now}::timestamptz + ${rules.waitMsMax}::int * interval '1 millisecond'
        ELSE ${now}::timestamptz + least(${rules.waitMsMax}::float8, 1000 * 2 ^ (${next} - ${free})) * interval '1 millisecond' END
    WHERE f."locked_until" IS NULL OR f."locked_until" <= ${now}::timestamptz
    RETURNING f."key", f."failures", f."locked_until" AS "lockedUntil"`;
}

export function findLocked(rows: Rows, keys: readonly string[], now: Date) {
  return rows.signInFailure.findMany({
    where: { key: { in: [...keys] }, lockedUntil: { gt: now } },
    select: { key: true, lockedUntil: true },
  });
}

/** Tries of somebody who was right after all. */
export interface GoodTries {
  /** Its failures are forgotten. */
  account: string | null;
  /** Is given this try back, and the lock where it was that try's. */
  network: { key: string; lockedUntil: Date | null } | null;
}

export async function settleTries(rows: Rows, tries: GoodTries): Promise<void> {
  await rows.$executeRaw`/* signIn.settle */ WITH ${settling(tries)} SELECT FROM settled`;
}

/**
 * As parts of a statement that does more. Rows are locked in the order in which they were counted: two of one person and network at once would else wait
 * for each other.
 */
export function settling({ account, network }: GoodTries): Prisma.Sql {
  return Prisma.sql`
    held AS MATERIALIZED (
      SELECT "key" FROM "sign_in_failures" WHERE "key" IN (${account}::text, ${network?.key ?? null}::text)
      ORDER BY "key" FOR UPDATE
    ), forgotten AS (
      DELETE FROM "sign_in_failures" f USING held WHERE f."key" = held."key" AND held."key" = ${account}::text
    ), settled AS (
      UPDATE "sign_in_failures" f SET "failures" = greatest(0, f."failures" - 1),
        "locked_until" = CASE WHEN f."locked_until" = ${network?.lockedUntil ?? null}::timestamptz THEN NULL ELSE f."locked_until" END
      FROM held WHERE f."key" = held."key" AND held."key" = ${network?.key ?? null}::text
      RETURNING f."key"
    )`;
}

/** Takes back one counted try, and the lock where it was that try's. */
export async function uncountTry(rows: Rows, key: string, lockedUntil: Date | null): Promise<void> {
  await rows.$executeRaw`
    UPDATE "sign_in_failures" SET "failures" = greatest(0, "failures" - 1),
      "locked_until" = CASE WHEN "locked_until" = ${lockedUntil}::timestamptz THEN NULL ELSE "locked_until" END
    WHERE "key" = ${key}`;
}

export async function forgetTries(rows: Rows, key: string): Promise<void> {
  await rows.signInFailure.deleteMany({ where: { key } });
}

/** True for the one who is to tell of this lock. */
export async function takeTelling(rows: Rows, key: string, at: Date): Promise<boolean> {
  const { count } = await rows.signInFailure.updateMany({ where: { key, toldAt: null }, data: { toldAt: at } });
  return count === 1;
}

/** Forgets what is old, and of the rest all but the newest `keep`. */
export async function pruneTries(rows: Rows, { before, keep }: { before: Date; keep: number }): Promise<void> {
  await rows.signInFailure.deleteMany({ where: { lastAt: { lt: before } } });
  await rows.$executeRaw`
    DELETE FROM "sign_in_failures" WHERE "key" IN (
      SELECT "key" FROM "sign_in_failures" ORDER BY "last_at" DESC OFFSET ${keep})`;
}

export async function findExternal(rows: Rows, identity: { issuer: string; subject: string }): Promise<string | null> {
  const found = await rows.externalIdentity.findUnique({
    where: { issuer_subject: identity },
    select: { userId: true },
  });
  return found?.userId ?? null;
}

export async function insertExternal(
  rows: Rows,
  identity: { issuer: string; subject: string; userId: string },
): Promise<boolean> {
  const { count } = await rows.externalIdentity.createMany({ data: [identity], skipDuplicates: true });
  return count === 1;
}

export function listExternal(rows: Rows, userId: string) {
  return rows.externalIdentity.findMany({
    where: { userId },
    orderBy: { createdAt: 'asc' },
    take: 100,
    select: { issuer: true, subject: true, createdAt: true },
  });
}

export async function deleteExternal(
  rows: Rows,
  identity: { issuer: string; subject: string; userId: string },
): Promise<boolean> {
  const { count } = await rows.externalIdentity.deleteMany({ where: identity });
  return count === 1;
}
