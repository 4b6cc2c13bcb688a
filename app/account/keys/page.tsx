import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { KeysRoom } from '../../_features/account/keys-room.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account.rooms');
  return { title: t('keys') };
}

export default async function KeysPage() {
  if (!(await isSignedIn())) redirect('/login?next=/account/keys');
  return <KeysRoom />;
}
