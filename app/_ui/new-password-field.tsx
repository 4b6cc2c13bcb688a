'use client';

import { useTranslations } from 'next-intl';
import type { FieldError, UseFormRegisterReturn } from 'react-hook-form';

import { cn } from '../_lib/class-name.ts';
import { passwordStrength } from '../_lib/password-strength.ts';
import { Field } from './field.tsx';
import { SecretField } from './secret-field.tsx';

const marks = { short: 0, plain: 1, fair: 2, good: 3, strong: 4 } as const;
const steps = [1, 2, 3, 4] as const;

/** A password to be chosen: how good it is stands below in a word and in a bar. */
export function NewPasswordField({
  label,
  value,
  error,
  field,
}: {
  label: string;
  value: string;
  /** One of the server has its own sentence, and the type `server`. */
  error: FieldError | undefined;
  field: UseFormRegisterReturn;
}) {
  const t = useTranslations('auth');
  const strength = passwordStrength(value);
  const mark = marks[strength.word];
  const words =
    value === ''
      ? t('passwordHelp')
      : strength.word === 'short'
        ? t('strength.short', { missing: strength.missing })
        : t(`strength.${strength.word}`);
  const help = (
    <span className="flex items-center gap-2">
      {value === '' ? null : (
        <span aria-hidden="true" className="flex shrink-0 gap-1">
          {steps.map((step) => (
            <span
              key={step}
              className={cn('h-1 w-5 rounded-pill', mark < step ? 'bg-line' : mark < 2 ? 'bg-delayed' : 'bg-live')}
            />
          ))}
        </span>
      )}
      <span>{words}</span>
    </span>
  );
  const fault = error?.type === 'server' ? error.message : t('errorPassword');
  return (
    <Field label={label} help={help} error={error ? fault : undefined}>
      {(control) => <SecretField autoComplete="new-password" {...control} {...field} />}
    </Field>
  );
}
