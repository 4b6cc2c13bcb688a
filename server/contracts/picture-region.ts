import { z } from 'zod';

/** A corner in 0..1 of the picture as displayed, origin top left. */
export const pictureCorner = z.tuple([z.number().min(0).max(1), z.number().min(0).max(1)]);
export type PictureCorner = z.infer<typeof pictureCorner>;

/** A polygon on the picture; it closes by itself. */
export const pictureRegion = z.array(pictureCorner).min(3).max(32);
export type PictureRegion = z.infer<typeof pictureRegion>;

export const pictureRegionsMax = 16;
export const pictureRegions = z.array(pictureRegion).max(pictureRegionsMax);
