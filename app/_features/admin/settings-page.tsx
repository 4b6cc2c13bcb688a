'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { toast } from 'sonner';

import { houseSettings, type HouseSettings } from '#server/contracts/access.ts';
import { builtInRoles } from '#server/contracts/permissions.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Field, Select, TextArea } from '../../_ui/field.tsx';
import { gated } from './list-page.tsx';
import { List } from './list.tsx';
import { AdminPage } from './page.tsx';
import { useFault } from './use-fault.ts';
import { useRoles } from './use-roles.ts';

const modes = houseSettings.shape.signUp.options;
const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

function SettingsForm({ settings }: { settings: HouseSettings }) {
  const t = useTranslations('admin.settings');
  const trpc = useTRPC();
  const fault = useFault();
  const { roles, nameOf } = useRoles();
  const [signUp, setSignUp] = useState(settings.signUp);
  const [signUpRole, setSignUpRole] = useState(settings.signUpRole ?? '');
  const [origins, setOrigins] = useState(settings.embedOrigins.join('\n'));
  const update = useMutation(
    trpc.settings.update.mutationOptions({ meta: { hasOwnWords: true }, onSuccess: () => toast(t('saved')) }),
  );
  const embedOrigins = houseSettings.shape.embedOrigins.safeParse(linesOf(origins));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (embedOrigins.success)
      update.mutate({ signUp, signUpRole: signUpRole || null, embedOrigins: embedOrigins.data });
  };
  const roleIds = roles.length > 0 ? roles.map((role) => role.id) : Object.keys(builtInRoles);
  return (
    <form onSubmit={submit} className="grid max-w-xl gap-5 py-2">
      <fieldset>
        <legend className="pb-1 text-13 font-medium">{t('signUp')}</legend>
        {modes.map((mode) => (
          <label key={mode} className="flex min-h-9 items-start gap-3 py-1.5 max-md:min-h-11">
            <input
              type="radio"
              name="signUp"
              className="mt-1 size-4 accent-signal"
              checked={signUp === mode}
              onChange={() => setSignUp(mode)}
            />
            <span>
              {t(`modes.${mode}`)}
              <span className="block text-12 text-quiet">{t(`modesText.${mode}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <Field label={t('role')} help={t('roleHelp')}>
        {(control) => (
          <Select {...control} value={signUpRole} onChange={(event) => setSignUpRole(event.target.value)}>
            <option value="">{t('noRole')}</option>
            {roleIds
              .filter((id) => id !== 'owner')
              .map((id) => (
                <option key={id} value={id}>
                  {nameOf(id)}
                </option>
              ))}
          </Select>
        )}
      </Field>
      <Field label={t('origins')} help={t('originsHelp')} error={embedOrigins.success ? undefined : t('originsError')}>
        {(control) => (
          <TextArea
            {...control}
            className="figure text-12 whitespace-pre"
            spellCheck={false}
            placeholder="https://example.org"
            value={origins}
            onChange={(event) => setOrigins(event.target.value)}
          />
        )}
      </Field>
      {update.isError ? (
        <p role="alert" className="text-13 text-error">
          {fault(update.error)}
        </p>
      ) : null}
      <Button
        type="submit"
        tone="signal"
        className="justify-self-start max-md:h-11"
        disabled={!embedOrigins.success || update.isPending}
      >
        {t('save')}
      </Button>
    </form>
  );
}

function SigningKeys() {
  const t = useTranslations('admin.settings');
  const trpc = useTRPC();
  const fault = useFault();
  const [isAsked, setIsAsked] = useState(false);
  const rotate = useMutation(
    trpc.auth.rotateSigningKeys.mutationOptions({ meta: { hasOwnWords: true }, onSuccess: () => setIsAsked(false) }),
  );
  return (
    <section aria-label={t('signing')} className="mt-6 max-w-xl border-t border-line py-5">
      <h2 className="font-semibold">{t('signing')}</h2>
      <p className="pb-3 text-13 text-quiet">{t('signingText')}</p>
      <Button className="max-md:h-11" onClick={() => setIsAsked(true)}>
        {t('rotate')}
      </Button>
      <output className="block pt-2 text-13 text-quiet empty:hidden">
        {rotate.data ? t('rotated', { kid: rotate.data.kid }) : null}
      </output>
      {isAsked ? (
        <ConfirmDialog
          title={t('rotateTitle')}
          text={t('rotateText')}
          action={t('rotate')}
          tone="signal"
          isBusy={rotate.isPending}
          error={rotate.isError ? fault(rotate.error) : undefined}
          onConfirm={() => rotate.mutate()}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </section>
  );
}

function Settings() {
  const trpc = useTRPC();
  const settings = useQuery(trpc.settings.read.queryOptions());
  return (
    <AdminPage section="settings">
      {settings.data ? (
        <>
          <SettingsForm settings={settings.data} />
          <SigningKeys />
        </>
      ) : (
        <List query={settings} count={0} empty={{ title: '', text: '' }}>
          {null}
        </List>
      )}
    </AdminPage>
  );
}

export const SettingsPage = gated('settings', Settings);
