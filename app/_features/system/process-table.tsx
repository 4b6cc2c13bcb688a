'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { ProcessStatus } from '#server/contracts/system-status.ts';

import { formatBytes, formatDuration, unknown } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { StateMark } from '../../_ui/state-mark.tsx';
import { conditionMark, conditionOf } from './process-condition.ts';

const counterNames = [
  'links',
  'streams',
  'writers',
  'readers',
  'viewers',
  'heldRequests',
  'droppedReaders',
  'droppedRecords',
  'doubles',
  'ringBytes',
  'picturesDecoded',
  'picturesFailed',
  'stillsDecoded',
  'stillBytes',
  'cells',
  'cellCrashes',
  'reconnects',
] as const;

/** What a process counts, in words where we have them; what stands at nought is left out. */
function useWorkWords(): (process: ProcessStatus) => string {
  const t = useTranslations('status.counter');
  const locale = useLocale();
  return (process) =>
    Object.entries(process.health?.counters ?? {})
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => {
        const known = counterNames.find((each) => each === name);
        const shown = name.endsWith('Bytes')
          ? formatBytes(value)
          : (Math.round(value * 10) / 10).toLocaleString(locale);
        return `${known ? t(known) : name} ${shown}`;
      })
      .join(' · ');
}

const heads = ['condition', 'up', 'cpu', 'memory', 'loopDelay', 'seen'] as const;

export function ProcessTable({ processes }: { processes: readonly ProcessStatus[] }) {
  const t = useTranslations('status');
  const locale = useLocale();
  const workOf = useWorkWords();
  const seconds = (value: number | undefined) => (value === undefined ? unknown : formatDuration(value * 1000, locale));
  return (
    // The table scrolls on a phone, so it must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="overflow-x-auto" tabIndex={0} aria-label={t('processes')}>
      <table className="w-full min-w-2xl text-13">
        <thead>
          <tr className="border-b border-line-strong text-12 text-quiet">
            <th scope="col" className="py-2 pr-4 text-left font-normal">
              {t('process')}
            </th>
            {heads.map((head, index) => (
              <th
                key={head}
                scope="col"
                className={
                  index === 0 ? 'py-2 pr-4 text-left font-normal' : 'py-2 pl-4 text-right font-normal whitespace-nowrap'
                }
              >
                {t(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {processes.map((process) => {
            const condition = conditionOf(process);
            const seenMs =
              process.lastSeenAt === null ? null : Math.max(0, serverNow() - Date.parse(process.lastSeenAt));
            const { health } = process;
            return (
              <tr key={`${process.name} ${process.pid ?? ''}`} className="border-b border-line align-top">
                <th scope="row" className="py-2 pr-4 text-left font-medium">
                  {process.name} <span className="figure text-12 text-quiet">{process.pid ?? ''}</span>
                  <p className="text-12 font-normal text-quiet">{workOf(process)}</p>
                </th>
                <td className="py-2 pr-4">
                  <span className="inline-flex items-center gap-2">
                    <StateMark state={conditionMark[condition]} /> {t(condition)}
                  </span>
                  {process.stuck === null ? null : <p className="text-12 text-quiet">{process.stuck}</p>}
                </td>
                <td className="figure py-2 pl-4 text-right">{seconds(health?.uptimeSeconds)}</td>
                <td className="figure py-2 pl-4 text-right">{seconds(health?.cpuSeconds)}</td>
                <td className="figure py-2 pl-4 text-right">{formatBytes(health?.rssBytes)}</td>
                <td className="figure py-2 pl-4 text-right">
                  {health ? `${health.eventLoopDelayP99Ms.toFixed(1)} ms` : unknown}
                </td>
                <td className="figure py-2 pl-4 text-right">{formatDuration(seenMs, locale)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
