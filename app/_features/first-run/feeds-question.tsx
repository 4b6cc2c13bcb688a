'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { toast } from 'sonner';

import type { FeedView } from '#server/contracts/feeds.ts';
import type { WelcomeState } from '#server/contracts/welcome.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { FeedsProgress } from './feeds-progress.tsx';

function Fact({ word, children }: { word: string; children: ReactNode }) {
  return (
    <div className="grid gap-x-4 border-t border-line py-2.5 text-13 sm:grid-cols-[11rem_1fr]">
      <dt className="text-quiet">{word}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const linkClass = 'rounded-[4px] underline';

/** What saying yes means, before anybody says it. */
function Facts({ feeds }: { feeds: readonly FeedView[] }) {
  const t = useTranslations('welcome');
  const licences = [...new Set(feeds.map((feed) => feed.licence))];
  const countries = new Set(feeds.map((feed) => feed.country)).size;
  return (
    <dl className="pt-2 pb-4">
      <Fact word={t('feedsFrom')}>
        {t('feedsFromValue', { publishers: feeds.length, countries })} ·{' '}
        <Link href="/feeds" className={linkClass}>
          {t('feedsList')}
        </Link>
      </Fact>
      <Fact word={t('feedsLicence')}>{t('feedsLicenceText', { licences: licences.join(' · ') })}</Fact>
      <Fact word={t('feedsLeaves')}>{t('feedsLeavesText')}</Fact>
      <Fact word={t('feedsOften')}>{t('feedsOftenText')}</Fact>
    </dl>
  );
}

/** One question, asked only while the internet answers, with nothing chosen beforehand. */
export function FeedsQuestion({ answer }: { answer: WelcomeState['publicFeeds'] }) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const online = useQuery(trpc.feeds.online.queryOptions(undefined, { enabled: answer === 'unasked', retry: 1 }));
  const list = useQuery(trpc.feeds.list.queryOptions());
  const choose = useMutation(
    trpc.feeds.choose.mutationOptions({
      onError: (error) => toast(t('welcome.saveFailed', { message: t(`error.${codeOf(error)}`) })),
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries(trpc.welcome.pathFilter()),
          queryClient.invalidateQueries(trpc.feeds.pathFilter()),
        ]),
    }),
  );
  if (answer === 'wanted') {
    return (
      <>
        <p className="font-medium">{t('welcome.feedsWanted')}</p>
        <p className="pb-4 text-13 text-quiet">{t('welcome.feedsWantedText')}</p>
        <FeedsProgress />
      </>
    );
  }
  if (answer === 'refused') {
    return (
      <>
        <p className="font-medium">{t('welcome.feedsRefused')}</p>
        <Link href="/feeds" className={linkClass}>
          {t('welcome.feedsChange')}
        </Link>
      </>
    );
  }
  if (online.isPending || list.isPending) {
    return <output className="block min-h-60 text-quiet">{t('welcome.feedsLooking')}</output>;
  }
  if (online.isError || list.isError || !online.data.online) {
    return (
      <>
        <Note title={t('welcome.feedsOffline')}>{t('welcome.feedsOfflineText')}</Note>
        <Button size="small" className="mt-3 max-md:h-11" onClick={() => void online.refetch()}>
          {t('cameras.retry')}
        </Button>
      </>
    );
  }
  const expected = list.data.reduce((sum, feed) => sum + feed.expected, 0);
  const count = (Math.round(expected / 500) * 500).toLocaleString(locale);
  return (
    <>
      <p className="text-16 font-semibold">{t('welcome.feedsAsk', { count })}</p>
      <p className="pb-2 text-quiet">{t('welcome.feedsWhat')}</p>
      <Facts feeds={list.data} />
      <div className="flex gap-3">
        {/* Two answers of one weight: neither is suggested. */}
        <Button size="large" disabled={choose.isPending} onClick={() => choose.mutate({ answer: 'wanted' })}>
          {t('welcome.feedsYes')}
        </Button>
        <Button size="large" disabled={choose.isPending} onClick={() => choose.mutate({ answer: 'refused' })}>
          {t('welcome.feedsNo')}
        </Button>
      </div>
    </>
  );
}
