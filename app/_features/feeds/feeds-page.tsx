'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, FileUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { Credits } from './credits.tsx';
import { OperatorPart } from './operator-part.tsx';

/** Public lists of cameras: their credits for everybody, their switches for the operator. */
export function FeedsPage() {
  const t = useTranslations();
  const trpc = useTRPC();
  const { may } = useMay();
  const mayWrite = may('feed:write');
  const list = useQuery(trpc.feeds.list.queryOptions(undefined, { refetchInterval: mayWrite ? 5000 : 60_000 }));
  if (list.isError && !list.data) {
    return (
      <PageNote
        level={1}
        icon={CloudOff}
        title={t('feeds.errorTitle')}
        actions={<Button onClick={() => void list.refetch()}>{t('cameras.retry')}</Button>}
      >
        {t(`error.${codeOf(list.error)}`)}
      </PageNote>
    );
  }
  // Before any is switched on, the operator reads here what saying yes would mean.
  const shown = (list.data ?? []).filter((feed) => feed.enabled || feed.cameras > 0);
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-12 md:px-7">
      <header className="flex flex-wrap items-start gap-4 pt-5 pb-6">
        <div className="min-w-0 grow basis-72">
          <h1 className="text-20 font-semibold">{t('feeds.title')}</h1>
          <p className="max-w-2xl text-quiet">{t('feeds.text')}</p>
        </div>
        {mayWrite ? (
          <Button asChild className="max-md:h-11">
            <Link href="/import">
              <FileUp aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('feeds.importLink')}
            </Link>
          </Button>
        ) : null}
      </header>
      {list.isPending ? (
        <output className="block border-t border-line py-6 text-quiet">{t('feeds.loading')}</output>
      ) : null}
      {list.data && mayWrite ? <OperatorPart feeds={list.data} /> : null}
      {list.data ? (
        <section className="border-t border-line py-6">
          <h2 className="text-13 font-semibold text-quiet">{t('feeds.attribution')}</h2>
          <p className="pb-3 text-13 text-quiet">
            {shown.length > 0 ? t('feeds.attributionText') : `${t('feeds.none')}. ${t('feeds.noneText')}`}
          </p>
          <Credits feeds={mayWrite && shown.length === 0 ? list.data : shown} />
        </section>
      ) : null}
    </div>
  );
}
