'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';

import { feedMark } from '../../_lib/feed-mark.ts';
import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFeedFault } from '../../_lib/use-feed-fault.ts';
import { RunProgress } from '../../_ui/run-progress.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';

/** Each feed that is being fetched, as it goes; it goes on when the page is left. */
export function FeedsProgress() {
  const t = useTranslations('feeds');
  const locale = useLocale();
  const trpc = useTRPC();
  const faultOf = useFeedFault();
  const runs = useQuery(trpc.feeds.runs.queryOptions({}, { refetchInterval: 1000 }));
  const list = useQuery(trpc.feeds.list.queryOptions(undefined, { refetchInterval: 2000 }));
  const latest = new Map(
    (runs.data?.items ?? []).toReversed().map((run) => [run.source.replace(/^feed:/, ''), run] as const),
  );
  return (
    <ul>
      {(list.data ?? [])
        .filter((feed) => feed.enabled)
        .map((feed) => {
          const run = latest.get(feed.id);
          const name = localName(feed, locale);
          const isRunning = run?.state === 'running' || run?.state === 'queued';
          return (
            <li key={feed.id} className="min-h-16 border-t border-line py-2.5">
              <p className="flex flex-wrap items-baseline gap-x-4 pb-1.5 text-13">
                <span className="font-medium">{name}</span>
                <span className="inline-flex items-center gap-2 text-quiet">
                  <StateMark state={feedMark[feed.condition]} /> {t(`condition.${feed.condition}`)}
                </span>
                <span className="figure ml-auto text-quiet">
                  {isRunning && run.total > 0
                    ? t('progress', { done: run.done.toLocaleString(locale), total: run.total.toLocaleString(locale) })
                    : feed.cameras.toLocaleString(locale)}
                </span>
              </p>
              {isRunning ? (
                <RunProgress label={t('progressOf', { name })} done={run.done} total={run.total} />
              ) : (
                <p className="text-12 text-quiet">
                  {feed.fault ? `${faultOf(feed.fault).words} ${t('faultNext')}` : ''}
                </p>
              )}
            </li>
          );
        })}
    </ul>
  );
}
