import { z } from 'zod';

/** Cells of the luma grid: enough to see that something moved, little enough to keep a minute of them for each stream. */
export const gridWidth = 32;
export const gridHeight = 18;

/** To the picture process, one at a time. Base64: the channel is JSON, and arrays of numbers cost ten times as much. */
export const pictureAsk = z.object({
  type: z.literal('picture'),
  id: z.int(),
  /** ftyp+moov of the video track. */
  init: z.base64(),
  /** moof+mdat that opens with a key frame. */
  chunk: z.base64(),
  widthMax: z.int().positive(),
  quality: z.int().min(1).max(100),
});
export type PictureAsk = z.infer<typeof pictureAsk>;

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
