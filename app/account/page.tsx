import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { ProfileRoom } from '../_features/account/profile-room.tsx';
import { isSignedIn } from '../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account.rooms');
  return { title: t('profile') };
}

/** A provider's way back leads here; what it says is about signing in. */
export default async function AccountPage({ searchParams }: PageProps<'/account'>) {
  if (!(await isSignedIn())) redirect('/login?next=/account');
  const { linked, error } = await searchParams;
  if (typeof linked === 'string') redirect('/account/security?linked=oidc');
  if (typeof error === 'string') redirect(`/account/security?error=${encodeURIComponent(error)}`);
  return <ProfileRoom />;
}
