import { z } from 'zod';

import { sourceFault } from './doctor.ts';

/** Looks that one ingest node takes at once. */
export const looksAtOnce = 4;
/** The widest thumbnail of a look, and the most it weighs. */
export const lookThumbnailWidth = 320;
export const lookThumbnailBytesMax = 40_000;

/** One picture of a source that nobody reads: what was seen, and what it cost. */
export const lookReport = z.object({
  ok: z.boolean(),
  /** When the picture was taken, by the source's own word (Last-Modified, sender's clock); null where it does not say. */
  frameTime: z.iso.datetime().nullable(),
  /** Of the picture's bytes as they came; null without one. */
  hash: z.string().max(64).nullable(),
  /** That came over the network. */
  bytes: z.int().min(0),
  ms: z.number().min(0),
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** A JPEG, base64, masks painted over; null without a picture. */
  thumbnail: z.base64().max(60_000).nullable(),
  fault: sourceFault.nullable(),
});
export type LookReport = z.infer<typeof lookReport>;
