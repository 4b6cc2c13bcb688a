'use client';

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';

import type { MediaState } from '#server/contracts/media-state.ts';

import { useTRPC, useTRPCClient } from './trpc.ts';

/** Samples kept a stream: one a second. */
export const historyLength = 60;

export type Sample = { bitrate: number; frameAgeMs: number };

const historyKey = (streamId: string) => ['stateHistory', streamId] as const;

/** The measured states of cameras on the screen, by stream, asked once a second while the page is looked at. */
export function useMediaStates(cameraIds: readonly string[]): ReadonlyMap<string, MediaState> {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const ids = cameraIds.toSorted();
  const { data } = useQuery({
    queryKey: trpc.cameras.states.queryKey({ ids }),
    queryFn: async ({ signal }) => {
      const states = await client.cameras.states.query({ ids }, { signal });
      for (const state of states) {
        queryClient.setQueryData<Sample[]>(historyKey(state.streamId), (samples = []) => [
          ...samples.slice(1 - historyLength),
          { bitrate: state.bitrate ?? 0, frameAgeMs: state.frameAgeMs ?? 0 },
        ]);
      }
      return states;
    },
    enabled: ids.length > 0,
    refetchInterval: 1000,
    retry: 0,
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  return useMemo(() => new Map((data ?? []).map((state) => [state.streamId, state])), [data]);
}

/** The last minute of one stream, as far as this page has watched it. */
export function useStateHistory(streamId: string): readonly Sample[] {
  const { data } = useQuery<Sample[]>({ queryKey: historyKey(streamId), queryFn: () => [], enabled: false });
  return data ?? [];
}
