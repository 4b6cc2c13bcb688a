'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { toast } from 'sonner';

import { cn } from '../../_lib/class-name.ts';
import { AuditLine } from './audit-line.tsx';
import { sections } from './sections.ts';
import { useFault } from './use-fault.ts';
import { useMay } from './use-may.ts';

/** After each change everything that is shown is asked again; a refusal that no form shows itself is told. */
function useAfterChanges(): void {
  const queryClient = useQueryClient();
  const fault = useFault();
  const tell = useEffectEvent((error: unknown) => toast(fault(error)));
  useEffect(
    () =>
      queryClient.getMutationCache().subscribe((event) => {
        if (event.type !== 'updated') return;
        if (event.action.type === 'success') void queryClient.invalidateQueries();
        if (event.action.type === 'error' && !event.mutation.meta?.['hasOwnWords']) tell(event.action.error);
      }),
    [queryClient],
  );
}

/** A quiet sidebar, the page, and the newest change at the bottom. */
export function AdminFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('admin');
  const path = usePathname();
  const { may } = useMay();
  useAfterChanges();
  return (
    <div className="flex flex-col max-md:min-h-[calc(100dvh-7rem)] md:h-dvh md:flex-row">
      <nav
        aria-label={t('title')}
        className="flex gap-1 border-line max-md:overflow-x-auto max-md:border-b max-md:px-3 max-md:py-1 md:w-48 md:shrink-0 md:flex-col md:overflow-y-auto md:border-r md:px-3 md:pt-5"
      >
        <Link href="/admin" className="rounded-control px-3 pb-3 text-20 font-semibold max-md:sr-only">
          {t('title')}
        </Link>
        {sections
          .filter(({ need }) => may(need))
          .map(({ name, href, icon: Icon }) => (
            <Link
              key={name}
              href={href}
              aria-current={path === href ? 'page' : undefined}
              className={cn(
                'flex h-8 shrink-0 items-center gap-2.5 rounded-control px-3 text-13 text-quiet transition-colors hover:bg-hover hover:text-text max-md:h-11',
                path === href && 'bg-hover font-medium text-text',
              )}
            >
              <Icon aria-hidden="true" strokeWidth={1.5} className="size-4 shrink-0" />
              {t(`sections.${name}`)}
            </Link>
          ))}
      </nav>
      <div className="flex min-w-0 grow flex-col md:min-h-0">
        <div className="flex grow md:min-h-0">{children}</div>
        <AuditLine />
      </div>
    </div>
  );
}
