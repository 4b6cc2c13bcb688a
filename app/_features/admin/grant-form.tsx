'use client';

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useDeferredValue, useState, type FormEvent } from 'react';

import type { UserRow } from '#server/contracts/access.ts';

import { localName } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, Select } from '../../_ui/field.tsx';
import { Picker } from './picker.tsx';
import { useFault } from './use-fault.ts';
import { useRoles } from './use-roles.ts';

/** Gives somebody a role: for everything, or for one camera that is found by words. */
export function GrantForm({ person }: { person: UserRow }) {
  const t = useTranslations('admin.people');
  const locale = useLocale();
  const trpc = useTRPC();
  const fault = useFault();
  const { roles, nameOf } = useRoles();
  const [roleId, setRoleId] = useState('');
  const [reach, setReach] = useState<'all' | 'camera'>('all');
  const [words, setWords] = useState('');
  const [camera, setCamera] = useState<{ id: string; name: string } | null>(null);
  const query = useDeferredValue(words.trim().slice(0, 200));
  const found = useQuery(
    trpc.cameras.list.queryOptions(
      { limit: 8, ...(query ? { query } : {}) },
      { enabled: reach === 'camera', placeholderData: keepPreviousData },
    ),
  );
  const grant = useMutation(
    trpc.users.grant.mutationOptions({
      meta: { hasOwnWords: true },
      onSuccess: () => {
        setRoleId('');
        setReach('all');
        setWords('');
        setCamera(null);
      },
    }),
  );
  const isReady = roleId !== '' && (reach === 'all' || camera !== null) && !grant.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    const object = reach === 'camera' && camera ? { type: 'camera', id: camera.id } : null;
    grant.mutate({ userId: person.id, roleId, object });
  };
  return (
    <form onSubmit={submit} className="grid gap-3 pt-3">
      <div className="grid grid-cols-2 gap-3">
        <Field label={t('role')}>
          {(control) => (
            <Select {...control} value={roleId} onChange={(event) => setRoleId(event.target.value)}>
              <option value="">{t('chooseRole')}</option>
              {roles.map((role) => (
                <option key={role.id} value={role.id}>
                  {nameOf(role.id)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('for')}>
          {(control) => (
            <Select
              {...control}
              value={reach}
              onChange={(event) => setReach(event.target.value === 'camera' ? 'camera' : 'all')}
            >
              <option value="all">{t('forAll')}</option>
              <option value="camera">{t('forCamera')}</option>
            </Select>
          )}
        </Field>
      </div>
      {reach === 'camera' ? (
        <Picker
          label={t('camera')}
          placeholder={t('findCamera')}
          none={t('noCamera')}
          found={(found.data?.items ?? []).map((item) => ({ id: item.id, name: localName(item, locale) }))}
          query={words}
          onQuery={(next) => {
            setWords(next);
            setCamera(null);
          }}
          chosen={camera}
          onChoose={(one) => {
            setWords(one.name);
            setCamera(one);
          }}
        />
      ) : null}
      {grant.isError ? (
        <p role="alert" className="text-12 text-error">
          {fault(grant.error)}
        </p>
      ) : null}
      <Button type="submit" className="justify-self-start max-md:h-11" disabled={!isReady}>
        {t('give')}
      </Button>
    </form>
  );
}
