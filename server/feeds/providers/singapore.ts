import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const frame = z.object({ items: z.array(z.object({ cameras: z.array(z.unknown()).optional() })) });
const camera = z.object({
  camera_id: z.string(),
  image: z.string(),
  location: z.object({ latitude: z.unknown(), longitude: z.unknown() }),
});

/** Singapore's expressways. Each capture has an address of its own: the camera is known by its number alone. */
export function parseSingapore(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  const rows = framedJson(bytes, frame).items.flatMap((item) => item.cameras ?? []);
  for (const [index, row] of rows.entries()) {
    const parsed = camera.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { camera_id: id, image, location } = parsed.data;
    listed.add(id, { id, name: `Traffic camera ${id}`, place: 'Singapore', ...location, picture: image });
  }
  return listed.result();
}
