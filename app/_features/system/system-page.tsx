'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import type { ReactNode } from 'react';

import { cameraStates } from '#server/contracts/camera.ts';
import type { Health, SystemStatus } from '#server/contracts/system-status.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { formatBitrate, formatDuration } from '../../_lib/format.ts';
import { holds } from '../../_lib/holds.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Note } from '../../_ui/note.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { Notices } from './notices.tsx';
import { ProcessTable } from './process-table.tsx';
import { Storage } from './storage.tsx';

const refreshMs = 2000;
const marks = { ok: 'live', attention: 'delayed', degraded: 'delayed', down: 'error' } as const;
const partNames = ['database', 'web', 'ingest', 'slicer', 'gateway', 'postgres'] as const;

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line py-6">
      <h2 className="pb-3 text-13 font-semibold text-quiet">{title}</h2>
      {children}
    </section>
  );
}

function Parts({ health }: { health: Health }) {
  const t = useTranslations('status');
  const nameOf = (part: string) => {
    const known = partNames.find((name) => name === part);
    return known ? t(`part.${known}`) : part;
  };
  return (
    <ul className="flex flex-wrap gap-x-8 gap-y-2">
      {Object.entries(health.parts).map(([part, state]) => (
        <li key={part} className="flex items-center gap-2">
          <StateMark state={marks[state]} />
          {nameOf(part)} <span className="text-13 text-quiet">{t(`partState.${state}`)}</span>
        </li>
      ))}
    </ul>
  );
}

function Number({ value, word }: { value: ReactNode; word: string }) {
  return (
    <div>
      <dd className="figure text-20">{value}</dd>
      <dt className="text-12 text-quiet">{word}</dt>
    </div>
  );
}

function Streams({ streams }: { streams: SystemStatus['streams'] }) {
  const t = useTranslations();
  return (
    <>
      <dl className="flex flex-wrap gap-x-10 gap-y-4 *:flex *:flex-col">
        <Number value={streams.total} word={t('status.total')} />
        <Number value={streams.writing} word={t('status.writing')} />
        <Number value={streams.viewers} word={t('status.viewers')} />
        <Number value={formatBitrate(streams.bitrate)} word={t('status.throughput')} />
      </dl>
      <ul className="flex flex-wrap gap-x-6 gap-y-1 pt-4 text-13">
        {cameraStates
          .filter((state) => (streams.byState[state] ?? 0) > 0)
          .map((state) => (
            <li key={state}>
              <Link
                href={`/?state=${state}`}
                className="inline-flex items-center gap-2 rounded-control hover:underline"
              >
                <StateMark state={state} /> {t(`state.${state}`)}
                <span className="figure text-quiet">{streams.byState[state]}</span>
              </Link>
            </li>
          ))}
      </ul>
    </>
  );
}

/** What works, what is missing and what to do: a calm answer for everybody, the details for the owner. */
export function SystemPage() {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const me = useQuery(trpc.identity.me.queryOptions());
  const maySee = me.data ? holds(me.data.permissions, 'system:view') : false;
  const health = useQuery(trpc.system.health.queryOptions(undefined, { refetchInterval: 5000 }));
  const status = useQuery(
    trpc.system.status.queryOptions(undefined, {
      enabled: maySee,
      refetchInterval: refreshMs,
      placeholderData: keepPreviousData,
      retry: 1,
    }),
  );
  if (health.isError && !health.data) {
    return (
      <PageNote
        icon={CloudOff}
        title={t('status.errorTitle')}
        actions={<Button onClick={() => void health.refetch()}>{t('cameras.retry')}</Button>}
      >
        {t(`error.${codeOf(health.error)}`)}
      </PageNote>
    );
  }
  const isConcerned = status.data?.notices.some(({ severity }) => severity !== 'info') ?? false;
  const overall = health.data?.status === 'ok' && isConcerned ? 'attention' : (health.data?.status ?? 'ok');
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pb-10 md:px-7">
      <header className="flex min-h-24 flex-wrap items-baseline gap-x-4 pt-5 pb-6">
        <h1 className="text-20 font-semibold">{t('status.title')}</h1>
        {health.data ? (
          <>
            <span className="inline-flex items-center gap-2">
              <StateMark state={marks[overall]} /> {t(`status.overall.${overall}`)}
            </span>
            <span className="figure ml-auto text-12 text-quiet">
              {t('status.version', { version: health.data.version })} ·{' '}
              {t('status.uptime', { time: formatDuration(health.data.uptimeSeconds * 1000, locale) })}
              {status.data ? ` · ${status.data.node}` : ''}
            </span>
          </>
        ) : null}
      </header>
      {status.data ? (
        <>
          <Section title={t('status.notices')}>
            <Notices notices={status.data.notices} />
          </Section>
          <Section title={t('status.streams')}>
            <Streams streams={status.data.streams} />
          </Section>
          <Section title={t('status.processes')}>
            <ProcessTable processes={status.data.processes} />
          </Section>
          <Section title={t('status.storage')}>
            <Storage storage={status.data.storage} />
          </Section>
        </>
      ) : null}
      {status.isError && !status.data ? (
        <Note tone="error" title={t('status.errorTitle')}>
          {t(`error.${codeOf(status.error)}`)}
        </Note>
      ) : null}
      {maySee ? null : (
        <>
          <Section title={t('status.parts')}>
            {health.data ? <Parts health={health.data} /> : <div className="h-6" />}
          </Section>
          {me.isSuccess ? (
            <Section title={t('status.signInTitle')}>
              <p className="pb-4 text-quiet">{t(me.data ? 'status.notYoursText' : 'status.signInText')}</p>
              {me.data ? null : (
                <Button asChild>
                  <Link href="/login?next=/status">{t('frame.signIn')}</Link>
                </Button>
              )}
            </Section>
          ) : null}
        </>
      )}
    </div>
  );
}
