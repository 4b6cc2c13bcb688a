import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { SignInForm } from '../_features/identity/sign-in-form.tsx';
import { PageMessages } from '../_lib/page-messages.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  return { title: t('signInTitle') };
}

export default async function LoginPage({ searchParams }: PageProps<'/login'>) {
  const { next, callbackUrl, error } = await searchParams;
  // next-auth's own way here names the page under its own word.
  const returnTo = [next, callbackUrl].find((address) => typeof address === 'string');
  return (
    <PageMessages page="/login">
      <SignInForm
        returnTo={typeof returnTo === 'string' ? returnTo : undefined}
        error={typeof error === 'string' ? error : undefined}
      />
    </PageMessages>
  );
}
