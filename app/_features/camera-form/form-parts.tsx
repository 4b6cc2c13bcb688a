'use client';

import { useTranslations } from 'next-intl';
import type { ComponentProps, ReactNode } from 'react';
import { useFormContext } from 'react-hook-form';

import { Field, Select, TextInput } from '../../_ui/field.tsx';
import type { FormValues } from './form-values.ts';
import { useFaultWords } from './use-fault-words.ts';

/** Masks are drawn, not typed. */
type Name = Exclude<keyof FormValues, 'masks'>;
type PartProps = { name: Name; label: string; help?: ReactNode; isOptional?: boolean; className?: string };

export function TextPart({
  name,
  label,
  help,
  isOptional = false,
  className,
  unit,
  ...input
}: PartProps & {
  unit?: string;
} & Pick<
    ComponentProps<'input'>,
    'inputMode' | 'placeholder' | 'lang' | 'type' | 'autoComplete' | 'onPaste' | 'onInput'
  >) {
  const t = useTranslations('form');
  const { register, formState } = useFormContext<FormValues>();
  const words = useFaultWords();
  return (
    <Field
      label={label}
      help={help}
      error={words(formState.errors[name])}
      {...(isOptional ? { optional: t('optional') } : {})}
      {...(className ? { className } : {})}
    >
      {(control) => (
        <span className="relative block">
          <TextInput autoComplete="off" {...input} {...control} {...register(name)} />
          {unit ? (
            <span className="pointer-events-none absolute top-2 right-3 max-md:top-3 text-13 text-quiet">{unit}</span>
          ) : null}
        </span>
      )}
    </Field>
  );
}

export function ChoicePart({
  name,
  label,
  help,
  className,
  choices,
}: PartProps & {
  choices: readonly { value: string; word: string }[];
}) {
  const { register } = useFormContext<FormValues>();
  return (
    <Field label={label} help={help} {...(className ? { className } : {})}>
      {(control) => (
        <Select {...control} {...register(name)}>
          {choices.map(({ value, word }) => (
            <option key={value} value={value}>
              {word}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

export function FormSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="border-t border-line pt-5 pb-7">
      <legend className="float-left w-full pb-4 text-16 font-semibold">{title}</legend>
      <div className="clear-both grid gap-4">{children}</div>
    </fieldset>
  );
}
