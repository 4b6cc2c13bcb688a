import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const frame = z.object({ features: z.array(z.unknown()) });
const point = z.array(z.unknown());
const feature = z.object({
  geometry: z.object({ type: z.enum(['Point', 'MultiPoint']), coordinates: z.array(z.unknown()) }),
  properties: z.object({
    REC_ID: z.union([z.int(), z.string()]),
    IMAGEURL: z.string(),
    MAINROAD: z.string().nullish(),
    CROSSROAD: z.string().nullish(),
  }),
});

/** Toronto's arterials: each feature is a collection of points that holds one. */
export function parseToronto(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [index, row] of framedJson(bytes, frame).features.entries()) {
    const parsed = feature.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { geometry, properties } = parsed.data;
    const first: unknown = geometry.type === 'MultiPoint' ? geometry.coordinates[0] : geometry.coordinates;
    const [longitude, latitude] = point.safeParse(first).data ?? [];
    listed.add(`REC_ID ${properties.REC_ID}`, {
      id: properties.REC_ID,
      name: [properties.MAINROAD, properties.CROSSROAD].filter(Boolean).map(titled).join(' / '),
      place: 'Toronto, Ontario',
      longitude,
      latitude,
      picture: properties.IMAGEURL,
    });
  }
  return listed.result();
}

/** The city writes names in capitals. */
function titled(text: string | null | undefined): string {
  return (text ?? '').toLowerCase().replace(/(^|[\s.'/-])(\p{L})/gu, (all) => all.toUpperCase());
}
