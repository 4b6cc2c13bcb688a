import { z } from 'zod';

import { bearingOf } from '../compass.ts';
import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const place = z.object({
  id: z.string(),
  commonName: z.string(),
  lat: z.unknown(),
  lon: z.unknown(),
  additionalProperties: z.array(z.object({ key: z.string(), value: z.string() })),
});

/** London's traffic cameras: all that matters stands in a list of keys and texts. */
export function parseTfl(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [index, row] of framedJson(bytes, z.array(z.unknown())).entries()) {
    const parsed = place.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { id, commonName, lat, lon, additionalProperties } = parsed.data;
    const texts = new Map(additionalProperties.map(({ key, value }) => [key, value]));
    // Texts, not booleans: "false" is one that counts as true.
    if (texts.get('available') !== 'true') {
      listed.reject(id, 'SWITCHED_OFF');
      continue;
    }
    const view = texts.get('view') ?? '';
    listed.add(id, {
      id: id.replace(/^JamCams_/, ''),
      name: view === '' || view === commonName ? commonName : `${commonName} (${view})`,
      place: 'London',
      latitude: lat,
      longitude: lon,
      bearing: bearingOf(view),
      picture: texts.get('imageUrl'),
    });
  }
  return listed.result();
}
