import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { WizardFrame } from '../_features/first-run/wizard-frame.tsx';
import { ClaimForm } from '../_features/identity/claim-form.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('claimTitle'), referrer: 'no-referrer' };
}

/** The first step of the first run. */
export default async function ClaimPage({ searchParams }: PageProps<'/claim'>) {
  const { token } = await searchParams;
  return (
    <PageMessages page="/claim">
      <WizardFrame step={1} isClaimed={false}>
        <ClaimForm token={typeof token === 'string' ? token : ''} />
      </WizardFrame>
    </PageMessages>
  );
}
