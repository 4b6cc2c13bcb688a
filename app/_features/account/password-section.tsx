'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';

import { changePasswordInput, type Profile } from '#server/contracts/account.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { NewPasswordField } from '../../_ui/new-password-field.tsx';
import { Note } from '../../_ui/note.tsx';
import { SecretField } from '../../_ui/secret-field.tsx';
import { isWithheld, useProved } from './proof.tsx';
import { Section } from './room.tsx';
import { useMoments } from './use-moments.ts';
import { useProfileCache } from './use-profile-cache.ts';

export function PasswordSection({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const { day } = useMoments();
  const [isOpen, setIsOpen] = useState(false);
  const { hasPassword, passwordSetAt } = profile;
  const state = !hasPassword
    ? t('passwordNone')
    : passwordSetAt === null
      ? t('passwordSet')
      : t('passwordSetOn', { day: day(passwordSetAt) });
  return (
    <Section
      title={t('password')}
      text={state}
      action={
        isOpen ? null : (
          <Button className="max-md:h-11" onClick={() => setIsOpen(true)}>
            {t(hasPassword ? 'changePassword' : 'setPassword')}
          </Button>
        )
      }
    >
      {isOpen ? <PasswordForm profile={profile} onClose={() => setIsOpen(false)} /> : null}
    </Section>
  );
}

const withCurrent = changePasswordInput.extend({ current: z.string().min(1).max(256) });

/** Asks for the current one where there is one, and for a code where the server wants it besides. */
function PasswordForm({ profile, onClose }: { profile: Profile; onClose: () => void }) {
  const t = useTranslations('account');
  const tAuth = useTranslations('auth');
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const proved = useProved();
  const cache = useProfileCache();
  const sentence = useFaultSentence();
  const { email, hasPassword, secondFactor } = profile;
  const change = useMutation(trpc.account.changePassword.mutationOptions());
  const form = useForm<z.infer<typeof changePasswordInput>>({
    resolver: zodResolver(hasPassword ? withCurrent : changePasswordInput),
    defaultValues: {
      next: '',
      ...(hasPassword && { current: '' }),
      ...(hasPassword && secondFactor.on && { code: '' }),
    },
  });
  const { errors, isSubmitting } = form.formState;
  const next = useWatch({ control: form.control, name: 'next' });
  const submit = form.handleSubmit(async (input) => {
    try {
      await proved(() => change.mutateAsync(input));
      await Promise.all([cache.ask(), queryClient.invalidateQueries(trpc.sessions.pathFilter())]);
      toast(t('passwordChanged'));
      onClose();
    } catch (error) {
      if (isWithheld(error)) return;
      const { fields, reason } = faultDetails(error);
      const fault = { type: 'server', message: sentence.ofError(error) };
      if (fields.includes('password')) form.setError('next', fault, { shouldFocus: true });
      else if (reason === 'wrongPassword') form.setError('current', fault, { shouldFocus: true });
      else if (reason === 'wrongCode' || reason === 'secondFactor') form.setError('code', fault, { shouldFocus: true });
      else form.setError('root', fault);
    }
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid max-w-sm gap-4">
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      {hasPassword ? (
        <Field
          label={t('currentPassword')}
          error={
            errors.current
              ? errors.current.type === 'server'
                ? errors.current.message
                : tAuth('errorRequired')
              : undefined
          }
        >
          {(control) => <SecretField autoComplete="current-password" {...control} {...form.register('current')} />}
        </Field>
      ) : null}
      {hasPassword && secondFactor.on ? (
        <Field
          label={t('proof.code')}
          help={t('proof.codeHelp')}
          error={errors.code ? (errors.code.type === 'server' ? errors.code.message : tAuth('errorCode')) : undefined}
        >
          {(control) => (
            <TextInput
              autoComplete="one-time-code"
              maxLength={20}
              className="font-mono"
              {...control}
              {...form.register('code')}
            />
          )}
        </Field>
      ) : null}
      <NewPasswordField label={tAuth('newPassword')} value={next} error={errors.next} field={form.register('next')} />
      <p className="text-13 text-quiet">{t('passwordEnds')}</p>
      <div role="alert" className="empty:hidden">
        {errors.root ? <Note tone="error" title={errors.root.message ?? ''} /> : null}
      </div>
      <div className="flex gap-2">
        <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting}>
          {t(isSubmitting ? 'saving' : hasPassword ? 'changePassword' : 'setPassword')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
