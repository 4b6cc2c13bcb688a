import { z } from 'zod';

import { cameraId } from './ids.ts';
import { pictureRegions } from './picture-region.ts';

/** What somebody may ask of a camera that shows them or their place. */
export const removalKind = z.enum(['takeDown', 'mask']);

export const removalState = z.enum(['open', 'accepted', 'refused']);
export type RemovalState = z.infer<typeof removalState>;

/** What anybody sends. */
export const removalInput = z
  .strictObject({
    cameraId: z.uuid(),
    kind: removalKind,
    name: z.string().trim().min(1).max(100),
    email: z.email().max(254),
    reason: z.string().trim().min(10).max(4000),
    /** For `mask`: what is to be painted over. */
    regions: pictureRegions,
    /** Hidden from people: who fills it in is a machine. */
    website: z.string().max(2000).optional(),
  })
  .refine(({ kind, regions }) => kind !== 'mask' || regions.length > 0, {
    path: ['regions'],
    message: 'a mask needs a region',
  });
export type RemovalInput = z.infer<typeof removalInput>;

/** The reference, and the key that opens its page. */
export const removalReceipt = z.object({ id: z.uuid(), key: z.string() });
export type RemovalReceipt = z.infer<typeof removalReceipt>;

const removalCamera = z.object({
  id: cameraId,
  name: z.string(),
  nameJa: z.string().nullable(),
  place: z.string().nullable(),
  placeJa: z.string().nullable(),
});

/** What who holds the key reads. */
export const removalStatus = z.object({
  id: z.uuid(),
  kind: removalKind,
  state: removalState,
  camera: removalCamera,
  /** The operator's words. */
  note: z.string().nullable(),
  createdAt: z.iso.datetime(),
  decidedAt: z.iso.datetime().nullable(),
});
export type RemovalStatus = z.infer<typeof removalStatus>;

/** What the operator reads. */
export const removalRequest = removalStatus.extend({
  camera: removalCamera.extend({ thumbnail: z.string(), withheld: z.boolean(), demo: z.boolean() }),
  name: z.string(),
  email: z.string(),
  reason: z.string(),
  regions: pictureRegions,
});
export type RemovalRequest = z.infer<typeof removalRequest>;

export const removalPage = z.object({
  items: z.array(removalRequest),
  nextCursor: z.uuid().nullable(),
  /** All there are, of each state. */
  totals: z.object({ open: z.int(), accepted: z.int(), refused: z.int() }),
});
export type RemovalPage = z.infer<typeof removalPage>;

export const removalDecision = z.discriminatedUnion('verdict', [
  z.strictObject({ id: z.uuid(), verdict: z.literal('accepted'), note: z.string().trim().max(2000).nullable() }),
  z.strictObject({ id: z.uuid(), verdict: z.literal('refused'), note: z.string().trim().min(1).max(2000) }),
]);
export type RemovalDecision = z.infer<typeof removalDecision>;
