import { z } from 'zod';

/** From the picture process. */
export const pictureAnswer = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('picture'),
    id: z.int(),
    jpeg: z.base64(),
    width: z.int(),
    height: z.int(),
    grid: z.base64(),
  }),
  z.object({ type: z.literal('failed'), id: z.int(), message: z.string() }),
]);
export type PictureAnswer = z.infer<typeof pictureAnswer>;
