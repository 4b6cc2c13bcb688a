'use client';

import { useTranslations } from 'next-intl';
import { Dialog } from 'radix-ui';
import { useState } from 'react';

import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { wallNameMax } from './wall-store.ts';

type NameDialogProps = {
  title: string;
  /** The name that it has. */
  name: string;
  /** Takes the name, or says what is wrong with it. */
  onName: (name: string) => string | null;
  onClose: () => void;
};

/** Asks for the name of a wall. */
export function NameDialog({ title, name, onName, onClose }: NameDialogProps) {
  const t = useTranslations('wall');
  const [fault, setFault] = useState<string | null>(null);
  return (
    <Dialog.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-1/2 left-1/2 z-50 w-[min(24rem,calc(100vw-2rem))] -translate-1/2 rounded-panel border border-line-strong bg-raised p-5 shadow-overlay"
        >
          <Dialog.Title className="pb-3 text-16 font-semibold">{title}</Dialog.Title>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const given = new FormData(event.currentTarget).get('name');
              setFault(onName(typeof given === 'string' ? given : ''));
            }}
          >
            <Field label={t('name')} {...(fault === null ? {} : { error: fault })}>
              {(control) => (
                <TextInput
                  {...control}
                  name="name"
                  defaultValue={name}
                  maxLength={wallNameMax}
                  required
                  autoComplete="off"
                  className="max-md:h-11"
                  onChange={() => setFault(null)}
                />
              )}
            </Field>
            <div className="flex justify-end gap-2 pt-4">
              <Button className="max-md:h-11" onClick={onClose}>
                {t('cancel')}
              </Button>
              <Button tone="signal" type="submit" className="max-md:h-11">
                {t('saveAs')}
              </Button>
            </div>
          </form>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
