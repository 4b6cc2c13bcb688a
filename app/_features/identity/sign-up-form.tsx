'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import Link from 'next/link';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';

import { signUpInput, type SignUpInput } from '#server/contracts/account.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { signInByPassword } from '../../_lib/auth-client.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { NewPasswordField } from '../../_ui/new-password-field.tsx';
import { Note } from '../../_ui/note.tsx';
import { useArrival } from './use-arrival.ts';

/** What somebody gives who makes an account. `onMail`: the address has to be confirmed first. */
export function SignUpForm({
  invitation,
  email,
  onMail,
}: {
  invitation: string | null;
  /** The invitation's, which alone it is for. */
  email: string | null;
  onMail: (email: string) => void;
}) {
  const t = useTranslations();
  const locale = useLocale();
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const arrive = useArrival('/');
  const signUp = useMutation(trpc.account.signUp.mutationOptions());
  const form = useForm<SignUpInput>({
    resolver: zodResolver(signUpInput),
    defaultValues: { name: '', email: email ?? '', password: '', locale, ...(invitation ? { invitation } : {}) },
  });
  const { errors, isSubmitting } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });
  const submit = form.handleSubmit(async (input) => {
    try {
      const { status } = await signUp.mutateAsync(input);
      if (status === 'checkMail') return onMail(input.email);
      const outcome = await signInByPassword({ email: input.email, password: input.password });
      // The account is there whatever becomes of signing in; the sign-in page says why it does not.
      toast(t('auth.welcome', { name: input.name }));
      await arrive(outcome.kind === 'ok' ? undefined : '/login');
    } catch (error) {
      const { fields, reason } = faultDetails(error);
      const message = sentence.ofError(error);
      if (fields.includes('password')) form.setError('password', { type: 'server', message }, { shouldFocus: true });
      else if (reason === 'emailTaken' || reason === 'otherAddress')
        form.setError('email', { type: 'server', message }, { shouldFocus: true });
      else form.setError('root', { message });
    }
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label={t('auth.name')} help={t('auth.nameHelp')} error={errors.name ? t('auth.errorName') : undefined}>
        {(control) => <TextInput autoComplete="name" {...control} {...form.register('name')} />}
      </Field>
      <Field
        label={t('auth.email')}
        {...(email === null ? {} : { help: t('auth.invitedAddress') })}
        error={
          errors.email ? (errors.email.type === 'server' ? errors.email.message : t('auth.errorEmail')) : undefined
        }
      >
        {(control) => (
          <TextInput
            type="email"
            autoComplete="username"
            readOnly={email !== null}
            className="read-only:bg-ground read-only:text-quiet"
            {...control}
            {...form.register('email')}
          />
        )}
      </Field>
      <NewPasswordField
        label={t('auth.password')}
        value={password}
        error={errors.password}
        field={form.register('password')}
      />
      <div role="alert">{errors.root ? <Note tone="error" title={errors.root.message ?? ''} /> : null}</div>
      <Button type="submit" tone="signal" size="large" disabled={isSubmitting}>
        {t(isSubmitting ? 'auth.claiming' : 'auth.claim')}
      </Button>
      <p className="text-13 text-quiet">
        {t('auth.haveAccount')}{' '}
        <Link href="/login" className="text-text underline">
          {t('auth.signIn')}
        </Link>
      </p>
    </form>
  );
}
