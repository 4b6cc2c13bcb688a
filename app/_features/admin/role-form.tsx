'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';

import { roleId, type RoleView } from '#server/contracts/access.ts';
import { permission, permissionPattern, type PermissionPattern } from '#server/contracts/permissions.ts';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { PermissionMatrix } from './permission-matrix.tsx';
import { useFault } from './use-fault.ts';

/** `Night shift` → `night-shift`. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);

function Removal({ role, onRemoved }: { role: RoleView; onRemoved: () => void }) {
  const t = useTranslations('admin.roles');
  const trpc = useTRPC();
  const fault = useFault();
  const [isAsked, setIsAsked] = useState(false);
  const remove = useMutation(trpc.roles.remove.mutationOptions({ meta: { hasOwnWords: true }, onSuccess: onRemoved }));
  return (
    <>
      <Button tone="danger" className="max-md:h-11" onClick={() => setIsAsked(true)}>
        {t('remove')}
      </Button>
      {isAsked ? (
        <ConfirmDialog
          title={t('removeTitle', { name: role.name })}
          text={t('removeText', { count: role.people })}
          action={t('remove')}
          typed={role.name}
          isBusy={remove.isPending}
          error={remove.isError ? fault(remove.error) : undefined}
          // How many would lose it was said above.
          onConfirm={() => remove.mutate({ id: role.id, evenIfHeld: true })}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </>
  );
}

/** A role to be made or changed; a built-in one only to be read. */
export function RoleForm({ role, onDone }: { role: RoleView | null; onDone: (id: string | null) => void }) {
  const t = useTranslations('admin.roles');
  const trpc = useTRPC();
  const fault = useFault();
  const catalogue = useQuery(trpc.roles.catalogue.queryOptions(undefined, { staleTime: 600_000 }));
  const [id, setId] = useState(role?.id ?? '');
  const [hasOwnId, setHasOwnId] = useState(role !== null);
  const [name, setName] = useState(role?.name ?? '');
  const [nameJa, setNameJa] = useState(role?.nameJa ?? '');
  const [patterns, setPatterns] = useState<PermissionPattern[]>(
    (role?.permissions ?? []).flatMap((text) => permissionPattern.safeParse(text).data ?? []),
  );
  const meta = { hasOwnWords: true };
  const create = useMutation(trpc.roles.create.mutationOptions({ meta, onSuccess: (made) => onDone(made.id) }));
  const update = useMutation(trpc.roles.update.mutationOptions({ meta, onSuccess: () => onDone(null) }));
  const saving = role ? update : create;
  const all = catalogue.data?.permissions ?? permission.options;
  if (role?.builtIn) {
    return (
      <div className="grid gap-4 py-4">
        <Note title={t('builtInTitle')}>{t('builtInText')}</Note>
        <PermissionMatrix all={all} patterns={patterns} />
      </div>
    );
  }
  const isIdGood = roleId.safeParse(id).success;
  const isReady = isIdGood && name.trim() !== '' && !saving.isPending;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady) return;
    saving.mutate({ id, name: name.trim(), nameJa: nameJa.trim() || null, permissions: patterns });
  };
  const isTaken = create.isError && codeOf(create.error) === 'CONFLICT';
  return (
    <form onSubmit={submit} className="grid gap-4 py-4">
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label={t('name')}>
          {(control) => (
            <TextInput
              {...control}
              maxLength={100}
              value={name}
              onChange={(event) => {
                setName(event.target.value);
                if (!hasOwnId) setId(idOf(event.target.value));
              }}
            />
          )}
        </Field>
        <Field label={t('nameJa')} optional={t('optional')}>
          {(control) => (
            <TextInput
              {...control}
              maxLength={100}
              value={nameJa}
              onChange={(event) => setNameJa(event.target.value)}
            />
          )}
        </Field>
        <Field
          label={t('id')}
          help={role ? t('idFixed') : t('idHelp')}
          error={isTaken ? t('idTaken') : id !== '' && !isIdGood ? t('idError') : undefined}
        >
          {(control) => (
            <TextInput
              {...control}
              className="figure"
              maxLength={40}
              disabled={role !== null}
              value={id}
              onChange={(event) => {
                setHasOwnId(event.target.value !== '');
                setId(event.target.value);
              }}
            />
          )}
        </Field>
      </div>
      <PermissionMatrix all={all} patterns={patterns} onChange={setPatterns} />
      {saving.isError && !isTaken ? (
        <p role="alert" className="text-13 text-error">
          {fault(saving.error)}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="signal" className="max-md:h-11" disabled={!isReady}>
          {role ? t('save') : t('create')}
        </Button>
        {role ? <Removal role={role} onRemoved={() => onDone(null)} /> : null}
      </div>
    </form>
  );
}
