import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';

import { SignInForm } from '../_features/identity/sign-in-form.tsx';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('auth');
  return { title: t('signInTitle') };
}

export default async function LoginPage({ searchParams }: PageProps<'/login'>) {
  const { next } = await searchParams;
  return <SignInForm returnTo={typeof next === 'string' ? next : undefined} />;
}
