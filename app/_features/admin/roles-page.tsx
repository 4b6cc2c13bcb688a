'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useMemo } from 'react';

import type { RoleView } from '#server/contracts/access.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { column } from '../../_ui/data-table.tsx';
import { SidePanel } from '../../_ui/side-panel.tsx';
import { gated, ListPage } from './list-page.tsx';
import { RoleForm } from './role-form.tsx';
import { useAddress } from './use-address.ts';

/** No role can be called this: its id begins with a letter. */
const newId = '+';

function Roles() {
  const t = useTranslations('admin.roles');
  const tAll = useTranslations('admin');
  const locale = useLocale();
  const trpc = useTRPC();
  const { openId, open } = useAddress();
  const list = useQuery(trpc.roles.list.queryOptions());
  const rows = useMemo(() => list.data ?? [], [list.data]);
  const role = rows.find((one) => one.id === openId) ?? null;
  const columns = [
    column<RoleView>('name', t('name'), (row) => localName(row, locale)),
    column<RoleView>('id', t('id'), (row) => <span className="figure">{row.id}</span>, { isSpare: true }),
    column<RoleView>('builtIn', t('kind'), (row) => (row.builtIn ? t('builtIn') : t('own'))),
    column<RoleView>(
      'permissions',
      t('permissions'),
      (row) => (
        <span className="figure">{row.permissions.includes('*') ? t('everything') : row.permissions.length}</span>
      ),
      { className: 'text-right', isSpare: true },
    ),
    column<RoleView>(
      'people',
      t('people'),
      (row) => <span className="figure">{t('held', { count: row.people })}</span>,
      {
        className: 'text-right',
      },
    ),
  ];
  const isPanelOpen = openId === newId || role !== null;
  return (
    <ListPage
      section="roles"
      actions={
        <Button tone="signal" className="max-md:h-11" onClick={() => open(newId)}>
          <Plus aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('add')}
        </Button>
      }
      panel={
        isPanelOpen ? (
          <SidePanel
            key={openId}
            isWide
            title={role ? localName(role, locale) : t('add')}
            closeLabel={tAll('close')}
            onClose={() => open(null)}
          >
            <RoleForm key={role?.id ?? newId} role={role} onDone={open} />
          </SidePanel>
        ) : null
      }
      query={list}
      rows={rows}
      rowId={(row) => row.id}
      columns={columns}
      empty={{ title: t('empty'), text: '' }}
    />
  );
}

export const RolesPage = gated('roles', Roles);
