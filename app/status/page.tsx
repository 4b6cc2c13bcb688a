import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { SystemPage } from '../_features/system/system-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('status');
  return { title: t('title') };
}

export default function StatusPage() {
  return (
    <PageMessages page="/status">
      <SystemPage />
    </PageMessages>
  );
}
