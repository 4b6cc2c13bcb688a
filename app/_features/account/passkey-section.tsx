'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { toast } from 'sonner';

import { canUsePasskeys, isPasskeyDismissed, isPasskeyThere, makePasskey } from '../../_lib/auth-client-passkey.ts';
import { useTRPC, useTRPCClient } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Loaded } from './loaded.tsx';
import { NameDialog } from './name-dialog.tsx';
import { PasskeyRow } from './passkey-row.tsx';
import { isWithheld, useProved } from './proof.tsx';
import { Section } from './room.tsx';
import { useFailedToast } from './use-failed-toast.ts';

type Asked = { what: 'add' } | { what: 'rename' | 'remove'; id: string; name: string } | null;

export function PasskeySection({ isUsable }: { isUsable: boolean }) {
  const t = useTranslations('account');
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const proved = useProved();
  const fail = useFailedToast();
  const sentence = useFaultSentence();
  const [asked, setAsked] = useState<Asked>(null);
  const close = () => setAsked(null);
  const passkeys = useQuery(trpc.passkeys.list.queryOptions());
  const refresh = () => queryClient.invalidateQueries(trpc.passkeys.list.queryFilter());
  const rename = useMutation(trpc.passkeys.rename.mutationOptions());
  const remove = useMutation(trpc.passkeys.remove.mutationOptions());

  /** Says what is wrong in the dialog that asked for the name; null: it is done, or was not wanted. */
  const add = async (name: string): Promise<string | null> => {
    try {
      const given = await makePasskey(await proved(() => client.passkeys.registrationOptions.mutate()));
      await proved(() => client.passkeys.register.mutate({ ...given, name }));
    } catch (error) {
      if (isWithheld(error)) return null;
      if (isPasskeyThere(error)) return t('passkeyThere');
      if (isPasskeyDismissed(error)) return t('passkeyDismissed');
      return sentence.ofError(error);
    }
    await refresh();
    toast(t('passkeyAdded', { name }));
    close();
    return null;
  };
  const renamed = async (id: string, name: string): Promise<string | null> => {
    try {
      await rename.mutateAsync({ id, name });
    } catch (error) {
      return sentence.ofError(error);
    }
    await refresh();
    close();
    return null;
  };
  const removed = async (id: string, name: string) => {
    close();
    try {
      await proved(() => remove.mutateAsync({ id }));
      toast(t('passkeyRemoved', { name }));
      await refresh();
    } catch (error) {
      fail(error);
    }
  };
  const canAdd = isUsable && typeof window !== 'undefined' && canUsePasskeys();
  return (
    <Section
      title={t('passkeys')}
      text={t(canAdd ? 'passkeysText' : 'passkeysUnusable')}
      action={
        canAdd ? (
          <Button className="max-md:h-11" onClick={() => setAsked({ what: 'add' })}>
            {t('addPasskey')}
          </Button>
        ) : null
      }
    >
      <Loaded query={passkeys} lines={1}>
        {(rows) =>
          rows.length === 0 ? (
            <p className="text-13 text-quiet">{t('passkeysNone')}</p>
          ) : (
            <ul className="divide-y divide-line">
              {rows.map((passkey) => (
                <PasskeyRow
                  key={passkey.id}
                  passkey={passkey}
                  onRename={() => setAsked({ what: 'rename', ...passkey })}
                  onRemove={() => setAsked({ what: 'remove', ...passkey })}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
      {asked?.what === 'add' ? (
        <NameDialog
          title={t('addPasskey')}
          text={t('addPasskeyText')}
          label={t('passkeyName')}
          action={t('goOn')}
          initial=""
          onName={add}
          onClose={close}
        />
      ) : null}
      {asked?.what === 'rename' ? (
        <NameDialog
          title={t('renamePasskey')}
          label={t('passkeyName')}
          action={t('save')}
          initial={asked.name}
          onName={(name) => renamed(asked.id, name)}
          onClose={close}
        />
      ) : null}
      {asked?.what === 'remove' ? (
        <ConfirmDialog
          title={t('removePasskeyTitle', { name: asked.name })}
          text={t('removePasskeyText')}
          action={t('remove')}
          isBusy={remove.isPending}
          onConfirm={() => void removed(asked.id, asked.name)}
          onClose={close}
        />
      ) : null}
    </Section>
  );
}
