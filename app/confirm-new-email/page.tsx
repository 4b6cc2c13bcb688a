import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { ConfirmNewEmailPage } from '../_features/identity/link-pages.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('newEmailTitle'), referrer: 'no-referrer' };
}

export default function ConfirmNewEmail() {
  return (
    <PageMessages page="/confirm-new-email">
      <ConfirmNewEmailPage />
    </PageMessages>
  );
}
