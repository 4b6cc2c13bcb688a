'use client';

import { keepPreviousData, useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';

import type { AppRouter } from '#server/api/app-router.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { column, DataTable } from '../../_ui/data-table.tsx';
import { Facts, SidePanel } from '../../_ui/side-panel.tsx';
import { gated, useRows } from './list-page.tsx';
import { List } from './list.tsx';
import { AdminPage } from './page.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';

type Outputs = inferRouterOutputs<AppRouter>;
type LimitRow = Outputs['limits']['list'][number];
type LockRow = Outputs['users']['locks']['items'][number];

const limitId = (row: LimitRow) => `limit ${row.limit} ${row.client}`;
/** What a lock is about: the first word of its key. */
const lockKinds = ['email', 'name', 'network'] as const;

const lockId = (row: LockRow) => `lock ${row.key}`;

function useLockedOut() {
  const t = useTranslations('admin.limits');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { may } = useMay();
  const { openId, open } = useAddress();
  const { ago, at, in: inTime, isPast } = useMoment();
  const list = useInfiniteQuery(
    trpc.users.locks.infiniteQueryOptions(
      { limit: 50 },
      {
        getNextPageParam: (page) => page.nextCursor ?? undefined,
        placeholderData: keepPreviousData,
        refetchInterval: 10_000,
      },
    ),
  );
  const clear = useMutation(trpc.users.clearLock.mutationOptions({ onSuccess: () => open(null) }));
  const all = useRows(list.data);
  // A try that was right is given back: what is left of it locks nobody.
  const rows = useMemo(() => all.filter((one) => one.failures > 0), [all]);
  const row = rows.find((one) => lockId(one) === openId);
  const nameOf = ({ key }: LockRow) => {
    const [kind = '', ...rest] = key.split(' ');
    const word = lockKinds.find((one) => one === kind);
    return word ? t(`lockKinds.${word}`, { name: rest.join(' ') }) : key;
  };
  const untilOf = (one: LockRow) =>
    one.lockedUntil && !isPast(one.lockedUntil) ? t('lockedFor', { time: inTime(one.lockedUntil) }) : t('notLocked');
  const columns = [
    column<LockRow>('who', t('who'), nameOf),
    column<LockRow>('failures', t('failures'), (one) => (
      <span className="figure">{t('tries', { count: one.failures })}</span>
    )),
    column<LockRow>('until', t('state'), untilOf),
    column<LockRow>('last', t('last'), (one) => <span className="figure">{ago(one.lastAt)}</span>, {
      className: 'text-right',
    }),
  ];
  return {
    list: (
      <List query={list} count={rows.length} empty={{ title: t('noLocks'), text: t('noLocksText') }}>
        <DataTable label={t('locks')} columns={columns} rows={rows} rowId={lockId} openId={openId} onOpen={open} />
      </List>
    ),
    panel: row ? (
      <SidePanel key={lockId(row)} title={nameOf(row)} closeLabel={tAll('close')} onClose={() => open(null)}>
        <Facts
          facts={[
            [t('state'), untilOf(row)],
            [t('failures'), String(row.failures)],
            [t('last'), at(row.lastAt)],
          ]}
        />
        {may('user:admin') ? (
          <Button className="max-md:h-11" disabled={clear.isPending} onClick={() => clear.mutate({ key: row.key })}>
            {t('clearLock')}
          </Button>
        ) : null}
      </SidePanel>
    ) : null,
  };
}

function useRefused() {
  const t = useTranslations('admin.limits');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { may } = useMay();
  const { openId, open } = useAddress();
  const { ago, at } = useMoment();
  const sees = may('user:admin');
  const list = useQuery(trpc.limits.list.queryOptions(undefined, { enabled: sees, refetchInterval: 10_000 }));
  const clear = useMutation(trpc.limits.clear.mutationOptions({ onSuccess: () => open(null) }));
  const rows = useMemo(() => list.data ?? [], [list.data]);
  const row = rows.find((one) => limitId(one) === openId);
  const nameOf = (limit: string) => {
    const key = limitNames.find((name) => name === limit);
    return key ? t(`names.${key}`) : limit;
  };
  const clientOf = ({ client, name }: LimitRow) => {
    const [kind = '', ...rest] = client.split(':');
    const word = clientKinds.find((one) => one === kind);
    return word ? t(`clientKinds.${word}`, { name: name ?? rest.join(':') }) : client;
  };
  const columns = [
    column<LimitRow>('client', t('client'), clientOf),
    column<LimitRow>('limit', t('limit'), (one) => nameOf(one.limit)),
    column<LimitRow>('refused', t('refused'), (one) => (
      <span className="figure">{t('times', { count: one.refused })}</span>
    )),
    column<LimitRow>('last', t('last'), (one) => <span className="figure">{ago(one.lastAt)}</span>, {
      className: 'text-right',
    }),
  ];
  return {
    list: sees ? (
      <List query={list} count={rows.length} empty={{ title: t('noRefused'), text: t('noRefusedText') }}>
        <DataTable
          label={t('refusedTitle')}
          columns={columns}
          rows={rows}
          rowId={limitId}
          openId={openId}
          onOpen={open}
        />
      </List>
    ) : null,
    panel: row ? (
      <SidePanel key={limitId(row)} title={clientOf(row)} closeLabel={tAll('close')} onClose={() => open(null)}>
        <Facts
          facts={[
            [t('limit'), nameOf(row.limit)],
            [t('refused'), String(row.refused)],
            [t('last'), at(row.lastAt)],
            [t('resets'), at(row.resetsAt)],
          ]}
        />
        <Button
          className="max-md:h-11"
          disabled={clear.isPending}
          onClick={() => clear.mutate({ limit: row.limit, client: row.client })}
        >
          {t('clearLimit')}
        </Button>
      </SidePanel>
    ) : null,
  };
}

/** Who is counted: the first word of a client. */
const clientKinds = ['ip', 'user', 'key', 'keys'] as const;

const limitNames = [
  'api',
  'grpc',
  'signIn',
  'mail',
  'badCredential',
  'page',
  'asset',
  'media',
  'frame',
  'websocket',
] as const;

function Limits() {
  const t = useTranslations('admin.limits');
  const locks = useLockedOut();
  const refused = useRefused();
  return (
    <AdminPage section="limits" panel={locks.panel ?? refused.panel}>
      <h2 className="pt-4 text-13 font-semibold text-quiet">{t('locks')}</h2>
      {locks.list}
      {refused.list ? (
        <>
          <h2 className="pt-4 text-13 font-semibold text-quiet">{t('refusedTitle')}</h2>
          {refused.list}
        </>
      ) : null}
    </AdminPage>
  );
}

export const LimitsPage = gated('limits', Limits);
