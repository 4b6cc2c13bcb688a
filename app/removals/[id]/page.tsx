import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { RequestStatus } from '../../_features/removal/request-status.tsx';
import { PageMessages } from '../../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('removal');
  // The key in the address opens the request: it is not to leave by a referrer, nor be found by a search.
  return { title: t('statusTitle'), referrer: 'no-referrer', robots: { index: false } };
}

export default async function RemovalPage({ params, searchParams }: PageProps<'/removals/[id]'>) {
  const [{ id }, { key }] = await Promise.all([params, searchParams]);
  return (
    <PageMessages page="/removals/[id]">
      <RequestStatus id={id} receipt={typeof key === 'string' ? key : ''} />
    </PageMessages>
  );
}
