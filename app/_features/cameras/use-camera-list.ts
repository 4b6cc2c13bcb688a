'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';

import { useTRPC } from '../../_lib/trpc.ts';
import { listInput, type ListView } from './list-address.ts';

/**
 * The cameras of a view, page by page. The list itself stays as it was asked: what came or went since is only counted, so that no row moves
 * under the reader's hand.
 */
export function useCameraList(view: ListView) {
  const trpc = useTRPC();
  const input = listInput({ ...view, query: useDeferredValue(view.query) });
  const list = useInfiniteQuery(
    trpc.cameras.list.infiniteQueryOptions(input, {
      getNextPageParam: (page) => page.nextCursor ?? undefined,
      placeholderData: keepPreviousData,
      staleTime: 60_000,
      refetchOnWindowFocus: false,
    }),
  );
  const shownTotal = list.data?.pages.at(-1)?.total ?? 0;
  const count = useQuery(
    trpc.cameras.list.queryOptions({ ...input, limit: 1 }, { enabled: list.isSuccess, refetchInterval: 10_000 }),
  );
  return {
    list,
    cameras: list.data?.pages.flatMap((page) => page.items) ?? [],
    total: shownTotal,
    /** How many more there are now than when the list was asked. */
    grownBy: list.isPlaceholderData ? 0 : (count.data?.total ?? shownTotal) - shownTotal,
  };
}
