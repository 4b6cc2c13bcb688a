import { z } from 'zod';

import { bearingOf } from '../compass.ts';
import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const webcam = z.object({
  id: z.int(),
  links: z.object({ imageDisplay: z.string() }),
  region_name: z.string().nullish(),
  location: z.object({ coordinates: z.array(z.number()).nullish() }).nullish(),
  orientation: z.string().nullish(),
  is_on: z.boolean(),
  should_appear: z.boolean().optional(),
  name: z.string(),
  credit: z.string().nullish(),
  marked_stale: z.boolean().optional(),
});

/** British Columbia's highways. */
export function parseDrivebc(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const [index, row] of framedJson(bytes, z.array(z.unknown())).entries()) {
    const parsed = webcam.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { id, name, links, location, ...rest } = parsed.data;
    if (!rest.is_on || rest.should_appear === false) listed.reject(String(id), 'SWITCHED_OFF');
    else if ((rest.credit ?? '').trim() !== '') listed.reject(String(id), 'NOT_LICENSED');
    else
      listed.add(String(id), {
        id,
        name,
        place: [rest.region_name, 'British Columbia'].filter(Boolean).join(', '),
        longitude: location?.coordinates?.[0],
        latitude: location?.coordinates?.[1],
        bearing: bearingOf(rest.orientation),
        picture: pictureOf(links.imageDisplay),
        faulty: rest.marked_stale ?? false,
      });
  }
  return listed.result();
}

/** Relative, with the time of the last picture behind it. */
function pictureOf(display: string): string | null {
  const url = URL.parse(display, 'https://www.drivebc.ca/');
  if (!url) return null;
  url.search = '';
  return url.href;
}
