'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';

import type { Profile } from '#server/contracts/account.ts';
import { emailAddress } from '#server/contracts/identity.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Note } from '../../_ui/note.tsx';
import { isWithheld, useProved } from './proof.tsx';
import { Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';
import { useProfileCache } from './use-profile-cache.ts';

/** The address of the account, whether it was confirmed, and the one that waits to replace it. */
export function EmailSection({ profile }: { profile: Profile }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const fail = useFailedToast();
  const cache = useProfileCache();
  const [isChanging, setIsChanging] = useState(false);
  const { email, emailConfirmed, pendingEmail } = profile;
  const resend = useMutation(
    trpc.account.resendConfirmation.mutationOptions({ onSuccess: () => toast(t('confirmationSent')), onError: fail }),
  );
  const giveUp = useMutation(
    trpc.account.cancelEmailChange.mutationOptions({
      onSuccess: (saved) => {
        cache.put(saved);
        toast(t('emailGivenUp', { email }));
      },
      onError: fail,
    }),
  );
  return (
    <Section
      title={t('email')}
      text={
        <>
          <span className="block text-14 break-all text-text">{email}</span>
          <span>{t(emailConfirmed ? 'confirmed' : 'unconfirmed')}</span>
        </>
      }
      action={
        isChanging ? null : (
          <Button className="max-md:h-11" onClick={() => setIsChanging(true)}>
            {t('changeEmail')}
          </Button>
        )
      }
    >
      {emailConfirmed && pendingEmail === null && !isChanging ? null : (
        <div className="grid gap-4">
          {emailConfirmed ? null : (
            <Note tone="warning" title={t('unconfirmedTitle')}>
              <p className="pb-2">{t('unconfirmedText')}</p>
              <Button className="max-md:h-11" disabled={resend.isPending} onClick={() => resend.mutate({ email })}>
                {t('sendConfirmation')}
              </Button>
            </Note>
          )}
          {pendingEmail === null ? null : (
            <Note title={t('pendingTitle', { email: pendingEmail })}>
              <p className="pb-2">{t('pendingText', { email })}</p>
              <Button className="max-md:h-11" disabled={giveUp.isPending} onClick={() => giveUp.mutate()}>
                {t('giveUpEmail')}
              </Button>
            </Note>
          )}
          {isChanging ? <EmailForm onClose={() => setIsChanging(false)} /> : null}
        </div>
      )}
    </Section>
  );
}

const input = z.object({ email: emailAddress });

function EmailForm({ onClose }: { onClose: () => void }) {
  const t = useTranslations('account');
  const tAuth = useTranslations('auth');
  const trpc = useTRPC();
  const proved = useProved();
  const cache = useProfileCache();
  const sentence = useFaultSentence();
  const change = useMutation(trpc.account.changeEmail.mutationOptions());
  const form = useForm<z.infer<typeof input>>({ resolver: zodResolver(input), defaultValues: { email: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ email }) => {
    try {
      await proved(() => change.mutateAsync({ email, proof: {} }));
      await cache.ask();
      toast(t('emailAsked', { email }));
      onClose();
    } catch (error) {
      if (!isWithheld(error))
        form.setError('email', { type: 'server', message: sentence.ofError(error) }, { shouldFocus: true });
    }
  });
  const fault = errors.email?.type === 'server' ? errors.email.message : tAuth('errorEmail');
  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="grid max-w-sm gap-4">
      <Field label={t('newEmail')} help={t('newEmailHelp')} error={errors.email ? fault : undefined}>
        {(control) => <TextInput type="email" autoComplete="email" {...control} {...form.register('email')} />}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting}>
          {t(isSubmitting ? 'sending' : 'sendLink')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
