'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';

import { ownerClaimInput, type OwnerClaimInput } from '#server/contracts/identity.ts';

import { faultDetails } from '../../_lib/auth-client-fault.ts';
import { signInByPassword } from '../../_lib/auth-client.ts';
import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { NewPasswordField } from '../../_ui/new-password-field.tsx';
import { Note } from '../../_ui/note.tsx';
import { Entrance } from './entrance.tsx';
import { useArrival } from './use-arrival.ts';

/** The link is used, unknown, or came too late: signing in is what remains. */
const isUsed = (code: string): boolean =>
  ['CONFLICT', 'GONE', 'FORBIDDEN', 'NOT_FOUND', 'UNAUTHENTICATED'].includes(code);

export function ClaimForm({ token }: { token: string }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const arrive = useArrival('/welcome?step=2');
  const claim = useMutation(trpc.identity.claimOwner.mutationOptions());
  const form = useForm<OwnerClaimInput>({
    resolver: zodResolver(ownerClaimInput),
    defaultValues: { token, name: '', email: '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;
  const password = useWatch({ control: form.control, name: 'password' });
  const submit = form.handleSubmit(async (input) => {
    try {
      const me = await claim.mutateAsync(input);
      const outcome = await signInByPassword({ email: input.email, password: input.password });
      if (outcome.kind !== 'ok') throw new Error(`the account is made, and signing in ended as ${outcome.kind}`);
      toast(t('auth.welcome', { name: me.name }));
      await arrive();
    } catch (error) {
      if (faultDetails(error).fields.includes('password')) {
        form.setError('password', { message: sentence.ofError(error), type: 'server' }, { shouldFocus: true });
        return;
      }
      const code = codeOf(error);
      form.setError('root', { message: isUsed(code) ? t('auth.claimUsed') : t(`error.${code}`), type: code });
    }
  });
  return (
    <Entrance isStep title={t('auth.claimTitle')} text={t('auth.claimText')}>
      {errors.token ? <Note tone="error" className="mb-5" title={t('auth.claimNoToken')} /> : null}
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('auth.name')} error={errors.name ? t('auth.errorRequired') : undefined}>
          {(control) => <TextInput autoComplete="name" {...control} {...form.register('name')} />}
        </Field>
        <Field label={t('auth.email')} error={errors.email ? t('auth.errorEmail') : undefined}>
          {(control) => <TextInput type="email" autoComplete="username" {...control} {...form.register('email')} />}
        </Field>
        <NewPasswordField
          label={t('auth.password')}
          value={password}
          error={errors.password}
          field={form.register('password')}
        />
        <div role="alert">
          {errors.root ? (
            <Note tone="error" title={errors.root.message ?? ''}>
              {isUsed(String(errors.root.type ?? '')) ? (
                <Link href="/login" className="underline hover:text-text">
                  {t('auth.signIn')}
                </Link>
              ) : null}
            </Note>
          ) : null}
        </div>
        <Button type="submit" tone="signal" size="large" disabled={isSubmitting}>
          {t(isSubmitting ? 'auth.claiming' : 'auth.claim')}
        </Button>
      </form>
    </Entrance>
  );
}
