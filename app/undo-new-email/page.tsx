import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { UndoNewEmailPage } from '../_features/identity/link-pages.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('undoTitle'), referrer: 'no-referrer' };
}

export default function UndoNewEmail() {
  return (
    <PageMessages page="/undo-new-email">
      <UndoNewEmailPage />
    </PageMessages>
  );
}
