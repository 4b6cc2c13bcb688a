'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useForm } from 'react-hook-form';
import { z } from 'zod';

import { emailAddress } from '#server/contracts/identity.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { EntranceLoading } from './entrance-loading.tsx';
import { Entrance } from './entrance.tsx';
import { NewPasswordForm } from './new-password-form.tsx';
import { useLinkToken } from './use-link-token.ts';

const input = z.object({ email: emailAddress });

/** Without a link asks for one; with one sets the password. */
export function ResetPage() {
  const t = useTranslations('auth');
  const token = useLinkToken();
  if (token === null) return <EntranceLoading title={t('resetTitle')} />;
  if (token === '') return <AskForReset />;
  return <NewPasswordForm key={token} token={token} title={t('setTitle')} text={t('setText')} />;
}

function AskForReset() {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const { data: entrance } = useQuery(trpc.account.entrance.queryOptions());
  const ask = useMutation(trpc.account.requestReset.mutationOptions());
  const form = useForm<z.infer<typeof input>>({ resolver: zodResolver(input), defaultValues: { email: '' } });
  const { errors } = form.formState;
  const submit = form.handleSubmit((given) => ask.mutate(given));
  if (ask.isSuccess)
    return (
      <Entrance title={t('resetSent')} text={t('resetSentText', { email: ask.variables.email })}>
        <p className="pb-4 text-13 text-quiet">{t(entrance?.mail === false ? 'mailKept' : 'checkMailHelp')}</p>
        <div className="flex flex-wrap gap-3">
          <Button asChild size="large">
            <Link href="/login">{t('signIn')}</Link>
          </Button>
          <Button tone="plain" size="large" onClick={() => ask.reset()}>
            {t('askAgain')}
          </Button>
        </div>
      </Entrance>
    );
  return (
    <Entrance title={t('resetTitle')} text={t('resetText')}>
      {entrance?.mail === false ? <Note className="mb-5" title={t('mailKept')} /> : null}
      <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label={t('email')} error={errors.email ? t('errorEmail') : undefined}>
          {(control) => <TextInput type="email" autoComplete="username" {...control} {...form.register('email')} />}
        </Field>
        <div role="alert">{ask.isError ? <Note tone="error" title={sentence.ofError(ask.error)} /> : null}</div>
        <Button type="submit" tone="signal" size="large" disabled={ask.isPending}>
          {t(ask.isPending ? 'sending' : 'sendLink')}
        </Button>
        <p className="text-13 text-quiet">
          <Link href="/login" className="inline-flex items-center underline hover:text-text max-md:min-h-11">
            {t('backToSignIn')}
          </Link>
        </p>
      </form>
    </Entrance>
  );
}
