import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const row = z.object({ id: z.string(), name: z.string(), latitude: z.number(), longitude: z.number() });

/**
 * The observatory publishes pictures but no list. Positions are of the part of the caldera that a camera shows, good to about a kilometre: the
 * observatory does not give them.
 */
export const hvoCameras = JSON.stringify([
  { id: 'V1cam', name: 'Halemaʻumaʻu, west (V1cam)', latitude: 19.411, longitude: -155.293 },
  { id: 'V2cam', name: 'Halemaʻumaʻu, east (V2cam)', latitude: 19.409, longitude: -155.272 },
  { id: 'V3cam', name: 'Halemaʻumaʻu, south (V3cam)', latitude: 19.397, longitude: -155.284 },
  { id: 'K2cam', name: 'Kīlauea caldera (K2cam)', latitude: 19.42, longitude: -155.288 },
  { id: 'KWcam', name: 'Halemaʻumaʻu and the caldera floor (KWcam)', latitude: 19.406, longitude: -155.292 },
]);

export function parseUsgsHvo(bytes: Uint8Array, { rules }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  for (const { id, name, latitude, longitude } of framedJson(bytes, z.array(row))) {
    const picture = `https://volcanoes.usgs.gov/observatories/hvo/cams/${id}/images/M.jpg`;
    listed.add(id, { id, name, place: 'Kīlauea, Hawaiʻi', latitude, longitude, picture });
  }
  return listed.result();
}
