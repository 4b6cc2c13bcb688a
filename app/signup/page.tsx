import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { SignUpPage } from '../_features/identity/sign-up-page.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  // The token in the address is not to leave by a referrer.
  return { title: t('signUpTitle'), referrer: 'no-referrer' };
}

export default function SignUp() {
  return (
    <PageMessages page="/signup">
      <SignUpPage />
    </PageMessages>
  );
}
