'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import type { UserRow } from '#server/contracts/access.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { Note } from '../../_ui/note.tsx';
import { Facts, PanelSection, SidePanel } from '../../_ui/side-panel.tsx';
import { GrantForm } from './grant-form.tsx';
import { ObjectName } from './object-name.tsx';
import { PersonDoings } from './person-doings.tsx';
import { useFault } from './use-fault.ts';
import { useMoment } from './use-moment.ts';
import { useRoles } from './use-roles.ts';

function Held({ person }: { person: UserRow }) {
  const t = useTranslations('admin.people');
  const trpc = useTRPC();
  const { may } = useMay();
  const { nameOf } = useRoles();
  const take = useMutation(trpc.users.take.mutationOptions());
  if (person.roles.length === 0) return <p className="text-13 text-quiet">{t('noRoles')}</p>;
  return (
    <ul className="text-13">
      {person.roles.map((held) => (
        <li key={held.id} className="flex min-h-9 items-center gap-3">
          <span className="min-w-0 grow">
            <span className="font-medium">{nameOf(held.roleId)}</span>{' '}
            <span className="text-quiet">{held.object ? <ObjectName object={held.object} /> : t('forAll')}</span>
          </span>
          {may('role:admin') ? (
            <IconButton
              label={t('take', { role: nameOf(held.roleId) })}
              side="left"
              className="max-md:size-11"
              disabled={take.isPending}
              onClick={() => take.mutate({ userId: person.id, heldId: held.id })}
            >
              <X aria-hidden="true" strokeWidth={1.5} />
            </IconButton>
          ) : null}
        </li>
      ))}
    </ul>
  );
}

function Sessions({ id }: { id: string }) {
  const t = useTranslations('admin');
  const trpc = useTRPC();
  const { ago, at } = useMoment();
  const { data } = useQuery(trpc.users.sessions.queryOptions({ id }));
  if (!data) return <p className="text-13 text-quiet">{t('loading')}</p>;
  if (data.length === 0) return <p className="text-13 text-quiet">{t('people.noSessions')}</p>;
  return (
    <ul className="grid gap-2 text-13">
      {data.map((session) => (
        <li key={session.id}>
          <p>
            {session.device} {session.current ? <span className="text-live">{t('people.thisOne')}</span> : null}
          </p>
          <p className="text-12 text-quiet">
            <span className="figure">{session.ip ?? '–'}</span> · {session.method} ·{' '}
            {t('people.seen', { ago: ago(session.lastSeenAt) })} · {t('people.since', { at: at(session.createdAt) })}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Person({ person }: { person: UserRow }) {
  const t = useTranslations('admin.people');
  const { may } = useMay();
  const { at, ago } = useMoment();
  return (
    <>
      {person.lockedAt ? (
        <Note tone="error" className="mt-4" title={t('lockedSince', { at: at(person.lockedAt) })}>
          {person.lockedReason}
        </Note>
      ) : null}
      {may('user:admin') ? <PersonDoings person={person} /> : null}
      <PanelSection title={t('roles')}>
        <Held person={person} />
        {may('role:admin') ? <GrantForm person={person} /> : null}
      </PanelSection>
      <PanelSection title={t('sessions', { count: person.sessions })}>
        <Sessions id={person.id} />
      </PanelSection>
      <PanelSection title={t('facts')}>
        <Facts
          facts={[
            [t('email'), `${person.email} (${person.emailConfirmed ? t('confirmed') : t('unconfirmed')})`],
            [t('userName'), person.userName],
            [t('lastSignIn'), person.lastSignInAt ? ago(person.lastSignInAt) : t('never')],
            [t('created'), at(person.createdAt)],
            [t('secondFactor'), person.secondFactor ? t('on') : t('off')],
            [t('passkeys'), String(person.passkeys)],
            [
              t('id'),
              <span key="id" className="figure text-12 wrap-anywhere whitespace-normal">
                {person.id}
              </span>,
            ],
          ]}
        />
        {may('audit:view') ? (
          <p className="flex flex-wrap gap-x-4 text-13">
            <Link className="underline" href={`/admin/audit?actor=${person.id}`}>
              {t('theirDoings')}
            </Link>
            <Link className="underline" href={`/admin/audit?objectType=user&objectId=${person.id}`}>
              {t('aboutThem')}
            </Link>
          </p>
        ) : null}
      </PanelSection>
    </>
  );
}

export function PersonPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('admin');
  const trpc = useTRPC();
  const fault = useFault();
  const { data, error } = useQuery(trpc.users.get.queryOptions({ id }, { retry: 1 }));
  return (
    <SidePanel title={data?.name ?? t('people.person')} closeLabel={t('close')} onClose={onClose}>
      {data ? <Person person={data} /> : <p className="py-4 text-quiet">{error ? fault(error) : t('loading')}</p>}
    </SidePanel>
  );
}
