'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';

import { signInInput, type SignInInput } from '#server/contracts/identity.ts';

import { safeReturn, signInByPassword, type SignInOutcome } from '../../_lib/auth-client.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { SecretField } from '../../_ui/secret-field.tsx';
import { CodeStep } from './code-step.tsx';
import { Entrance } from './entrance.tsx';
import { OtherWays } from './other-ways.tsx';
import { useArrival } from './use-arrival.ts';
import { useWait } from './use-wait.ts';

/** `error`: what a provider's way back said. */
export function SignInForm({ returnTo, error }: { returnTo: string | undefined; error: string | undefined }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const goTo = safeReturn(returnTo);
  const arrive = useArrival(goTo);
  const wait = useWait();
  const [isCodeAsked, setIsCodeAsked] = useState(false);
  const { data: me } = useQuery(trpc.identity.me.queryOptions());
  const { data: isOwnerMissing } = useQuery(trpc.identity.ownerMissing.queryOptions());
  const { data: entrance } = useQuery(trpc.account.entrance.queryOptions());
  const form = useForm<SignInInput>({
    resolver: zodResolver(signInInput),
    defaultValues: { email: '', password: '' },
  });
  const { errors, isSubmitting } = form.formState;

  const back = () => {
    form.unregister('code');
    setIsCodeAsked(false);
  };
  const take = async (outcome: SignInOutcome) => {
    switch (outcome.kind) {
      case 'ok':
        return arrive();
      case 'wait':
        wait.begin(outcome.seconds);
        return;
      case 'wrong':
        back();
        form.setError('root', { message: t('auth.wrong') });
        form.setFocus('password', { shouldSelect: true });
        return;
      case 'refused':
        if (outcome.reason === 'secondFactor') return setIsCodeAsked(true);
        if (outcome.reason === 'wrongCode') {
          form.setError('code', { message: t('auth.fault.wrongCode') }, { shouldFocus: true });
          return;
        }
        form.setError('root', { message: sentence.ofReason(outcome.reason) });
        return;
      case 'failed':
        form.setError('root', { message: t('error.NETWORK') });
    }
  };
  const submit = form.handleSubmit(async ({ code, ...input }) =>
    take(await signInByPassword(isCodeAsked && code ? { ...input, code } : input)),
  );
  // What a way back from elsewhere said stands until something is tried here.
  useEffect(() => {
    if (error !== undefined) form.setError('root', { message: sentence.ofReason(error) });
    // oxlint-disable-next-line react/exhaustive-deps
  }, [error]);

  const alert = (
    <div role="alert">
      {wait.seconds > 0 ? (
        <Note tone="warning" title={t('auth.waitTitle')}>
          {sentence.ofWait(wait.seconds)}
        </Note>
      ) : errors.root ? (
        <Note tone="error" title={errors.root.message ?? ''} />
      ) : null}
    </div>
  );
  const isHeld = isSubmitting || wait.seconds > 0;
  if (isCodeAsked) return <CodeStep form={form} onSubmit={submit} isHeld={isHeld} alert={alert} onBack={back} />;
  return (
    <Entrance title={t('auth.signInTitle')}>
      {isOwnerMissing ? <Note tone="warning" className="mb-5" title={t('auth.noOwner')} /> : null}
      {me ? (
        <Note className="mb-5" title={t('auth.signedInAs', { name: me.name })}>
          <Link href={goTo} className="underline hover:text-text">
            {t('auth.goOn')}
          </Link>
        </Note>
      ) : null}
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('auth.emailOrName')} error={errors.email ? t('auth.errorRequired') : undefined}>
          {(control) => (
            <TextInput
              autoComplete="username webauthn"
              autoCapitalize="none"
              spellCheck={false}
              {...control}
              {...form.register('email')}
            />
          )}
        </Field>
        <Field label={t('auth.password')} error={errors.password ? t('auth.errorRequired') : undefined}>
          {(control) => <SecretField autoComplete="current-password" {...control} {...form.register('password')} />}
        </Field>
        {alert}
        <Button type="submit" tone="signal" size="large" disabled={isHeld}>
          {t(isSubmitting ? 'auth.signingIn' : 'auth.signIn')}
        </Button>
      </form>
      <OtherWays entrance={entrance} returnTo={goTo} onOutcome={(outcome) => void take(outcome)} />
      <nav aria-label={t('auth.elsewhere')} className="flex flex-wrap gap-x-5 pt-5 text-13 text-quiet">
        <Link href="/password-reset" className="inline-flex items-center underline hover:text-text max-md:min-h-11">
          {t('auth.forgotten')}
        </Link>
        {entrance && entrance.signUp !== 'closed' ? (
          <Link href="/signup" className="inline-flex items-center underline hover:text-text max-md:min-h-11">
            {t(entrance.signUp === 'open' ? 'auth.toSignUp' : 'auth.toSignUpInvited')}
          </Link>
        ) : null}
      </nav>
    </Entrance>
  );
}
