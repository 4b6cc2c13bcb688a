'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';

import type { Profile } from '#server/contracts/account.ts';
import { displayName, userName } from '#server/contracts/identity.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { rememberChoice } from '../../_lib/cookie.ts';
import { isLocale, localeCookie } from '../../_lib/locale.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, Select, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { useProfileCache } from './use-profile-cache.ts';

/** A select has texts alone: the empty one is "as the browser". */
const values = z.object({ name: displayName, userName, locale: z.string(), timeZone: z.string() });
type Values = z.infer<typeof values>;

const valuesOf = ({ name, userName: called, locale, timeZone }: Profile): Values => ({
  name,
  userName: called,
  locale: locale ?? '',
  timeZone: timeZone ?? '',
});

export function ProfileForm({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const router = useRouter();
  const trpc = useTRPC();
  const cache = useProfileCache();
  const sentence = useFaultSentence();
  const update = useMutation(trpc.account.updateProfile.mutationOptions());
  const [zones] = useState(() => ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]);
  const form = useForm<Values>({ resolver: zodResolver(values), defaultValues: valuesOf(profile) });
  const { errors, isSubmitting, isDirty } = form.formState;
  const submit = form.handleSubmit(async ({ locale, timeZone, ...rest }) => {
    try {
      const chosen = isLocale(locale) ? locale : null;
      const saved = await update.mutateAsync({ ...rest, locale: chosen, timeZone: timeZone === '' ? null : timeZone });
      cache.put(saved);
      form.reset(valuesOf(saved));
      toast(t('saved'));
      if (chosen) {
        rememberChoice(localeCookie, chosen);
        router.refresh();
      }
    } catch (error) {
      const message = sentence.ofError(error);
      if (faultDetails(error).reason === 'userNameTaken')
        form.setError('userName', { type: 'server', message }, { shouldFocus: true });
      else form.setError('root', { message });
    }
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('name')} help={t('nameHelp')} error={errors.name ? t('errorName') : undefined}>
          {(control) => <TextInput autoComplete="name" {...control} {...form.register('name')} />}
        </Field>
        <Field
          label={t('userName')}
          help={t('userNameHelp')}
          error={
            errors.userName
              ? errors.userName.type === 'server'
                ? errors.userName.message
                : t('errorUserName')
              : undefined
          }
        >
          {(control) => (
            <TextInput
              autoComplete="nickname"
              autoCapitalize="none"
              spellCheck={false}
              {...control}
              {...form.register('userName')}
            />
          )}
        </Field>
        <Field label={t('language')} help={t('languageHelp')}>
          {(control) => (
            <Select {...control} {...form.register('locale')}>
              <option value="">{t('asBrowser')}</option>
              <option value="en" lang="en">
                English
              </option>
              <option value="ja" lang="ja">
                日本語
              </option>
            </Select>
          )}
        </Field>
        <Field label={t('timeZone')} help={t('timeZoneHelp')}>
          {(control) => (
            <Select {...control} {...form.register('timeZone')}>
              <option value="">{t('asBrowser')}</option>
              {zones.map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll('_', ' ')}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div role="alert">{errors.root ? <Note tone="error" title={errors.root.message ?? ''} /> : null}</div>
      <div>
        <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting || !isDirty}>
          {t(isSubmitting ? 'saving' : 'save')}
        </Button>
      </div>
    </form>
  );
}
