'use client';

import { useTranslations } from 'next-intl';
import { useState, type FormEvent, type ReactNode } from 'react';

import { Button } from './button.tsx';
import { Field, TextInput } from './field.tsx';
import { Modal } from './modal.tsx';

type ConfirmDialogProps = {
  title: string;
  text?: ReactNode;
  /** On the button that does it. */
  action: string;
  tone?: 'danger' | 'signal';
  /** What has to be typed first, where it can't be undone. */
  typed?: string;
  isBusy?: boolean;
  error?: string | undefined;
  onConfirm: () => void;
  onClose: () => void;
  children?: ReactNode;
};

/** Asks once more before something is done; the gravest by typing a name. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, text, action, tone = 'danger', typed, isBusy = false, error, onConfirm, onClose, children } = props;
  const t = useTranslations('admin.confirm');
  const [words, setWords] = useState('');
  const isReady = !isBusy && (typed === undefined || words.trim() === typed);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (isReady) onConfirm();
  };
  return (
    <Modal title={title} text={text} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        {children}
        {typed === undefined ? null : (
          <Field label={t('type', { name: typed })}>
            {(control) => (
              <TextInput
                {...control}
                autoComplete="off"
                value={words}
                onChange={(event) => setWords(event.target.value)}
              />
            )}
          </Field>
        )}
        {error ? (
          <p role="alert" className="text-13 text-error">
            {error}
          </p>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button className="max-md:h-11" onClick={onClose}>
            {t('cancel')}
          </Button>
          <Button type="submit" tone={tone} className="max-md:h-11" disabled={!isReady}>
            {action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
