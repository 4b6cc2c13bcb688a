import { z } from 'zod';

import { cameraKind, cameraState, cameraView } from './camera.ts';
import { countryCodePattern, daylights } from './earth-words.ts';
import { cameraId, streamId } from './ids.ts';

export type { Daylight } from './earth-words.ts';

export const countryCode = z.string().regex(countryCodePattern);
export const daylight = z.enum(daylights);

/** What is shown of all cameras. What is left out narrows nothing. */
export const earthFilter = z.object({
  states: z.array(cameraState).max(7).optional(),
  kinds: z.array(cameraKind).max(8).optional(),
  country: countryCode.optional(),
  daylight: daylight.optional(),
  /** `false` leaves the demo cameras out. */
  demo: z.boolean().optional(),
});
export type EarthFilter = z.infer<typeof earthFilter>;

/** `[west, south, east, north]` in degrees; west > east spans the date line (RFC 7946 §5.2). */
export const geoBounds = z.tuple([
  z.number().min(-180).max(180),
  z.number().min(-90).max(90),
  z.number().min(-180).max(180),
  z.number().min(-90).max(90),
]);
export type GeoBounds = z.infer<typeof geoBounds>;

/**
 * A part of the planet. `zoom` counts as on web maps: at zoom z the equator is 512 · 2^z CSS pixels long.
 * `at` asks for the past: the states as they were then.
 */
export const earthViewInput = z.object({
  bounds: geoBounds,
  zoom: z.int().min(0).max(18),
  filter: earthFilter.optional(),
  at: z.iso.datetime().optional(),
});
export type EarthViewInput = z.infer<typeof earthViewInput>;

const stateCounts = z.partialRecord(cameraState, z.int().positive());
export type StateCounts = z.infer<typeof stateCounts>;

export const earthPoint = z.object({
  id: cameraId,
  streamId,
  latitude: z.number(),
  longitude: z.number(),
  bearing: z.number().nullable(),
  state: cameraState,
});
export type EarthPoint = z.infer<typeof earthPoint>;

/** Cameras too near each other for this zoom. It stands where it stood, whatever its states become. */
export const earthCluster = z.object({
  /** Stable as long as the set of cameras does not change. */
  id: z.int(),
  latitude: z.number(),
  longitude: z.number(),
  count: z.int().min(2),
  states: stateCounts,
  /** The zoom at which it falls apart. */
  expansionZoom: z.int(),
});
export type EarthCluster = z.infer<typeof earthCluster>;

/** What stands in a view: at most `earthItemsMax` things, the rest is in clusters. More are not told apart, and their JSON would hold up the gateway. */
export const earthItemsMax = 2500;
export const earthView = z.object({
  points: z.array(earthPoint),
  clusters: z.array(earthCluster),
  /** All cameras of the planet that pass the filter except its `states`, by state. */
  totals: stateCounts,
  /** Null for now; else the moment the states belong to. */
  at: z.iso.datetime().nullable(),
  measuredAt: z.iso.datetime(),
});
export type EarthView = z.infer<typeof earthView>;

/** One thing that a search finds. `score` falls along the list. */
export const earthFind = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('camera'),
    camera: cameraView.pick({
      id: true,
      name: true,
      nameJa: true,
      place: true,
      placeJa: true,
      latitude: true,
      longitude: true,
      state: true,
      demo: true,
    }),
  }),
  z.object({
    type: z.literal('city'),
    id: z.int(),
    name: z.string(),
    nameJa: z.string().nullable(),
    country: countryCode,
    latitude: z.number(),
    longitude: z.number(),
    population: z.int(),
    timeZone: z.string(),
  }),
  /** `bounds` of its land as it is usually shown. */
  z.object({
    type: z.literal('country'),
    country: countryCode,
    latitude: z.number(),
    longitude: z.number(),
    bounds: geoBounds,
  }),
  z.object({ type: z.literal('coordinates'), latitude: z.number(), longitude: z.number() }),
]);
export type EarthFind = z.infer<typeof earthFind>;

export const earthSearchInput = z.object({
  /** Japanese, kana, romaji or English; or coordinates in any usual form. */
  query: z.string().trim().min(1).max(200),
  limit: z.int().min(1).max(50).optional(),
});

/** A camera near a place, with the distance along the great circle. */
export const nearbyCamera = cameraView.extend({ distanceMetres: z.number() });
export type NearbyCamera = z.infer<typeof nearbyCamera>;

/** The filter's words stand beside the place: REST asks in flat words. */
export const nearbyInput = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  limit: z.int().min(1).max(50).optional(),
  exclude: z.uuid().optional(),
  withinMetres: z.number().positive().max(20_100_000).optional(),
  ...earthFilter.shape,
});

/** `sunrise` and `sunset`: where the sun is within 6° of the horizon and rising, or falling, at this moment or at `at`. */
export const surpriseInput = z.object({
  kind: z.enum(['random', 'sunrise', 'sunset']),
  /** Not this one, where there is another. */
  exclude: z.uuid().optional(),
  /** The sun of another moment. */
  at: z.iso.datetime().optional(),
  ...earthFilter.shape,
});

/** Label of a place at a zoom, both languages. */
export const placeLabel = z.object({
  id: z.int(),
  name: z.string(),
  nameJa: z.string().nullable(),
  latitude: z.number(),
  longitude: z.number(),
  population: z.int(),
});
export type PlaceLabel = z.infer<typeof placeLabel>;

/** How many cameras had a picture in each of `buckets` equal spans of time, planet-wide: the coverage under the time bar. */
export const earthCoverageInput = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  buckets: z.int().min(1).max(400),
  filter: earthFilter.optional(),
});
export const earthCoverage = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Cameras with recorded picture in the span. */
  recorded: z.array(z.int()),
  oldest: z.iso.datetime().nullable(),
});
export type EarthCoverage = z.infer<typeof earthCoverage>;
