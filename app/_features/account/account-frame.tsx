'use client';

import { Database, KeyRound, MonitorSmartphone, ShieldCheck, UserRound, type LucideIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef, type ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { ProofProvider } from './proof.tsx';

const rooms = [
  { name: 'profile', href: '/account', icon: UserRound },
  { name: 'security', href: '/account/security', icon: ShieldCheck },
  { name: 'sessions', href: '/account/sessions', icon: MonitorSmartphone },
  { name: 'keys', href: '/account/keys', icon: KeyRound },
  { name: 'data', href: '/account/own-data', icon: Database },
] as const satisfies readonly { name: string; href: string; icon: LucideIcon }[];

/** The rooms of one's own account: a quiet column at the side, a row that scrolls on a phone. */
export function AccountFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('account');
  const path = usePathname();
  const row = useRef<HTMLElement>(null);
  // On a phone the row is wider than the screen: the room one is in is not to be outside of it.
  useEffect(() => {
    const here = [...(row.current?.querySelectorAll('a') ?? [])].find((link) => link.getAttribute('href') === path);
    here?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [path]);
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-16 md:flex md:gap-10 md:px-7">
      <nav
        ref={row}
        aria-label={t('title')}
        className="flex gap-1 overflow-x-auto py-3 max-md:-mx-4 max-md:border-b max-md:border-line max-md:px-3 md:sticky md:top-0 md:w-44 md:shrink-0 md:flex-col md:self-start md:overflow-visible md:pt-6"
      >
        <p className="px-3 pb-3 text-20 font-semibold max-md:sr-only">{t('title')}</p>
        {rooms.map(({ name, href, icon: Icon }) => (
          <Link
            key={name}
            href={href}
            aria-current={path === href ? 'page' : undefined}
            className={cn(
              'flex h-9 shrink-0 items-center gap-2.5 rounded-control px-3 text-quiet transition-colors hover:bg-hover hover:text-text max-md:h-11',
              path === href && 'bg-hover font-medium text-text',
            )}
          >
            <Icon aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0" />
            {t(`rooms.${name}`)}
          </Link>
        ))}
      </nav>
      <div className="min-w-0 max-w-2xl grow">
        <ProofProvider>{children}</ProofProvider>
      </div>
    </div>
  );
}
