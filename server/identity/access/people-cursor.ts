import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';

import type { UserPosition } from './store.ts';

const position = z.tuple([z.iso.datetime(), z.uuid()]);

/** Where a page ended, opaque to who carries it. */
export function positionCursor({ createdAt, id }: UserPosition): string {
  return Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');
}

export function readPosition(cursor: string): UserPosition {
  const parsed = position.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success)
    throw new AppError('BAD_REQUEST', { message: 'cursor is not one of ours', details: { field: 'cursor' } });
  const [createdAt, id] = parsed.data;
  return { createdAt: new Date(createdAt), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The schema refuses it and says so.
  }
}
