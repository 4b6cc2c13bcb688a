'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';

import { forgetPerson } from '../../_lib/auth-client.ts';
import { rememberChoice } from '../../_lib/cookie.ts';
import { localeCookie } from '../../_lib/locale.ts';
import { useTRPC } from '../../_lib/trpc.ts';

/** Goes where the person wanted to, once they are signed in; in the language that they chose for themselves. */
export function useArrival(returnTo: string): (elsewhere?: string) => Promise<void> {
  const router = useRouter();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  return async (elsewhere) => {
    await forgetPerson(queryClient);
    // Without an answer the pages stay in the language they are in.
    const me = await queryClient.fetchQuery(trpc.identity.me.queryOptions()).catch(() => null);
    if (me?.locale) rememberChoice(localeCookie, me.locale);
    router.replace(elsewhere ?? returnTo);
    router.refresh();
  };
}
