import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { redirect } from 'next/navigation';

import { ImportPage } from '../_features/feeds/import-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';
import { isSignedIn } from '../_lib/trpc-server.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('importer');
  return { title: t('title') };
}

export default async function ImportFilePage({ searchParams }: PageProps<'/import'>) {
  if (!(await isSignedIn())) redirect('/login?next=/import');
  const { run } = await searchParams;
  return (
    <PageMessages page="/import">
      <ImportPage runId={typeof run === 'string' ? run : null} />
    </PageMessages>
  );
}
