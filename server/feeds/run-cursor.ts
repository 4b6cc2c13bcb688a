import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';

import type { RunPosition } from './store.ts';

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** Where a page of runs ended, opaque to who carries it. */
export function encodeCursor({ startedAt, id }: RunPosition): string {
  return `${startedAt.toISOString()}_${id}`;
}

export function decodeCursor(cursor: string): RunPosition {
  const parsed = position.safeParse(cursor.split('_'));
  if (!parsed.success)
    throw new AppError('BAD_REQUEST', { message: 'cursor is not one of ours', details: { field: 'cursor' } });
  const [startedAt, id] = parsed.data;
  return { startedAt: new Date(startedAt), id };
}
