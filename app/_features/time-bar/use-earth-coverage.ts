'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import type { EarthCoverage, EarthFilter } from '#server/contracts/earth.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { coverageStretch, type BarRange } from './bar-scale.ts';

const buckets = 240;
const refreshMs = 30_000;

/** How many cameras were recorded over the length of the bar. */
export function useEarthCoverage(
  range: BarRange,
  nowMs: number | null,
  filter: EarthFilter | undefined,
): { coverage: EarthCoverage | null; isUnknown: boolean } {
  const trpc = useTRPC();
  const { fromMs, toMs } = coverageStretch(range, nowMs ?? 0, buckets);
  const { data, isError } = useQuery(
    trpc.earth.coverage.queryOptions(
      {
        from: new Date(fromMs).toISOString(),
        to: new Date(toMs).toISOString(),
        buckets,
        ...(filter ? { filter } : {}),
      },
      {
        enabled: nowMs !== null,
        staleTime: refreshMs,
        refetchInterval: refreshMs,
        placeholderData: keepPreviousData,
        retry: 1,
      },
    ),
  );
  return { coverage: data ?? null, isUnknown: isError && !data };
}
