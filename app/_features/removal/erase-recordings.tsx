'use client';

import { useMutation } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type FormEvent } from 'react';
import { toast } from 'sonner';

import { codeOf } from '../../_lib/error-message.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';

/** It can't be undone, so the camera's name is typed first. */
export function EraseRecordings({ id, name }: { id: string; name: string }) {
  const t = useTranslations();
  const trpc = useTRPC();
  const [isAsked, setIsAsked] = useState(false);
  const [typed, setTyped] = useState('');
  const erase = useMutation(
    trpc.removals.eraseRecordings.mutationOptions({
      onSuccess: () => {
        toast(t('removal.erased', { name }));
        setIsAsked(false);
        setTyped('');
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    erase.mutate({ id, name: typed });
  };
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
    <form onSubmit={submit} className="grid max-w-md gap-3 border-l-2 border-error pl-3">
      <Field
        label={t('removal.eraseType', { name })}
        help={t('removal.eraseHelp')}
        error={erase.isError ? t('form.failed', { message: t(`error.${codeOf(erase.error)}`) }) : undefined}
      >
        {(control) => (
          <TextInput {...control} autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        )}
      </Field>
      <div className="flex gap-3">
        <Button type="submit" tone="danger" className="max-md:h-11" disabled={typed.trim() !== name || erase.isPending}>
          {t(erase.isPending ? 'removal.erasing' : 'removal.eraseNow')}
        </Button>
        <Button tone="plain" className="max-md:h-11" onClick={() => setIsAsked(false)}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  );
}
