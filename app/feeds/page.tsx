import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { FeedsPage } from '../_features/feeds/feeds-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('feeds');
  return { title: t('title') };
}

export default function PublicFeedsPage() {
  return (
    <PageMessages page="/feeds">
      <FeedsPage />
    </PageMessages>
  );
}
