import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { RemovalQueue } from '../_features/removal/removal-queue.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';
import { isSignedIn } from '../_lib/trpc-server.ts';
import { PermissionGate } from '../_ui/permission-gate.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('removal');
  return { title: t('queueTitle') };
}

export default async function RemovalsPage({ searchParams }: PageProps<'/removals'>) {
  if (!(await isSignedIn())) redirect('/login?next=/removals');
  const [{ show }, t] = await Promise.all([searchParams, getTranslations('removal')]);
  const which = show === 'decided' ? 'decided' : 'open';
  return (
    <PageMessages page="/removals">
      <PermissionGate page={t('queueTitle')} needs={['removal:decide']}>
        <RemovalQueue key={which} which={which} />
      </PermissionGate>
    </PageMessages>
  );
}
