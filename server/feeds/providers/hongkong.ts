import { z } from 'zod';

import { feedFaultSentence } from '#server/contracts/feed-fault.ts';

import { FeedFault } from '../feed-fault.ts';
import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { xmlOf } from '../read-document.ts';

const entry = z.object({
  key: z.string(),
  region: z.string().optional(),
  district: z.string().optional(),
  description: z.string(),
  latitude: z.string(),
  longitude: z.string(),
  url: z.string(),
});
const frame = z.object({ 'image-list': z.union([z.literal(''), z.object({ image: z.unknown() })]) });
const rowsShape = z.array(z.unknown());

/** Hong Kong's traffic snapshots. */
export function parseHongkong(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  const read = frame.safeParse(xmlOf(bytes));
  if (!read.success) throw new FeedFault('SHAPE', feedFaultSentence('SHAPE_AT', { about: 'image-list' }));
  const list = read.data['image-list'];
  const image = list === '' ? [] : list.image;
  // One alone is no list to the XML reader.
  const rows = rowsShape.safeParse(image).data ?? [image];
  for (const [index, row] of rows.entries()) {
    const parsed = entry.safeParse(row);
    if (!parsed.success) {
      listed.reject(`row ${index + 1}`, 'SHAPE');
      continue;
    }
    const { key, region, district, description, latitude, longitude, url } = parsed.data;
    listed.add(key, {
      id: key,
      name: description.replace(/\s*\[[^\]]*\]\s*$/, ''),
      place: [district, region, 'Hong Kong'].filter((part, at, all) => part && all.indexOf(part) === at).join(', '),
      latitude,
      longitude,
      picture: url,
    });
  }
  return listed.result();
}
