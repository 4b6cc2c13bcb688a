import type { QueryClient } from '@tanstack/react-query';

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

/** Loaded by who signs in or out: every page holds the menu that can. */
const nextAuth = () => import('next-auth/react');

export async function signInByPassword(input: SignInInput): Promise<SignInOutcome> {
  const { signIn } = await nextAuth();
  return outcomeOf(await signIn('credentials', { ...input, redirect: false }));
}

export async function signInByPasskey({ challengeId, response }: PasskeyGiven): Promise<SignInOutcome> {
  const { signIn } = await nextAuth();
  return outcomeOf(await signIn('passkey', { challengeId, response: JSON.stringify(response), redirect: false }));
}

/** Leaves our pages; comes back to `returnTo`, or with `?error=`. */
export async function signInByOidc(returnTo: string): Promise<void> {
  const { signIn } = await nextAuth();
  await signIn('oidc', { callbackUrl: returnTo });
}

/** The cookie of this browser goes; the session behind it is ended by `identity.signOut`. */
export async function dropCookie(): Promise<void> {
  const { signOut } = await nextAuth();
  await signOut({ redirect: false });
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
