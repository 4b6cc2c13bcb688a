'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Lock, MailPlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useDeferredValue } from 'react';

import { roleId, type UserRow } from '#server/contracts/access.ts';
import { builtInRoles } from '#server/contracts/permissions.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { column } from '../../_ui/data-table.tsx';
import { PersonPicture } from '../../_ui/person-picture.tsx';
import { ChoiceFilter, SearchFilter } from './filters.tsx';
import { gated, ListPage, useRows } from './list-page.tsx';
import { PersonPanel } from './person-panel.tsx';
import { useAddress } from './use-address.ts';
import { useMoment } from './use-moment.ts';
import { useRoles } from './use-roles.ts';

const none = { q: null, role: null, locked: null };

function People() {
  const t = useTranslations('admin.people');
  const trpc = useTRPC();
  const { may } = useMay();
  const { read, filter, openId, open } = useAddress();
  const { roles, nameOf } = useRoles();
  const { ago, at } = useMoment();
  const query = useDeferredValue(read('q').trim().slice(0, 200));
  const role = roleId.safeParse(read('role')).data;
  const locked = { yes: true, no: false }[read('locked')];
  const list = useInfiniteQuery(
    trpc.users.list.infiniteQueryOptions(
      { limit: 50, ...(query && { query }), ...(role && { role }), ...(locked !== undefined && { locked }) },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = useRows(list.data);
  const columns = [
    column<UserRow>('name', t('name'), (person) => (
      <span className="flex items-center gap-2">
        <PersonPicture person={person} className="size-6 text-12" /> {person.name}
      </span>
    )),
    column<UserRow>('email', t('email'), (person) => <span className="wrap-anywhere">{person.email}</span>),
    column<UserRow>('roles', t('roles'), (person) =>
      person.roles.map((held) => `${nameOf(held.roleId)}${held.object ? ' ◦' : ''}`).join(', '),
    ),
    column<UserRow>('state', t('state'), (person) =>
      person.lockedAt ? (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-error">
          <Lock aria-hidden="true" strokeWidth={1.5} className="size-3.5" /> {t('locked')}
        </span>
      ) : null,
    ),
    column<UserRow>('secondFactor', t('secondFactor'), (person) => (person.secondFactor ? t('on') : '–'), {
      isSpare: true,
      className: '@max-4xl:hidden',
    }),
    column<UserRow>('sessions', t('sessionsHead'), (person) => <span className="figure">{person.sessions}</span>, {
      isSpare: true,
      className: 'text-right',
    }),
    column<UserRow>(
      'lastSignIn',
      t('lastSignIn'),
      (person) => <span className="figure">{person.lastSignInAt ? ago(person.lastSignInAt) : t('never')}</span>,
      { className: 'text-right' },
    ),
    column<UserRow>('created', t('created'), (person) => <span className="figure">{at(person.createdAt)}</span>, {
      isSpare: true,
      className: 'text-right @max-4xl:hidden',
    }),
  ];
  const isFiltered = Object.keys(none).some((name) => read(name) !== '');
  const roleIds = roles.length > 0 ? roles.map((one) => one.id) : Object.keys(builtInRoles);
  return (
    <ListPage
      section="people"
      actions={
        may('user:admin') ? (
          <Button asChild tone="signal" className="max-md:h-11">
            <Link href="/admin/invitations?new=yes">
              <MailPlus aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('invite')}
            </Link>
          </Button>
        ) : null
      }
      filters={
        <>
          <SearchFilter label={t('search')} value={read('q')} onChange={(q) => filter({ q })} />
          <ChoiceFilter label={t('role')} value={read('role')} onChange={(value) => filter({ role: value })}>
            <option value="">{t('everyRole')}</option>
            {roleIds.map((id) => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
          </ChoiceFilter>
          <ChoiceFilter label={t('state')} value={read('locked')} onChange={(value) => filter({ locked: value })}>
            <option value="">{t('lockedOrNot')}</option>
            <option value="yes">{t('locked')}</option>
            <option value="no">{t('notLocked')}</option>
          </ChoiceFilter>
        </>
      }
      panel={openId ? <PersonPanel key={openId} id={openId} onClose={() => open(null)} /> : null}
      query={list}
      rows={rows}
      rowId={(person) => person.id}
      columns={columns}
      empty={{ title: t('empty'), text: t('emptyText') }}
      isFiltered={isFiltered}
      onClear={() => filter(none)}
    />
  );
}

export const PeoplePage = gated('people', People);
