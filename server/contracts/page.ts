import { z } from 'zod';

/** A part of a list: `cursor` of the answer before, opaque; `limit` items at most. */
export const pageInput = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.int().min(1).max(200).default(50),
});

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
