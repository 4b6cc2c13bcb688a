import type { Rows } from '#server/platform/db.ts';

export function find(rows: Rows, userId: string) {
  return rows.secondFactor.findUnique({
    where: { userId },
    select: { sealedSecret: true, confirmedAt: true, createdAt: true },
  });
}

/** False where one is in force. */
export async function begin(
  rows: Rows,
  factor: { userId: string; sealedSecret: Uint8Array<ArrayBuffer>; createdAt: Date },
): Promise<boolean> {
  await rows.secondFactor.deleteMany({ where: { userId: factor.userId, confirmedAt: null } });
  const { count } = await rows.secondFactor.createMany({ data: [factor], skipDuplicates: true });
  return count === 1;
}

export async function confirm(rows: Rows, userId: string, used: { at: Date; step: number }): Promise<boolean> {
  const { count } = await rows.secondFactor.updateMany({
    where: { userId, confirmedAt: null },
    data: { confirmedAt: used.at, lastStep: used.step },
  });
  return count === 1;
}

/** False where this step or a later one was used before. */
export async function useStep(rows: Rows, userId: string, step: number): Promise<boolean> {
  const { count } = await rows.secondFactor.updateMany({
    where: { userId, confirmedAt: { not: null }, lastStep: { lt: step } },
    data: { lastStep: step },
  });
  return count === 1;
}

export async function remove(rows: Rows, userId: string): Promise<boolean> {
  await rows.recoveryCode.deleteMany({ where: { userId } });
  const { count } = await rows.secondFactor.deleteMany({ where: { userId } });
  return count === 1;
}

/** Earlier ones, used or not, are gone. */
export async function replaceCodes(
  rows: Rows,
  userId: string,
  hashes: readonly Uint8Array<ArrayBuffer>[],
): Promise<void> {
  await rows.recoveryCode.deleteMany({ where: { userId } });
  await rows.recoveryCode.createMany({ data: hashes.map((codeHash) => ({ codeHash, userId })) });
}

/** Uses it up; false where there is none, or it was used. */
export async function useCode(
  rows: Rows,
  code: { userId: string; codeHash: Uint8Array<ArrayBuffer> },
  at: Date,
): Promise<boolean> {
  const { count } = await rows.recoveryCode.updateMany({ where: { ...code, usedAt: null }, data: { usedAt: at } });
  return count === 1;
}

export function countCodesLeft(rows: Rows, userId: string): Promise<number> {
  return rows.recoveryCode.count({ where: { userId, usedAt: null } });
}
