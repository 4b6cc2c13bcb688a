'use client';

import { Download } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';

import type { FeedView, ImportRun } from '#server/contracts/feeds.ts';

import { formatDuration, formatMoment } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { useFeedFault } from '../../_lib/use-feed-fault.ts';
import { Button } from '../../_ui/button.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { useReport } from './use-report.ts';
import { useRunName } from './use-run-words.ts';

const marks = {
  queued: 'offline',
  running: 'delayed',
  done: 'live',
  failed: 'error',
  cancelled: 'unchecked',
} as const satisfies Record<ImportRun['state'], string>;
const numbers = ['added', 'changed', 'unchanged', 'removed', 'rejected'] as const;
const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What was read, when, and what came of it; each with its report. */
export function RunsTable({ runs, feeds }: { runs: readonly ImportRun[]; feeds: readonly FeedView[] }) {
  const t = useTranslations();
  const locale = useLocale();
  const nameOf = useRunName(feeds);
  const faultWords = useFeedFault();
  const download = useReport();
  const fileOf = (run: ImportRun) => `${run.source.replaceAll(/[^\w.-]+/g, '-')}-${run.id}.csv`;
  if (runs.length === 0) return <p className="text-quiet">{t('feeds.runsNone')}</p>;
  return (
    // The table scrolls on a phone, so it must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('feeds.runs')}>
      <table className="w-full min-w-3xl text-13">
        <thead>
          <tr className="border-b border-line-strong text-12 text-quiet">
            <th scope="col" className="py-2 pr-4 text-left font-normal">
              {t('feeds.runSource')}
            </th>
            <th scope="col" className="py-2 pr-4 text-left font-normal">
              {t('feeds.began')}
            </th>
            <th scope="col" className="py-2 pr-4 text-right font-normal">
              {t('feeds.took')}
            </th>
            {numbers.map((name) => (
              <th key={name} scope="col" className="py-2 pl-4 text-right font-normal">
                {t(`feeds.${name}`)}
              </th>
            ))}
            <th scope="col" className="py-2 pl-4 text-right font-normal">
              {t('feeds.report')}
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const name = nameOf(run);
            const endMs = run.finishedAt === null ? serverNow() : Date.parse(run.finishedAt);
            const beganMs = Date.parse(run.startedAt);
            const fault = run.fault ? faultWords(run.fault) : null;
            return (
              <tr key={run.id} className="border-b border-line align-top">
                <th scope="row" className="max-w-72 py-2 pr-4 text-left font-medium wrap-break-word">
                  {name}
                  <span className="flex items-center gap-2 font-normal text-quiet">
                    <StateMark state={marks[run.state]} /> {t(`feeds.runState.${run.state}`)}
                  </span>
                  {fault ? (
                    <span className="block text-12 font-normal text-quiet" title={fault.detail ?? undefined}>
                      {fault.words}
                    </span>
                  ) : null}
                </th>
                <td className="figure py-2 pr-4">{formatMoment({ ms: beganMs, timeZone, locale })}</td>
                <td className="figure py-2 pr-4 text-right">{formatDuration(endMs - beganMs, locale)}</td>
                {numbers.map((each) => (
                  <td key={each} className="figure py-2 pl-4 text-right">
                    {run[each].toLocaleString(locale)}
                  </td>
                ))}
                <td className="py-1 pl-4 text-right">
                  <Button
                    size="small"
                    tone="plain"
                    aria-label={t('feeds.reportOf', { name })}
                    disabled={download.isPending}
                    onClick={() => download.mutate({ runId: run.id, name: fileOf(run) })}
                  >
                    <Download aria-hidden="true" strokeWidth={1.5} className="size-4" />
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
