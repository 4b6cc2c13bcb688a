'use client';

import { useMutation } from '@tanstack/react-query';
import { Eye, KeyRound, Lock, LockOpen, LogOut } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

import type { UserRow } from '#server/contracts/access.ts';

import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { useFault } from './use-fault.ts';

type Asked = 'lock' | 'signOut' | 'reset' | 'viewAs';

/** What an admin does about somebody; each is asked once more. */
export function PersonDoings({ person }: { person: UserRow }) {
  const t = useTranslations('admin.people');
  const trpc = useTRPC();
  const fault = useFault();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [reason, setReason] = useState('');
  const close = () => setAsked(null);
  const meta = { hasOwnWords: true };
  const lock = useMutation(trpc.users.lock.mutationOptions({ meta, onSuccess: close }));
  const unlock = useMutation(trpc.users.unlock.mutationOptions());
  const signOut = useMutation(
    trpc.users.signOut.mutationOptions({
      meta,
      onSuccess: ({ sessions, tokens }) => {
        close();
        toast(t('signedOut', { name: person.name, sessions, tokens }));
      },
    }),
  );
  const reset = useMutation(
    trpc.users.sendReset.mutationOptions({
      meta,
      onSuccess: () => {
        close();
        toast(t('resetSent', { email: person.email }));
      },
    }),
  );
  const viewAs = useMutation(
    // The whole house is seen through other eyes: every page is asked anew.
    trpc.users.viewAs.mutationOptions({ meta, onSuccess: () => window.location.assign('/') }),
  );
  const running = { lock, signOut, reset, viewAs };
  const confirm = () => {
    if (asked === 'lock') lock.mutate({ id: person.id, reason: reason.trim() });
    else if (asked !== null) running[asked].mutate({ id: person.id });
  };
  const current = asked === null ? null : running[asked];
  const icon = 'size-4';
  return (
    <div className="flex flex-wrap gap-2 py-4">
      {person.lockedAt ? (
        <Button
          size="small"
          className="max-md:h-11"
          disabled={unlock.isPending}
          onClick={() => unlock.mutate({ id: person.id })}
        >
          <LockOpen aria-hidden="true" strokeWidth={1.5} className={icon} /> {t('unlock')}
        </Button>
      ) : (
        <Button size="small" tone="danger" className="max-md:h-11" onClick={() => setAsked('lock')}>
          <Lock aria-hidden="true" strokeWidth={1.5} className={icon} /> {t('lock')}
        </Button>
      )}
      <Button size="small" className="max-md:h-11" onClick={() => setAsked('signOut')}>
        <LogOut aria-hidden="true" strokeWidth={1.5} className={icon} /> {t('signOut')}
      </Button>
      <Button size="small" className="max-md:h-11" onClick={() => setAsked('reset')}>
        <KeyRound aria-hidden="true" strokeWidth={1.5} className={icon} /> {t('reset')}
      </Button>
      <Button size="small" className="max-md:h-11" onClick={() => setAsked('viewAs')}>
        <Eye aria-hidden="true" strokeWidth={1.5} className={icon} /> {t('viewAs')}
      </Button>
      {asked ? (
        <ConfirmDialog
          key={asked}
          title={t(`ask.${asked}.title`, { name: person.name })}
          text={t(`ask.${asked}.text`, { name: person.name, email: person.email })}
          action={t(`ask.${asked}.action`)}
          tone={asked === 'lock' ? 'danger' : 'signal'}
          isBusy={current?.isPending === true || (asked === 'lock' && reason.trim() === '')}
          error={current?.isError ? fault(current.error) : undefined}
          onConfirm={confirm}
          onClose={() => {
            current?.reset();
            close();
          }}
        >
          {asked === 'lock' ? (
            <Field label={t('reason')} help={t('reasonHelp')}>
              {(control) => (
                <TextInput
                  {...control}
                  maxLength={500}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
          ) : null}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
