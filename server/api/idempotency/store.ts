import type { Rows } from '#server/platform/db.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const shape = { requestHash: true, status: true, body: true, createdAt: true, expiresAt: true } as const;

/** False where the key is taken. */
export async function take(
  rows: Rows,
  row: { keyHash: Bytes; requestHash: Bytes; createdAt: Date; expiresAt: Date },
): Promise<boolean> {
  const { count } = await rows.idempotentAnswer.createMany({ data: [row], skipDuplicates: true });
  return count === 1;
}

export function find(rows: Rows, keyHash: Bytes) {
  return rows.idempotentAnswer.findUnique({ where: { keyHash }, select: shape });
}

/** `createdAt` says whose turn it was: a later one may have taken the key meanwhile. */
export async function keep(
  rows: Rows,
  {
    keyHash,
    createdAt,
    status,
    body,
  }: { keyHash: Bytes; createdAt: Date; status: number; body: { sealed: string } | null },
): Promise<void> {
  await rows.idempotentAnswer.updateMany({ where: { keyHash, createdAt }, data: { status, ...(body && { body }) } });
}

export async function release(rows: Rows, { keyHash, createdAt }: { keyHash: Bytes; createdAt: Date }): Promise<void> {
  await rows.idempotentAnswer.deleteMany({ where: { keyHash, createdAt } });
}

/** What is kept under keys that begin like this and is not over. */
export async function sumOf(rows: Rows, caller: Bytes, now: Date): Promise<{ answers: number; bytes: number }> {
  const last = Uint8Array.from([...caller, ...Array.from({ length: 16 }, () => 255)]);
  const [sum] = await rows.$queryRaw<{ answers: number; bytes: number }[]>`
    SELECT count(*)::int AS "answers", coalesce(sum(octet_length("body"->>'sealed')), 0)::float8 AS "bytes"
    FROM "idempotent_answers" WHERE "key_hash" BETWEEN ${caller} AND ${last} AND "expires_at" > ${now}::timestamptz`;
  return sum ?? { answers: 0, bytes: 0 };
}

export async function purge(rows: Rows, before: Date): Promise<void> {
  await rows.idempotentAnswer.deleteMany({ where: { expiresAt: { lt: before } } });
}
