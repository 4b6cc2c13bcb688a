import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { ClaimForm } from '../_features/identity/claim-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('claimTitle'), referrer: 'no-referrer' };
}

export default async function ClaimPage({ searchParams }: PageProps<'/claim'>) {
  const { token } = await searchParams;
  return <ClaimForm token={typeof token === 'string' ? token : ''} />;
}
