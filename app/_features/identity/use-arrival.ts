'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';

import { forgetPerson } from '../../_lib/auth-client.ts';

/** Goes where the person wanted to, once they are signed in; in the language that they chose for themselves, which signing in left in a cookie. */
export function useArrival(returnTo: string): (elsewhere?: string) => Promise<void> {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async (elsewhere) => {
    await forgetPerson(queryClient);
    router.replace(elsewhere ?? returnTo);
    router.refresh();
  };
}
