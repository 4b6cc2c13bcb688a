import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const row = z.object({
  Myndavel: z.string(),
  Vegheiti: z.string().nullish(),
  Skyring: z.string().nullish(),
  Slod: z.string(),
  Breidd: z.unknown(),
  Lengd: z.unknown(),
});

/** Iceland's roads. The number of a row is that of the station; each view has a file of its own. */
export function parseIceland(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [index, given] of framedJson(bytes, z.array(z.unknown())).entries()) {
    const parsed = row.safeParse(given);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { Myndavel: station, Vegheiti: road, Skyring: view, Slod: picture, ...position } = parsed.data;
    listed.add(`row ${index + 1}`, {
      id: /\/([\w.-]+)\.jpe?g$/i.exec(URL.parse(picture)?.pathname ?? '')?.[1],
      name: view?.trim() ? view : station,
      place: [road, 'Iceland'].filter(Boolean).join(', '),
      latitude: position.Breidd,
      longitude: position.Lengd,
      picture,
    });
  }
  return listed.result();
}
