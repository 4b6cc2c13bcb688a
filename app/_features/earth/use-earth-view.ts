'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { EarthFilter, EarthView, PlaceLabel } from '#server/contracts/earth.ts';

import type { EarthClock } from '../../_lib/earth-clock.ts';
import type { SurfaceView } from '../../_lib/earth-surface.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useEarthMoment, useEarthSecond } from '../../_lib/use-earth-clock.ts';
import { momentQuery, viewQuery } from './view-query.ts';

/** A change of state reaches the globe within this. */
const refreshMs = 2000;
/** Past views pass by quickly while the past is played: few are kept. */
const keptMs = 20_000;

type LiveView = {
  view: EarthView | undefined;
  /** Whether it is of what is seen now: until its answer is there, the view before stands in. */
  isCurrent: boolean;
  /** When it was last asked in vain; 0: never. By this browser's clock, as the next. */
  failedMs: number;
  /** When the states on the screen were received, 0: never. */
  receivedMs: number;
  retry: () => void;
};

/** What stands in a view, kept in step with the server's states, or with the clock in the past. */
export function useEarthView(seen: SurfaceView, filter: EarthFilter, clock: EarthClock): LiveView {
  const trpc = useTRPC();
  const moment = useEarthMoment(clock);
  const second = useEarthSecond(clock);
  const at = moment.mode === 'live' ? null : momentQuery(second ?? moment.atMs, refreshMs);
  const query = useQuery(
    trpc.earth.view.queryOptions(viewQuery(seen, filter, at), {
      placeholderData: keepPreviousData,
      refetchInterval: at === null ? refreshMs : false,
      staleTime: at === null ? 1000 : keptMs,
      gcTime: keptMs,
      retry: 0,
    }),
  );
  return {
    view: query.data,
    isCurrent: query.data !== undefined && !query.isPlaceholderData,
    failedMs: query.errorUpdatedAt,
    receivedMs: query.dataUpdatedAt,
    retry: () => void query.refetch(),
  };
}

const noLabels: readonly PlaceLabel[] = [];

/** Names of places that fit the zoom; they do not change. */
export function usePlaceLabels(seen: SurfaceView): readonly PlaceLabel[] {
  const trpc = useTRPC();
  // Names are chosen for the nearest whole zoom.
  const { bounds, zoom } = viewQuery({ bounds: seen.bounds, zoom: Math.round(seen.zoom) }, {}, null);
  const labels = useQuery(
    trpc.earth.labels.queryOptions(
      { bounds, zoom },
      { placeholderData: keepPreviousData, staleTime: Number.POSITIVE_INFINITY, gcTime: keptMs, retry: 1 },
    ),
  );
  return labels.data ?? noLabels;
}
