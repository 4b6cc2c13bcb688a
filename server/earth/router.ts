import { z } from 'zod';

import { cameraKind, cameraState } from '#server/contracts/camera.ts';
import {
  countryCode,
  daylight,
  earthCoverage,
  earthCoverageInput,
  earthFind,
  earthSearchInput,
  earthView,
  earthViewInput,
  geoBounds,
  nearbyCamera,
  nearbyInput,
  placeLabel,
  surpriseInput,
} from '#server/contracts/earth.ts';
import { cameraId } from '#server/contracts/ids.ts';
import { publicProcedure, router } from '#server/platform/trpc.ts';

import type { EarthService } from './service.ts';

const get = (path: `/${string}`, summary: string, description: string) => ({
  openapi: { method: 'GET' as const, path: `/earth${path}` as const, tags: ['earth'], summary, description },
});

/** REST says in flat words what the pages say in objects. */
const flatBounds = z.object({
  west: z.number().min(-180).max(180),
  south: z.number().min(-90).max(90),
  east: z.number().min(-180).max(180),
  north: z.number().min(-90).max(90),
});
const flatFilter = z.object({
  states: z.array(cameraState).max(7).optional(),
  kinds: z.array(cameraKind).max(8).optional(),
  country: countryCode.optional(),
  daylight: daylight.optional(),
  demo: z.boolean().optional(),
});
const labelsInput = z.object({ zoom: z.int().min(0).max(18), bounds: geoBounds });
const found = z.object({ items: z.array(earthFind) });
const surprise = z.object({
  id: cameraId,
  /** False: no camera has what was asked for at this moment, and this one is nearest to it. */
  exact: z.boolean(),
});
const countries = z.array(z.object({ country: countryCode, cameras: z.int() }));

export function createEarthRouter(earth: EarthService) {
  return router({
    view: publicProcedure
      .input(earthViewInput)
      .output(earthView)
      .query(({ ctx, input }) => earth.view(ctx.actor, input)),

    viewFlat: publicProcedure
      .meta(
        get(
          '/view',
          'Cameras and clusters in a part of the planet',
          'Bounds in degrees; `west` greater than `east` spans the date line. Cameras too near each other for the zoom come as clusters. `at` asks for the past.',
        ),
      )
      .input(
        z.object({ ...flatBounds.shape, ...flatFilter.shape, ...earthViewInput.pick({ zoom: true, at: true }).shape }),
      )
      .output(earthView)
      .query(({ ctx, input: { west, south, east, north, zoom, at, ...filter } }) =>
        earth.view(ctx.actor, { bounds: [west, south, east, north], zoom, filter, ...(at && { at }) }),
      ),

    search: publicProcedure
      .meta(
        get(
          '/search',
          'Find cameras, cities, countries and coordinates',
          'Japanese, kana, romaji or English, or coordinates in any usual form; the best find first.',
        ),
      )
      .input(earthSearchInput)
      .output(found)
      .query(async ({ ctx, input }) => ({ items: await earth.search(ctx.actor, input) })),

    nearby: publicProcedure
      .meta(get('/nearby', 'Cameras near a place, nearest first', 'With the distance along the great circle.'))
      .input(nearbyInput)
      .output(z.array(nearbyCamera))
      .query(({ ctx, input }) => earth.nearby(ctx.actor, input)),

    surprise: publicProcedure
      .meta(
        get(
          '/surprise',
          'A camera by chance, or one where the sun rises or sets',
          '`exact` is false where no camera has what was asked for at this moment, and this one is nearest to it.',
        ),
      )
      .input(surpriseInput)
      .output(surprise)
      .query(({ ctx, input }) => earth.surprise(ctx.actor, input)),

    labels: publicProcedure
      .input(labelsInput)
      .output(z.array(placeLabel))
      .query(({ input }) => earth.labels(input)),

    labelsFlat: publicProcedure
      .meta(
        get(
          '/labels',
          'Names of cities in a part of the planet',
          'As many as the zoom has room for, the most populous first.',
        ),
      )
      .input(z.object({ ...flatBounds.shape, zoom: labelsInput.shape.zoom }))
      .output(z.array(placeLabel))
      .query(({ input: { west, south, east, north, zoom } }) =>
        earth.labels({ bounds: [west, south, east, north], zoom }),
      ),

    coverage: publicProcedure
      .input(earthCoverageInput)
      .output(earthCoverage)
      .query(({ ctx, input }) => earth.coverage(ctx.actor, input)),

    coverageFlat: publicProcedure
      .meta(
        get(
          '/coverage',
          'How many cameras have recorded picture over a span of time',
          'Counted in equal spans of time.',
        ),
      )
      .input(z.object({ ...earthCoverageInput.omit({ filter: true }).shape, ...flatFilter.shape }))
      .output(earthCoverage)
      .query(({ ctx, input: { from, to, buckets, ...filter } }) =>
        earth.coverage(ctx.actor, { from, to, buckets, filter }),
      ),

    countries: publicProcedure
      .meta(
        get(
          '/countries',
          'Countries that have cameras, with their number',
          'Counts the cameras that the caller may see.',
        ),
      )
      .output(countries)
      .query(({ ctx }) => earth.countries(ctx.actor)),
  });
}
