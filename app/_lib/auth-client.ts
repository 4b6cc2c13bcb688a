import type { QueryClient } from '@tanstack/react-query';
import { signIn } from 'next-auth/react';

import type { SignInInput } from '#server/contracts/identity.ts';

import type { PasskeyGiven } from './auth-client-passkey.ts';

/** Only an address of ours is gone to afterwards, as a browser reads it: `//host`, `\`, tabs and dots lead elsewhere. */
export function safeReturn(address: string | undefined): string {
  const home = 'http://own.invalid';
  if (address === undefined || !address.startsWith('/') || !URL.canParse(address, home)) return '/';
  const url = new URL(address, home);
  const path = url.pathname + url.search + url.hash;
  return url.origin === home && !path.startsWith('//') ? path : '/';
}

/** What came of a try to sign in; `refused` holds the reason that the server gave, or null where it gives none. */
export type SignInOutcome =
  | { kind: 'ok' }
  | { kind: 'wrong' }
  | { kind: 'wait'; seconds: number }
  | { kind: 'refused'; reason: string }
  | { kind: 'failed' };

export async function signInByPassword(input: SignInInput): Promise<SignInOutcome> {
  return outcomeOf(await signIn('credentials', { ...input, redirect: false }));
}

export async function signInByPasskey({ challengeId, response }: PasskeyGiven): Promise<SignInOutcome> {
  return outcomeOf(await signIn('passkey', { challengeId, response: JSON.stringify(response), redirect: false }));
}

/** Leaves our pages; comes back to `returnTo`, or with `?error=`. */
export async function signInByOidc(returnTo: string): Promise<void> {
  await signIn('oidc', { callbackUrl: returnTo });
}

/** Nothing that the person before was shown stays behind. */
export async function forgetPerson(queryClient: QueryClient): Promise<void> {
  await queryClient.resetQueries();
}

export function outcomeOf(answer: { ok: boolean; status: number; error: string | null } | undefined): SignInOutcome {
  if (!answer) return { kind: 'failed' };
  const said = answer.error ?? '';
  const wait = /^TOO_MANY_REQUESTS(?::(\d+))?$/.exec(said);
  if (wait) return { kind: 'wait', seconds: Number(wait[1] ?? 1) };
  if (answer.ok && said === '') return { kind: 'ok' };
  if (answer.status !== 401) return { kind: 'failed' };
  return said === '' || said === 'CredentialsSignin' ? { kind: 'wrong' } : { kind: 'refused', reason: said };
}
