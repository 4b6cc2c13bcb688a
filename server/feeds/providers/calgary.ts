import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const row = z.object({
  camera_url: z.object({ url: z.string(), description: z.string().optional() }),
  camera_location: z.string(),
  point: z.object({ coordinates: z.array(z.number()) }).optional(),
});

/** Calgary's crossings. Rows have no id; the file of the picture is one. */
export function parseCalgary(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [index, given] of framedJson(bytes, z.array(z.unknown())).entries()) {
    const parsed = row.safeParse(given);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { camera_url: camera, camera_location: name, point } = parsed.data;
    listed.add(`row ${index + 1}`, {
      id: /\/([\w-]+)\.jpe?g$/i.exec(URL.parse(camera.url)?.pathname ?? '')?.[1],
      name,
      place: 'Calgary, Alberta',
      longitude: point?.coordinates[0],
      latitude: point?.coordinates[1],
      picture: camera.url,
    });
  }
  return listed.result();
}
