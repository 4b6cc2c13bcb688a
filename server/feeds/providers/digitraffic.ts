import { z } from 'zod';

import type { ParseContext, Parsed } from '../feed.ts';
import { ListedCameras } from '../listed-cameras.ts';
import { framedJson } from '../read-document.ts';

const frame = z.object({ features: z.array(z.unknown()) });
const station = z.object({
  id: z.string(),
  geometry: z.object({ coordinates: z.array(z.number()) }),
  properties: z.object({
    name: z.string(),
    collectionStatus: z.string(),
    state: z.string().nullish(),
    collectionInterval: z.number().positive().nullish(),
    presets: z.array(z.object({ id: z.string(), inCollection: z.boolean() })),
  }),
});
const measured = z.object({
  stations: z.array(
    z.object({ presets: z.array(z.object({ id: z.string(), measuredTime: z.iso.datetime().nullish() })) }),
  ),
});

/** Seconds between two pictures of a station that does not say. */
const collectionSecondsDefault = 600;
const staleIntervals = 3;
const faultyStates = new Set(['FAULT_CONFIRMED', 'REPAIR']);

/** A station of the Finnish road weather cameras is several views, each with a picture of its own. */
export function parseDigitraffic(bytes: Uint8Array, { rules, now, aside }: ParseContext): Parsed {
  const listed = new ListedCameras(rules);
  const data = aside.get('measured');
  const takenAt = data ? timesOf(data) : null;
  for (const [index, feature] of framedJson(bytes, frame).features.entries()) {
    const parsed = station.safeParse(feature);
    if (!parsed.success) {
      listed.reject(`station ${index + 1}`, 'SHAPE');
      continue;
    }
    const { id, geometry, properties } = parsed.data;
    const { name, collectionStatus, state, presets } = properties;
    if (collectionStatus !== 'GATHERING') listed.reject(id, 'SWITCHED_OFF');
    else if (name.startsWith('TEST_')) listed.reject(id, 'SWITCHED_OFF');
    else {
      const views = presets.filter((preset) => preset.inCollection);
      const staleMs = staleIntervals * (properties.collectionInterval ?? collectionSecondsDefault) * 1000;
      for (const preset of presets) {
        if (!preset.inCollection) {
          listed.reject(preset.id, 'SWITCHED_OFF');
          continue;
        }
        const taken = takenAt?.get(preset.id);
        const isStale = taken !== undefined && now.getTime() - taken > staleMs;
        listed.add(preset.id, {
          id: preset.id,
          name: `${roadName(name)}${views.length > 1 ? ` (${Number(preset.id.slice(-2)) || preset.id.slice(-2)})` : ''}`,
          place: townOf(name),
          longitude: geometry.coordinates[0],
          latitude: geometry.coordinates[1],
          picture: `https://weathercam.digitraffic.fi/${encodeURIComponent(preset.id)}.jpg`,
          intervalSeconds: properties.collectionInterval ?? collectionSecondsDefault,
          faulty: isStale || (state !== null && state !== undefined && faultyStates.has(state)),
        });
      }
    }
  }
  return listed.result();
}

function timesOf(bytes: Uint8Array): Map<string, number> {
  const { stations } = framedJson(bytes, measured);
  const presets = stations.flatMap((row) => row.presets);
  return new Map(
    presets.flatMap(({ id, measuredTime }) => (measuredTime ? [[id, Date.parse(measuredTime)] as const] : [])),
  );
}

/** `vt1_Espoo_Hirvisuo`: class and number of the road, town, spot. */
function roadName(name: string): string {
  const [road = '', ...rest] = name.split('_');
  const number = /^(?:vt|kt|st|mt|yt)(\d+)$/i.exec(road)?.[1];
  return [number ? `Road ${number}` : road, ...rest].join(' ');
}

function townOf(name: string): string | null {
  const town = name.split('_')[1];
  return town ? `${town}, Finland` : 'Finland';
}
