'use client';

import { useQuery } from '@tanstack/react-query';
import { CloudOff, Copy, FileQuestion } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { formatMoment, localName, localPlace } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { RemovalStateWord } from './removal-state.tsx';

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Line({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 border-t border-line py-3 sm:grid-cols-[10rem_1fr]">
      <dt className="text-13 text-quiet">{word}</dt>
      <dd className="min-w-0 wrap-break-word">{children}</dd>
    </div>
  );
}

/** The receipt of a request, and later what came of it. */
export function RequestStatus({ id, receipt }: { id: string; receipt: string }) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const status = useQuery(
    trpc.removals.status.queryOptions({ id, key: receipt }, { refetchInterval: 30_000, retry: 1 }),
  );
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(location.href);
      toast(t('removal.copied'));
    } catch {
      toast(t('removal.copyFailed'));
    }
  };
  if (status.data === null) {
    return (
      <PageNote level={1} icon={FileQuestion} title={t('removal.unknownTitle')}>
        {t('removal.unknownText')}
      </PageNote>
    );
  }
  if (status.isError && !status.data) {
    return (
      <PageNote
        level={1}
        icon={CloudOff}
        title={t('removal.unreadTitle')}
        actions={<Button onClick={() => void status.refetch()}>{t('cameras.retry')}</Button>}
      >
        {t(`error.${codeOf(status.error)}`)}
      </PageNote>
    );
  }
  const request = status.data;
  const place = request ? localPlace(request.camera, locale) : null;
  const moment = (time: string) => formatMoment({ ms: Date.parse(time), timeZone, locale });
  return (
    <div className="mx-auto min-h-[60vh] w-full max-w-xl px-4 pb-12 md:px-7">
      {request ? (
        <>
          <header className="pt-5 pb-5">
            <h1 className="text-20 font-semibold">
              {t(request.state === 'open' ? 'removal.receivedTitle' : 'removal.decidedTitle')}
            </h1>
            <p className="text-quiet">{t(`removal.stateText.${request.state}`)}</p>
          </header>
          <dl>
            <Line word={t('removal.reference')}>
              <span className="figure text-13 whitespace-normal">{request.id}</span>
            </Line>
            <Line word={t('removal.stateWord')}>
              <RemovalStateWord state={request.state} />
            </Line>
            <Line word={t('removal.what')}>{t(`removal.kind.${request.kind}`)}</Line>
            <Line word={t('removal.camera')}>
              {localName(request.camera, locale)}
              {place ? <span className="text-quiet"> · {place}</span> : null}
            </Line>
            <Line word={t('removal.sentAt')}>
              <span className="figure text-13">{moment(request.createdAt)}</span>
            </Line>
            {request.decidedAt ? (
              <Line word={t('removal.decidedAt')}>
                <span className="figure text-13">{moment(request.decidedAt)}</span>
              </Line>
            ) : null}
            {request.note ? (
              <Line word={t('removal.note')}>
                <p className="whitespace-pre-wrap">{request.note}</p>
              </Line>
            ) : null}
          </dl>
          <Note className="mt-5" title={t('removal.keepLink')}>
            {t('removal.keepLinkText')}
          </Note>
          <div className="flex flex-wrap gap-3 pt-5">
            <Button size="large" onClick={() => void copy()}>
              <Copy aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('removal.copy')}
            </Button>
            <Button asChild size="large" tone="plain">
              <Link href="/">{t('page.home')}</Link>
            </Button>
          </div>
        </>
      ) : (
        <output className="block pt-6 text-quiet">{t('removal.loading')}</output>
      )}
    </div>
  );
}
