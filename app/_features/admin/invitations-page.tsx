'use client';

import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { MailPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

import type { InvitationRow } from '#server/contracts/access.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { column } from '../../_ui/data-table.tsx';
import { Facts, SidePanel } from '../../_ui/side-panel.tsx';
import { InvitationForm } from './invitation-form.tsx';
import { gated, ListPage, useRows } from './list-page.tsx';
import { useAddress } from './use-address.ts';
import { useFault } from './use-fault.ts';
import { useMoment } from './use-moment.ts';
import { useRoles } from './use-roles.ts';

function Invitation({ row }: { row: InvitationRow }) {
  const t = useTranslations('admin.invitations');
  const trpc = useTRPC();
  const fault = useFault();
  const { at } = useMoment();
  const { nameOf } = useRoles();
  const [isAsked, setIsAsked] = useState(false);
  const revoke = useMutation(
    trpc.invitations.revoke.mutationOptions({ meta: { hasOwnWords: true }, onSuccess: () => setIsAsked(false) }),
  );
  return (
    <>
      <Facts
        facts={[
          [t('state'), t(`states.${row.state}`)],
          [t('roles'), row.roleIds.map(nameOf).join(', ') || t('noRoles')],
          [t('by'), row.createdBy],
          [t('created'), at(row.createdAt)],
          [t('expires'), at(row.expiresAt)],
          [t('usedBy'), row.usedBy ?? '–'],
        ]}
      />
      {row.state === 'open' ? (
        <Button tone="danger" className="max-md:h-11" onClick={() => setIsAsked(true)}>
          {t('revoke')}
        </Button>
      ) : null}
      {isAsked ? (
        <ConfirmDialog
          title={t('revokeTitle')}
          text={t('revokeText')}
          action={t('revoke')}
          isBusy={revoke.isPending}
          error={revoke.isError ? fault(revoke.error) : undefined}
          onConfirm={() => revoke.mutate({ id: row.id })}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </>
  );
}

function Invitations() {
  const t = useTranslations('admin.invitations');
  const tAll = useTranslations('admin');
  const trpc = useTRPC();
  const { read, filter, openId, open } = useAddress();
  const { at, in: inTime } = useMoment();
  const { nameOf } = useRoles();
  const list = useInfiniteQuery(
    trpc.invitations.list.infiniteQueryOptions(
      { limit: 50 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = useRows(list.data);
  const row = rows.find((one) => one.id === openId);
  const isNew = read('new') !== '';
  const nameOfRow = (one: InvitationRow) => one.email ?? t('whoeverHasIt');
  const columns = [
    column<InvitationRow>('for', t('for'), nameOfRow),
    column<InvitationRow>('state', t('state'), (one) => t(`states.${one.state}`)),
    column<InvitationRow>('roles', t('roles'), (one) => one.roleIds.map(nameOf).join(', ')),
    column<InvitationRow>('by', t('by'), (one) => one.createdBy, { isSpare: true }),
    column<InvitationRow>(
      'expires',
      t('expires'),
      (one) => <span className="figure">{one.state === 'open' ? inTime(one.expiresAt) : at(one.expiresAt)}</span>,
      { className: 'text-right' },
    ),
  ];
  return (
    <ListPage
      section="invitations"
      actions={
        <Button tone="signal" className="max-md:h-11" onClick={() => filter({ new: 'yes', open: null })}>
          <MailPlus aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('add')}
        </Button>
      }
      panel={
        isNew ? (
          <SidePanel key="new" title={t('add')} closeLabel={tAll('close')} onClose={() => filter({ new: null })}>
            <InvitationForm />
          </SidePanel>
        ) : row ? (
          <SidePanel key={row.id} title={nameOfRow(row)} closeLabel={tAll('close')} onClose={() => open(null)}>
            <Invitation row={row} />
          </SidePanel>
        ) : null
      }
      query={list}
      rows={rows}
      rowId={(one) => one.id}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
      openId={isNew ? null : openId}
      onOpen={(id) => {
        filter({ new: null });
        open(id);
      }}
    />
  );
}

export const InvitationsPage = gated('invitations', Invitations);
