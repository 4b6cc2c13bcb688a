'use client';

import { CloudOff, Inbox } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { Button } from '../../_ui/button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { useFault } from './use-fault.ts';

export type Asked = {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => Promise<unknown>;
};

type ListProps = {
  query: Asked;
  count: number;
  /** Nothing was found, and nothing was filtered. */
  empty: { title: string; text: string };
  isFiltered?: boolean;
  onClear?: () => void;
  children: ReactNode;
};

/** The four states of a list: coming, failed, empty, and its rows with the way to more of them. */
export function List({ query, count, empty, isFiltered = false, onClear, children }: ListProps) {
  const t = useTranslations('admin');
  const fault = useFault();
  if (query.isPending) {
    return (
      <div>
        <output className="sr-only">{t('loading')}</output>
        <div aria-hidden="true" className="grid animate-breathe gap-px pt-9">
          {Array.from({ length: 8 }, (_, line) => (
            <div key={line} className="h-8 rounded-control bg-hover max-md:h-13" />
          ))}
        </div>
      </div>
    );
  }
  if (query.isError && count === 0) {
    return (
      <PageNote
        icon={CloudOff}
        title={t('failed')}
        actions={<Button onClick={() => void query.refetch()}>{t('retry')}</Button>}
      >
        {fault(query.error)}
      </PageNote>
    );
  }
  if (count === 0) {
    return (
      <PageNote
        icon={Inbox}
        title={isFiltered ? t('noneFound') : empty.title}
        actions={isFiltered && onClear ? <Button onClick={onClear}>{t('clear')}</Button> : null}
      >
        {isFiltered ? t('noneFoundText') : empty.text}
      </PageNote>
    );
  }
  return (
    <>
      {children}
      <footer className="flex items-center gap-4 py-4 text-12 text-quiet">
        <span className="figure">{query.hasNextPage ? t('shownMore', { count }) : t('shown', { count })}</span>
        {query.hasNextPage ? (
          <Button
            size="small"
            className="max-md:h-11"
            disabled={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage?.()}
          >
            {t('more')}
          </Button>
        ) : null}
      </footer>
    </>
  );
}
