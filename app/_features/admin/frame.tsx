'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { toast } from 'sonner';

import { useMay } from '../../_lib/use-may.ts';
import { SectionNav } from '../../_ui/section-nav.tsx';
import { AuditLine } from './audit-line.tsx';
import { sections } from './sections.ts';
import { useFault } from './use-fault.ts';

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
  const { may } = useMay();
  useAfterChanges();
  return (
    <div className="flex flex-col max-md:min-h-[calc(100dvh-7rem)] md:h-dvh md:flex-row">
      <SectionNav
        label={t('title')}
        title={
          <Link href="/admin" className="rounded-control px-3 pb-3 text-20 font-semibold max-md:sr-only">
            {t('title')}
          </Link>
        }
        sections={sections
          .filter(({ need }) => may(need))
          .map(({ name, href, icon }) => ({ href, word: t(`sections.${name}`), icon }))}
        className="md:w-48 md:overflow-y-auto md:border-r md:px-3 md:pt-5"
      />
      <div className="flex min-w-0 grow flex-col md:min-h-0">
        <div className="flex grow md:min-h-0">{children}</div>
        <AuditLine />
      </div>
    </div>
  );
}
