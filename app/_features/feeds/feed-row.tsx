'use client';

import { RotateCw } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';

import type { FeedView, ImportRun } from '#server/contracts/feeds.ts';

import { countryName } from '../../_lib/country-name.ts';
import { feedMark } from '../../_lib/feed-mark.ts';
import { formatDuration, localName } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { useFeedFault } from '../../_lib/use-feed-fault.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { RunProgress } from '../../_ui/run-progress.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { ToggleSwitch } from '../../_ui/switch-row.tsx';

type FeedRowProps = {
  feed: FeedView;
  /** The reading that is under way. */
  run: ImportRun | null;
  isBusy: boolean;
  onSwitch: (enabled: boolean) => void;
  onRead: (acceptFewer: boolean) => void;
  onCancel: (runId: string) => void;
};

function Fact({ word, value }: { word: string; value: string }) {
  return (
    <div>
      <dt className="text-12 text-quiet">{word}</dt>
      <dd className="figure text-13">{value}</dd>
    </div>
  );
}

/** One public list as the operator sees it: whether it is fetched, how it goes, and what can be done. */
export function FeedRow({ feed, run, isBusy, onSwitch, onRead, onCancel }: FeedRowProps) {
  const t = useTranslations('feeds');
  const locale = useLocale();
  const faultWords = useFeedFault();
  const name = localName(feed, locale);
  const nowMs = serverNow();
  const ago = (time: string | null) =>
    time === null ? t('never') : t('ago', { age: formatDuration(nowMs - Date.parse(time), locale) });
  const nextMs = feed.nextAt === null ? null : Date.parse(feed.nextAt) - nowMs;
  const next =
    nextMs === null ? t('never') : nextMs <= 0 ? t('soon') : t('in', { age: formatDuration(nextMs, locale) });
  const number = (value: number) => value.toLocaleString(locale);
  const about = number(Number(feed.expected.toPrecision(2)));
  const expected = t('expected', { count: about });
  const fault = feed.fault === null ? null : faultWords(feed.fault);
  return (
    <li className="border-t border-line py-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 grow basis-60">
          <h2 className="font-medium">{name}</h2>
          <p className="flex flex-wrap items-center gap-x-3 text-13 text-quiet">
            <span className="inline-flex items-center gap-2">
              <StateMark state={feedMark[feed.condition]} /> {t(`condition.${feed.condition}`)}
            </span>
            <span>{countryName(feed.country, locale)}</span>
            {feed.enabled ? null : <span>{t('expectedCameras', { count: about })}</span>}
            <span>{feed.licence}</span>
          </p>
        </div>
        <div className="flex items-center gap-4">
          {feed.enabled && !run ? (
            <Button size="small" className="max-md:h-11" disabled={isBusy} onClick={() => onRead(false)}>
              <RotateCw aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('readNow')}
            </Button>
          ) : null}
          {run ? (
            <Button size="small" className="max-md:h-11" disabled={isBusy} onClick={() => onCancel(run.id)}>
              {t('cancel')}
            </Button>
          ) : null}
          <ToggleSwitch label={t('switchOn', { name })} isOn={feed.enabled} isBusy={isBusy} onChange={onSwitch} />
        </div>
      </div>
      {feed.enabled ? (
        <dl className="flex flex-wrap gap-x-8 gap-y-2 pt-2">
          <Fact word={t('cameras')} value={feed.lastOkAt === null ? expected : number(feed.cameras)} />
          <Fact word={t('lastOk')} value={ago(feed.lastOkAt)} />
          <Fact word={t('next')} value={next} />
        </dl>
      ) : null}
      {run ? (
        <div className="pt-3">
          <RunProgress label={t('progressOf', { name })} done={run.done} total={run.total}>
            <span className="figure">
              {run.total > 0
                ? t('progress', { done: number(run.done), total: number(run.total) })
                : t('progressUnknown')}
            </span>
          </RunProgress>
        </div>
      ) : null}
      {fault && !run ? (
        <Note tone={feed.condition === 'stale' ? 'error' : 'warning'} className="mt-3" title={fault.words}>
          {feed.shrunken ? t('shrunkenNext') : feed.condition === 'stale' ? t('staleNext') : t('faultNext')}
          {fault.detail ? <span className="block text-12 whitespace-pre-line">{fault.detail}</span> : null}
          {feed.shrunken ? (
            <Button size="small" className="mt-2 max-md:h-11" disabled={isBusy} onClick={() => onRead(true)}>
              {t('acceptFewer')}
            </Button>
          ) : null}
        </Note>
      ) : null}
    </li>
  );
}
