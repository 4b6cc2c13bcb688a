'use client';

import { Database, KeyRound, MonitorSmartphone, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { SectionNav } from '../../_ui/section-nav.tsx';
import { ProofProvider } from './proof.tsx';

const rooms = [
  { name: 'profile', href: '/account', icon: UserRound },
  { name: 'security', href: '/account/security', icon: ShieldCheck },
  { name: 'sessions', href: '/account/sessions', icon: MonitorSmartphone },
  { name: 'keys', href: '/account/keys', icon: KeyRound },
  { name: 'data', href: '/account/own-data', icon: Database },
] as const satisfies readonly { name: string; href: string; icon: LucideIcon }[];

/** The rooms of one's own account. */
export function AccountFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('account');
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-16 md:flex md:gap-10 md:px-7">
      <SectionNav
        label={t('title')}
        title={<p className="px-3 pb-3 text-20 font-semibold max-md:sr-only">{t('title')}</p>}
        sections={rooms.map(({ name, href, icon }) => ({ href, word: t(`rooms.${name}`), icon }))}
        className="max-md:-mx-4 md:sticky md:top-0 md:w-44 md:self-start md:pt-6 md:pb-3"
      />
      <div className="min-w-0 max-w-2xl grow">
        <ProofProvider>{children}</ProofProvider>
      </div>
    </div>
  );
}
