import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const frame = z.array(z.object({ features: z.array(z.unknown()) }));
const feature = z.object({
  id: z.string(),
  geometry: z.object({ coordinates: z.array(z.number()) }),
  properties: z.object({
    title: z.string(),
    'latest-image-large': z.string(),
    azimuth: z.number().min(0).max(360).nullish().catch(null),
  }),
  'volcano-title': z.array(z.string()).optional(),
});

/** Volcanoes of New Zealand: a list of collections, and unlike any other GeoJSON latitude stands first. */
export function parseGeonet(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  const rows = framedJson(bytes, frame).flatMap((collection) => collection.features);
  for (const [index, row] of rows.entries()) {
    const parsed = feature.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { id, geometry, properties, 'volcano-title': volcanoes } = parsed.data;
    listed.add(id, {
      id,
      name: properties.title,
      place: [...(volcanoes ?? []), 'New Zealand'].join(', '),
      latitude: geometry.coordinates[0],
      longitude: geometry.coordinates[1],
      bearing: properties.azimuth ?? null,
      picture: properties['latest-image-large'],
    });
  }
  return listed.result();
}
