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

export async function purge(rows: Rows, before: Date): Promise<void> {
  await rows.idempotentAnswer.deleteMany({ where: { expiresAt: { lt: before } } });
}
