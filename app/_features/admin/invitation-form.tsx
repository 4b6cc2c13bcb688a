'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';

import { emailAddress } from '#server/contracts/identity.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useMay } from '../../_lib/use-may.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, Select, TextInput } from '../../_ui/field.tsx';
import { ShownOnce } from '../../_ui/shown-once.tsx';
import { useFault } from './use-fault.ts';
import { useRoles } from './use-roles.ts';

/** Hours. */
const validities = [24, 72, 168, 720] as const;

/** Makes an invitation; its link is shown this once. */
export function InvitationForm() {
  const t = useTranslations('admin.invitations');
  const trpc = useTRPC();
  const fault = useFault();
  const { may } = useMay();
  const { roles, nameOf } = useRoles();
  const [email, setEmail] = useState('');
  const [roleIds, setRoleIds] = useState<readonly string[]>([]);
  const [validFor, setValidFor] = useState<number>(168);
  const create = useMutation(trpc.invitations.create.mutationOptions({ meta: { hasOwnWords: true } }));
  const isEmailGood = email.trim() === '' || emailAddress.safeParse(email.trim()).success;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isEmailGood) create.mutate({ email: email.trim() || null, roleIds: [...roleIds], validFor });
  };
  if (create.data) {
    return (
      <div className="grid gap-4 py-4">
        <ShownOnce label={t('link')} note={t('linkOnce')} value={create.data.link} />
        <Button
          className="justify-self-start max-md:h-11"
          onClick={() => {
            create.reset();
            setEmail('');
          }}
        >
          {t('another')}
        </Button>
      </div>
    );
  }
  return (
    <form onSubmit={submit} noValidate className="grid gap-4 py-4">
      <Field
        label={t('email')}
        optional={t('optional')}
        help={t('emailHelp')}
        error={isEmailGood ? undefined : t('emailError')}
      >
        {(control) => (
          <TextInput
            {...control}
            type="email"
            autoComplete="off"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        )}
      </Field>
      {may('role:admin') ? (
        <fieldset>
          <legend className="pb-1 text-13 font-medium">{t('roles')}</legend>
          <div className="grid grid-cols-2 gap-x-4">
            {roles.map((role) => (
              <label key={role.id} className="flex min-h-8 items-center gap-2 text-13 max-md:min-h-11">
                <input
                  type="checkbox"
                  className="size-4 accent-signal"
                  checked={roleIds.includes(role.id)}
                  onChange={(event) =>
                    setRoleIds(event.target.checked ? [...roleIds, role.id] : roleIds.filter((id) => id !== role.id))
                  }
                />
                {nameOf(role.id)}
              </label>
            ))}
          </div>
        </fieldset>
      ) : null}
      <Field label={t('validFor')}>
        {(control) => (
          <Select {...control} value={validFor} onChange={(event) => setValidFor(Number(event.target.value))}>
            {validities.map((hours) => (
              <option key={hours} value={hours}>
                {t('days', { count: hours / 24 })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {create.isError ? (
        <p role="alert" className="text-13 text-error">
          {fault(create.error)}
        </p>
      ) : null}
      <Button type="submit" tone="signal" className="justify-self-start max-md:h-11" disabled={create.isPending}>
        {t('create')}
      </Button>
    </form>
  );
}
