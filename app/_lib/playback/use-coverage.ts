'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { spansOf, type Span, type Stretch } from './coverage.ts';

const refreshMs = 10_000;

type Coverage = { spans: readonly Span[]; isUnknown: boolean; isKnown: boolean };

/** What is recorded of the last hours, or of a stretch further back, with the reasons of what is not. */
export function useCoverage(
  streamId: string,
  sinceHours: number,
  { further = null, isOn = true }: { further?: Stretch | null; isOn?: boolean } = {},
): Coverage {
  const { data, isError } = useQuery({
    queryKey: ['timeline', streamId, sinceHours, further?.fromMs ?? null, further?.toMs ?? null],
    queryFn: async ({ signal }) => {
      const from = new Date(further?.fromMs ?? Date.now() - sinceHours * 3_600_000).toISOString();
      const to = further ? { to: new Date(further.toMs).toISOString() } : {};
      const response = await fetch(`/media/${streamId}/timeline.json?${new URLSearchParams({ from, ...to })}`, {
        signal,
      });
      // A stream that has written nothing yet has no timeline.
      if (response.status === 404) return [];
      if (!response.ok) throw new Error(`timeline answered ${response.status}`);
      // Its schema comes with the first answer: the page that plays live begins without it.
      const { timeline } = await import('#server/contracts/media-state.ts');
      return spansOf(timeline.parse(await response.json()));
    },
    enabled: isOn,
    refetchInterval: refreshMs,
    staleTime: refreshMs,
    placeholderData: keepPreviousData,
  });
  return { spans: data ?? [], isUnknown: isError, isKnown: data !== undefined };
}
