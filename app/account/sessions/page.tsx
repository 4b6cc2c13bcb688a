import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { SessionsRoom } from '../../_features/account/sessions-room.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account.rooms');
  return { title: t('sessions') };
}

export default async function SessionsPage() {
  if (!(await isSignedIn())) redirect('/login?next=/account/sessions');
  return <SessionsRoom />;
}
