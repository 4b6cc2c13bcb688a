'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';

import { useTRPC } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { CopyButton } from './copy-button.tsx';
import { isWithheld, useProved } from './proof.tsx';
import { QrCode } from './qr-code.tsx';

/** The secret goes into the person's app by picture or by hand; a code of the app shows that it arrived. */
export function TotpSetup({
  secret,
  uri,
  onDone,
  onClose,
}: {
  secret: string;
  uri: string;
  onDone: (codes: string[]) => void;
  onClose: () => void;
}) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const proved = useProved();
  const sentence = useFaultSentence();
  const confirm = useMutation(trpc.identity.totpConfirm.mutationOptions());
  const form = useForm<{ code: string }>({ defaultValues: { code: '' } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ code }) => {
    try {
      const { codes } = await proved(() => confirm.mutateAsync({ code }));
      onDone(codes);
    } catch (error) {
      if (!isWithheld(error)) form.setError('code', { message: sentence.ofError(error) }, { shouldFocus: true });
    }
  });
  return (
    <ol className="grid gap-6">
      <li>
        <p className="pb-3">{t('totpScan')}</p>
        <div className="flex flex-wrap items-start gap-5">
          <QrCode text={uri} label={t('totpQr')} />
          <div className="min-w-0 grow basis-52">
            <p className="pb-1 text-13 text-quiet">{t('totpByHand')}</p>
            <p className="pb-3 font-mono text-14 break-all select-all" data-testid="totp-secret">
              {secret.replaceAll(/(.{4})(?=.)/g, '$1 ')}
            </p>
            <CopyButton text={secret} />
          </div>
        </div>
      </li>
      <li>
        <form noValidate onSubmit={(event) => void submit(event)} className="grid max-w-60 gap-4">
          <Field label={t('totpCode')} error={errors.code ? errors.code.message || t('errorSixDigits') : undefined}>
            {(control) => (
              <TextInput
                autoComplete="one-time-code"
                inputMode="numeric"
                maxLength={7}
                className="font-mono text-16 tracking-widest"
                {...control}
                {...form.register('code', { pattern: /^\s*(?:\d\s?){6}$/, required: true })}
              />
            )}
          </Field>
          <div className="flex gap-2">
            <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting}>
              {t('turnOn')}
            </Button>
            <Button tone="plain" className="max-md:h-11" onClick={onClose}>
              {t('cancel')}
            </Button>
          </div>
        </form>
      </li>
    </ol>
  );
}
