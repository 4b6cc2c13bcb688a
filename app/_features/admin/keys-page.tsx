'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useDeferredValue } from 'react';

import type { KeyView } from '#server/contracts/access.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { column } from '../../_ui/data-table.tsx';
import { SidePanel } from '../../_ui/side-panel.tsx';
import { SearchFilter } from './filters.tsx';
import { KeyDetails } from './key-panel.tsx';
import { gated, ListPage, useRows } from './list-page.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';

function Keys() {
  const t = useTranslations('admin.keys');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { read, filter, openId, open } = useAddress();
  const { ago, isPast } = useMoment();
  const prefix = useDeferredValue(read('q').trim().slice(0, 20));
  const list = useInfiniteQuery(
    trpc.keys.list.infiniteQueryOptions(
      { everybody: true, limit: 50, ...(prefix && { prefix }) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = useRows(list.data);
  const row = rows.find((one) => one.id === openId);
  const stateOf = (one: KeyView) =>
    one.revokedAt ? 'revoked' : one.expiresAt && isPast(one.expiresAt) ? 'expired' : 'good';
  const columns = [
    column<KeyView>('name', t('name'), (one) => one.name),
    column<KeyView>('prefix', t('prefix'), (one) => <span className="figure">{one.prefix}…</span>),
    column<KeyView>('owner', t('owner'), (one) => one.owner.name),
    column<KeyView>('state', t('state'), (one) => (
      <span className={stateOf(one) === 'good' ? undefined : 'text-error'}>{t(`states.${stateOf(one)}`)}</span>
    )),
    column<KeyView>(
      'permissions',
      t('permissions'),
      (one) => <span className="figure">{one.permissions.includes('*') ? '*' : one.permissions.length}</span>,
      { isSpare: true, className: 'text-right' },
    ),
    column<KeyView>('factor', t('factorHead'), (one) => <span className="figure">×{one.rateFactor}</span>, {
      isSpare: true,
      className: 'text-right',
    }),
    column<KeyView>(
      'lastUsed',
      t('lastUsed'),
      (one) => <span className="figure">{one.lastUsedAt ? ago(one.lastUsedAt) : t('unused')}</span>,
      { className: 'text-right' },
    ),
  ];
  return (
    <ListPage
      section="keys"
      filters={<SearchFilter label={t('search')} value={read('q')} onChange={(q) => filter({ q })} />}
      panel={
        row ? (
          <SidePanel key={row.id} title={row.name} closeLabel={tAll('close')} onClose={() => open(null)}>
            <KeyDetails row={row} />
          </SidePanel>
        ) : null
      }
      query={list}
      rows={rows}
      rowId={(one) => one.id}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
      isFiltered={prefix !== ''}
      onClear={() => filter({ q: null })}
    />
  );
}

export const KeysPage = gated('keys', Keys);
