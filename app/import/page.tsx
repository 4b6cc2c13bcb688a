import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { ImportPage } from '../_features/feeds/import-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';
import { isSignedIn } from '../_lib/trpc-server.ts';
import { PermissionGate } from '../_ui/permission-gate.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('importer');
  return { title: t('title') };
}

export default async function ImportFilePage({ searchParams }: PageProps<'/import'>) {
  if (!(await isSignedIn())) redirect('/login?next=/import');
  const [{ run }, t] = await Promise.all([searchParams, getTranslations('importer')]);
  return (
    <PageMessages page="/import">
      <PermissionGate page={t('title')} needs={['feed:write']}>
        <ImportPage runId={typeof run === 'string' ? run : null} />
      </PermissionGate>
    </PageMessages>
  );
}
