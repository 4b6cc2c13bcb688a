import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { ResetPage } from '../_features/identity/reset-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('resetTitle'), referrer: 'no-referrer' };
}

export default function PasswordReset() {
  return (
    <PageMessages page="/password-reset">
      <ResetPage />
    </PageMessages>
  );
}
