import { z } from 'zod';

/** A part of a list: `cursor` of the answer before, opaque; `limit` rows at most. */
export const pageInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(200).default(50),
});

export const pageOf = <Row extends z.ZodType>(row: Row) =>
  z.object({ rows: z.array(row), nextCursor: z.string().nullable() });
