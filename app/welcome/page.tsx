import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { QuickCheck } from '../_features/camera-form/quick-check.tsx';
import { DiscoveryPanel } from '../_features/discovery/discovery-panel.tsx';
import { Wizard } from '../_features/first-run/wizard.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('welcome');
  return { title: t('title') };
}

export default async function WelcomePage({ searchParams }: PageProps<'/welcome'>) {
  const { step } = await searchParams;
  return (
    <PageMessages page="/welcome">
      <Wizard asked={step === '3' ? 3 : step === '1' ? 1 : 2} check={<QuickCheck />} discovery={<DiscoveryPanel />} />
    </PageMessages>
  );
}
