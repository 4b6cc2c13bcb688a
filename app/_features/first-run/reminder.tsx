'use client';

import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';

import { cn } from '../../_lib/class-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useKeptState } from '../../_lib/use-kept-state.ts';
import { useMay } from '../../_lib/use-may.ts';
import { IconButton } from '../../_ui/icon-button.tsx';

/** By hand: this stands in every page, and a schema would bring its library along. */
const flag = { safeParse: (value: unknown) => (typeof value === 'boolean' ? { data: value } : {}) };

/** Tells whoever may set the house up, once a tab, that the house is not set up; it covers nothing that is in use. */
export function FirstRunReminder() {
  const t = useTranslations('welcome.reminder');
  const trpc = useTRPC();
  const path = usePathname();
  const search = useSearchParams();
  const hidden = useKeptState('first-run-reminder-hidden', flag, false);
  const isPlace = (path === '/' && !search.has('camera')) || path === '/cameras' || path === '/status';
  const { may } = useMay();
  const maySetUp = may('settings:write');
  const state = useQuery(
    trpc.welcome.state.queryOptions(undefined, { enabled: maySetUp && isPlace, staleTime: 60_000 }),
  );
  if (!maySetUp || !isPlace || hidden.value || state.data?.done !== false) return null;
  return (
    <aside
      aria-label={t('title')}
      // Above what is pressed at the bottom of a phone; of the globe that is the time bar, with buttons at its right. The list has
      // its own buttons at the bottom right.
      className={cn(
        'glass fixed left-3 z-20 flex items-center gap-3 rounded-panel border border-line-strong py-1 pr-1 pl-4 text-13',
        path === '/'
          ? 'right-17 bottom-42 md:right-4 md:bottom-28 md:left-auto'
          : 'right-3 bottom-[calc(3.75rem+env(safe-area-inset-bottom))] md:right-auto md:bottom-4 md:left-18',
      )}
    >
      <p className="min-w-0 grow">{t('text')}</p>
      <Link
        href="/welcome"
        className="flex min-h-11 shrink-0 items-center rounded-control px-1 font-semibold text-signal md:min-h-9"
      >
        {t('go')}
      </Link>
      <IconButton label={t('hide')} className="max-md:size-11" onClick={() => hidden.set(true)}>
        <X aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
    </aside>
  );
}
