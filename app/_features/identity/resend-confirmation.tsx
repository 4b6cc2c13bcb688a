'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { z } from 'zod';

import { emailAddress } from '#server/contracts/identity.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { useWait } from './use-wait.ts';

const input = z.object({ email: emailAddress });
/** Three an hour are sent: the button comes back when another could be of use. */
const pauseSeconds = 60;

/** Sends the link of a new account once more; asks for the address where it is not known. */
export function ResendConfirmation({ email }: { email: string | null }) {
  const t = useTranslations('auth');
  const trpc = useTRPC();
  const sentence = useFaultSentence();
  const pause = useWait();
  const resend = useMutation(
    trpc.account.resendConfirmation.mutationOptions({ onSuccess: () => pause.begin(pauseSeconds) }),
  );
  const form = useForm<z.infer<typeof input>>({
    resolver: zodResolver(input),
    defaultValues: { email: email ?? '' },
  });
  const { errors } = form.formState;
  const submit = form.handleSubmit((given) => resend.mutate(given));
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      {email === null ? (
        <Field label={t('email')} error={errors.email ? t('errorEmail') : undefined}>
          {(control) => <TextInput type="email" autoComplete="username" {...control} {...form.register('email')} />}
        </Field>
      ) : null}
      <Button type="submit" size="large" disabled={resend.isPending || pause.seconds > 0}>
        {resend.isPending ? t('sending') : t('resend')}
      </Button>
      <p aria-live="polite" className="min-h-5 text-13 text-quiet">
        {resend.isError ? sentence.ofError(resend.error) : resend.isSuccess ? t('resent') : null}
      </p>
    </form>
  );
}
