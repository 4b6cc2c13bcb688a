'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';

import { signInInput, type SignInInput } from '#server/contracts/identity.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { Entrance } from './entrance.tsx';
import { SecretField } from './secret-field.tsx';
import { safeReturn, useSignIn } from './use-sign-in.ts';

export function SignInForm({ returnTo }: { returnTo: string | undefined }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const { data: isOwnerMissing } = useQuery(trpc.identity.ownerMissing.queryOptions());
  const signIn = useSignIn(safeReturn(returnTo));
  const form = useForm<SignInInput>({
    resolver: zodResolver(signInInput),
    defaultValues: { email: '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (input) => {
    const outcome = await signIn(input);
    if (outcome === 'ok') return;
    const words = {
      refused: t('auth.wrong'),
      TOO_MANY_REQUESTS: t('error.TOO_MANY_REQUESTS'),
      failed: t('error.NETWORK'),
    };
    form.setError('root', { message: words[outcome] });
  });
  return (
    <Entrance title={t('auth.signInTitle')}>
      {isOwnerMissing ? <Note tone="warning" className="mb-5" title={t('auth.noOwner')} /> : null}
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('auth.email')} error={errors.email ? t('auth.errorEmail') : undefined}>
          {(control) => <TextInput type="email" autoComplete="username" {...control} {...form.register('email')} />}
        </Field>
        <Field label={t('auth.password')} error={errors.password ? t('auth.errorRequired') : undefined}>
          {(control) => <SecretField autoComplete="current-password" {...control} {...form.register('password')} />}
        </Field>
        <div role="alert">{errors.root ? <Note tone="error" title={errors.root.message ?? ''} /> : null}</div>
        <Button type="submit" tone="signal" size="large" disabled={isSubmitting}>
          {t(isSubmitting ? 'auth.signingIn' : 'auth.signIn')}
        </Button>
      </form>
    </Entrance>
  );
}
