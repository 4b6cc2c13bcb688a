'use client';

import { useQueryClient } from '@tanstack/react-query';

import type { Profile } from '#server/contracts/account.ts';

import { useTRPC } from '../../_lib/trpc.ts';

/** What the server says of the profile after a change is what the page and the frame show. */
export function useProfileCache(): { put: (profile: Profile) => void; ask: () => Promise<void> } {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const askMe = () => queryClient.invalidateQueries(trpc.identity.me.queryFilter());
  return {
    put: (profile) => {
      queryClient.setQueryData(trpc.account.profile.queryKey(), profile);
      void askMe();
    },
    ask: async () => {
      await Promise.all([queryClient.invalidateQueries(trpc.account.profile.queryFilter()), askMe()]);
    },
  };
}
