import { z } from 'zod';

const ring = z.array(z.tuple([z.number(), z.number()]).rest(z.number()));
const land = z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(z.array(ring)) });

export type Ring = readonly (readonly [number, number, ...number[]])[];

export const landAddress = '/earth/flat-land.json';
export const bordersAddress = '/earth/flat-borders.json';
const deadlineMs = 20_000;

/** The coasts as rings of longitude and latitude, made from Natural Earth when the pages were built. */
export async function loadLand(signal: AbortSignal): Promise<readonly Ring[]> {
  const response = await fetch(landAddress, { signal: AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]) });
  if (!response.ok) throw new Error(`${landAddress}: ${response.status}`);
  return land.parse(await response.json()).coordinates.flat();
}
