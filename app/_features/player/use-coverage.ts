'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { timeline } from '#server/contracts/media-state.ts';

import { spansOf, type Span } from './coverage.ts';

const refreshMs = 10_000;

/** What is recorded since a moment, with the reasons of what is not. */
export function useCoverage(streamId: string, sinceHours: number): { spans: readonly Span[]; isUnknown: boolean } {
  const { data, isError } = useQuery({
    queryKey: ['timeline', streamId, sinceHours],
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - sinceHours * 3_600_000).toISOString();
      const response = await fetch(`/media/${streamId}/timeline.json?${new URLSearchParams({ from })}`, { signal });
      // A stream that has written nothing yet has no timeline.
      if (response.status === 404) return [];
      if (!response.ok) throw new Error(`timeline answered ${response.status}`);
      return spansOf(timeline.parse(await response.json()));
    },
    refetchInterval: refreshMs,
    staleTime: refreshMs,
    placeholderData: keepPreviousData,
  });
  return { spans: data ?? [], isUnknown: isError };
}
