'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { z } from 'zod';

import { passkeyName } from '#server/contracts/account.ts';

import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Modal } from '../../_ui/modal.tsx';

const input = z.object({ name: passkeyName });

/** Asks what a passkey is to be called. */
export function NameDialog({
  title,
  text,
  label,
  action,
  initial,
  onName,
  onClose,
}: {
  title: string;
  text?: string;
  label: string;
  action: string;
  initial: string;
  /** Null, or what is wrong. */
  onName: (name: string) => Promise<string | null>;
  onClose: () => void;
}) {
  const t = useTranslations('account');
  const form = useForm<z.infer<typeof input>>({ resolver: zodResolver(input), defaultValues: { name: initial } });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async ({ name }) => {
    const fault = await onName(name);
    if (fault !== null) form.setError('name', { type: 'server', message: fault }, { shouldFocus: true });
  });
  const fault = errors.name?.type === 'server' ? errors.name.message : t('errorShortName');
  return (
    <Modal title={title} text={text} onClose={onClose}>
      <form noValidate onSubmit={(event) => void submit(event)} className="grid gap-4">
        <Field label={label} error={errors.name ? fault : undefined}>
          {(control) => <TextInput autoComplete="off" maxLength={60} {...control} {...form.register('name')} />}
        </Field>
        <div className="flex justify-end gap-2">
          <Button className="max-md:h-11" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" tone="signal" className="max-md:h-11" disabled={isSubmitting}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
