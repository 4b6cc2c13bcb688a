'use client';

import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

import { codeOf } from '../_lib/error-message.ts';
import { Button } from './button.tsx';
import { Field, TextInput } from './field.tsx';

type EraseRecordingsProps = {
  /** The camera's, to be typed. */
  name: string;
  erase: (typed: string) => Promise<unknown>;
};

/** It can't be undone, so the camera's name is typed first. No form of its own: it may stand in one. */
export function EraseRecordings({ name, erase }: EraseRecordingsProps) {
  const t = useTranslations();
  const [isAsked, setIsAsked] = useState(false);
  const [typed, setTyped] = useState('');
  const erasing = useMutation({
    mutationFn: erase,
    onSuccess: () => {
      toast(t('removal.erased', { name }));
      setIsAsked(false);
      setTyped('');
    },
  });
  const isReady = typed.trim() === name && !erasing.isPending;
  if (!isAsked) {
    return (
      <div>
        <Button tone="danger" className="max-md:h-11" onClick={() => setIsAsked(true)}>
          <Trash2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('removal.erase')}
        </Button>
      </div>
    );
  }
  return (
    <div className="grid max-w-md gap-3 border-l-2 border-error pl-3">
      <Field
        label={t('removal.eraseType', { name })}
        help={t('removal.eraseHelp')}
        error={erasing.isError ? t('form.failed', { message: t(`error.${codeOf(erasing.error)}`) }) : undefined}
      >
        {(control) => (
          <TextInput
            {...control}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              if (isReady) erasing.mutate(typed);
            }}
          />
        )}
      </Field>
      <div className="flex gap-3">
        <Button tone="danger" className="max-md:h-11" disabled={!isReady} onClick={() => erasing.mutate(typed)}>
          {t(erasing.isPending ? 'removal.erasing' : 'removal.eraseNow')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={() => setIsAsked(false)}>
          {t('form.cancel')}
        </Button>
      </div>
    </div>
  );
}
