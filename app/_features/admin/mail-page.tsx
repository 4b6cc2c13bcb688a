'use client';

import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';

import { outboxState, type OutboxRow } from '#server/contracts/outbox.ts';

import { unknown } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { column } from '../../_ui/data-table.tsx';
import { Note } from '../../_ui/note.tsx';
import { Facts, PanelSection, SidePanel } from '../../_ui/side-panel.tsx';
import { ChoiceFilter } from './filters.tsx';
import { gated, ListPage, useRows } from './list-page.tsx';
import { OutboxState } from './outbox-state.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';

function Letter({ row, leaves }: { row: OutboxRow; leaves: boolean }) {
  const t = useTranslations('admin.mail');
  const trpc = useTRPC();
  const { may } = useMay();
  const { at, in: inTime } = useMoment();
  const read = useMutation(trpc.mail.read.mutationOptions());
  const retry = useMutation(trpc.mail.retry.mutationOptions());
  return (
    <>
      <Facts
        facts={[
          [t('to'), row.summary['to'] ?? unknown],
          [t('state'), <OutboxState key="state" state={row.state} />],
          [t('attempts'), String(row.attempts)],
          [t('created'), at(row.createdAt)],
          [t('sent'), at(row.sentAt)],
          ...(row.nextAt ? ([[t('next'), inTime(row.nextAt)]] as const) : []),
          ...(row.lastError ? ([[t('reason'), row.lastError]] as const) : []),
        ]}
      />
      {may('outbox:write') ? (
        <PanelSection title={t('content')}>
          {read.data ? (
            <pre className="font-mono text-12 whitespace-pre-wrap wrap-anywhere">{read.data.text}</pre>
          ) : (
            <>
              <p className="pb-3 text-13 text-quiet">{t('readText')}</p>
              <Button className="max-md:h-11" disabled={read.isPending} onClick={() => read.mutate({ id: row.id })}>
                {t('read')}
              </Button>
            </>
          )}
        </PanelSection>
      ) : null}
      {may('outbox:write') && leaves && row.state !== 'pending' ? (
        <Button className="mt-4 max-md:h-11" disabled={retry.isPending} onClick={() => retry.mutate({ id: row.id })}>
          {t('retry')}
        </Button>
      ) : null}
    </>
  );
}

function Mail() {
  const t = useTranslations('admin.mail');
  const tOut = useTranslations('admin.outbox');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { read, filter, openId, open } = useAddress();
  const { ago } = useMoment();
  const state = outboxState.safeParse(read('state')).data;
  const list = useInfiniteQuery(
    trpc.mail.list.infiniteQueryOptions(
      { limit: 50, ...(state && { state }) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = useRows(list.data);
  const leaves = list.data?.pages[0]?.leaves ?? true;
  const row = rows.find((one) => one.id === openId);
  const columns = [
    column<OutboxRow>('subject', t('subject'), (one) => one.summary['subject'] ?? unknown),
    column<OutboxRow>('to', t('to'), (one) => <span className="wrap-anywhere">{one.summary['to'] ?? unknown}</span>),
    column<OutboxRow>('state', t('state'), (one) => <OutboxState state={one.state} />),
    column<OutboxRow>(
      'reason',
      t('reason'),
      (one) => <span className="block max-w-60 truncate">{one.lastError}</span>,
      {
        isSpare: true,
      },
    ),
    column<OutboxRow>('created', t('created'), (one) => <span className="figure">{ago(one.createdAt)}</span>, {
      className: 'text-right',
    }),
  ];
  return (
    <ListPage
      section="mail"
      filters={
        <ChoiceFilter label={t('state')} value={state ?? ''} onChange={(value) => filter({ state: value })}>
          <option value="">{tOut('every')}</option>
          {outboxState.options.map((one) => (
            <option key={one} value={one}>
              {tOut(one)}
            </option>
          ))}
        </ChoiceFilter>
      }
      panel={
        row ? (
          <SidePanel
            key={row.id}
            title={row.summary['subject'] ?? t('mail')}
            closeLabel={tAll('close')}
            onClose={() => open(null)}
          >
            <Letter row={row} leaves={leaves} />
          </SidePanel>
        ) : null
      }
      note={
        leaves ? null : (
          <Note tone="warning" title={t('kept')} className="mb-3">
            {t('keptText')}
          </Note>
        )
      }
      query={list}
      rows={rows}
      rowId={(one) => one.id}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
      isFiltered={state !== undefined}
      onClear={() => filter({ state: null })}
    />
  );
}

export const MailPage = gated('mail', Mail);
