import { z } from 'zod';

import { AppError } from '#server/platform/app-error.ts';

import type { CameraPosition } from './store.ts';

const position = z.tuple([z.string(), z.uuid()]);

/** Where a page ended, opaque to who carries it. */
export function encodeCursor({ name, id }: CameraPosition): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url');
}

export function decodeCursor(cursor: string): CameraPosition {
  const parsed = position.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success) {
    throw new AppError('BAD_REQUEST', { message: 'cursor is not one of ours', details: { field: 'cursor' } });
  }
  const [name, id] = parsed.data;
  return { name, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // The schema refuses it and says so.
  }
}
