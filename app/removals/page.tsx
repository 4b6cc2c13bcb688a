import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { RemovalQueue } from '../_features/removal/removal-queue.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';
import { isSignedIn } from '../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('removal');
  return { title: t('queueTitle') };
}

export default async function RemovalsPage({ searchParams }: PageProps<'/removals'>) {
  if (!(await isSignedIn())) redirect('/login?next=/removals');
  const { show } = await searchParams;
  const which = show === 'decided' ? 'decided' : 'open';
  return (
    <PageMessages page="/removals">
      <RemovalQueue key={which} which={which} />
    </PageMessages>
  );
}
