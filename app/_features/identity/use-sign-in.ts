'use client';

import { useQueryClient } from '@tanstack/react-query';
import { signIn } from 'next-auth/react';
import { useRouter } from 'next/navigation';

/** Only an address of ours is gone to afterwards: `//host` and `\` lead elsewhere. */
export function safeReturn(address: string | undefined): string {
  return address !== undefined && /^\/(?![/\\])/.test(address) ? address : '/';
}

export type SignInOutcome = 'ok' | 'refused' | 'TOO_MANY_REQUESTS' | 'failed';

/** Signs in and goes where the person wanted to; says why it did not. */
export function useSignIn(returnTo: string): (input: { email: string; password: string }) => Promise<SignInOutcome> {
  const router = useRouter();
  const queryClient = useQueryClient();
  return async (input) => {
    const answer = await signIn('credentials', { ...input, redirect: false });
    if (!answer) return 'failed';
    if (answer.error === 'TOO_MANY_REQUESTS') return 'TOO_MANY_REQUESTS';
    if (!answer.ok) return answer.status === 401 ? 'refused' : 'failed';
    await queryClient.resetQueries();
    router.replace(returnTo);
    router.refresh();
    return 'ok';
  };
}
