'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import type { UseFormReturn } from 'react-hook-form';

import type { SignInInput } from '#server/contracts/identity.ts';

import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Entrance } from './entrance.tsx';

/** The second step: six digits of the person's app, or a recovery code. */
export function CodeStep({
  form,
  onSubmit,
  isHeld,
  alert,
  onBack,
}: {
  form: UseFormReturn<SignInInput>;
  onSubmit: (event: FormEvent) => Promise<void>;
  isHeld: boolean;
  alert: ReactNode;
  onBack: () => void;
}) {
  const t = useTranslations('auth');
  const [isRecovery, setIsRecovery] = useState(false);
  const { errors } = form.formState;
  // The field has just come into the page.
  useEffect(() => form.setFocus('code'), [form]);
  const change = () => {
    form.resetField('code', { defaultValue: '' });
    form.clearErrors();
    setIsRecovery((was) => !was);
    form.setFocus('code');
  };
  return (
    <Entrance title={t('codeTitle')} text={t(isRecovery ? 'recoveryText' : 'codeText')}>
      <form noValidate onSubmit={(event) => void onSubmit(event)} className="flex flex-col gap-4">
        <Field
          label={t(isRecovery ? 'recoveryCode' : 'code')}
          error={
            errors.code ? (errors.code.type === 'too_small' ? t('errorCode') : (errors.code.message ?? '')) : undefined
          }
        >
          {(control) => (
            <TextInput
              className="font-mono text-16 tracking-widest"
              autoCapitalize="none"
              spellCheck={false}
              {...(isRecovery
                ? { autoComplete: 'off', maxLength: 20 }
                : { autoComplete: 'one-time-code', inputMode: 'numeric' as const, maxLength: 8 })}
              {...control}
              {...form.register('code')}
            />
          )}
        </Field>
        {alert}
        <Button type="submit" tone="signal" size="large" disabled={isHeld}>
          {t(isHeld ? 'signingIn' : 'signIn')}
        </Button>
        <div className="flex flex-wrap gap-2">
          <Button tone="plain" className="max-md:h-11" onClick={change}>
            {t(isRecovery ? 'useCode' : 'useRecovery')}
          </Button>
          <Button tone="plain" className="max-md:h-11" onClick={onBack}>
            {t('otherAccount')}
          </Button>
        </div>
      </form>
    </Entrance>
  );
}
