import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { SecurityRoom } from '../../_features/account/security-room.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account.rooms');
  return { title: t('security') };
}

export default async function SecurityPage({ searchParams }: PageProps<'/account/security'>) {
  if (!(await isSignedIn())) redirect('/login?next=/account/security');
  const { linked, error } = await searchParams;
  const came = { isLinked: typeof linked === 'string', error: typeof error === 'string' ? error : null };
  return <SecurityRoom came={came} />;
}
