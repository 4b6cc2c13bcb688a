import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { DataRoom } from '../../_features/account/data-room.tsx';
import { isSignedIn } from '../../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('account.rooms');
  return { title: t('data') };
}

export default async function DataPage() {
  if (!(await isSignedIn())) redirect('/login?next=/account/own-data');
  return <DataRoom />;
}
