'use client';

import { useMutation, useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useForm } from 'react-hook-form';

import { askPasskey, canUsePasskeys, isPasskeyDismissed } from '../../_lib/auth-client-passkey.ts';
import { useTRPC, useTRPCClient } from '../../_lib/trpc.ts';
import { useFaultSentence } from '../../_lib/use-fault-sentence.ts';
import { Button } from '../../_ui/button.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Modal } from '../../_ui/modal.tsx';
import { Note } from '../../_ui/note.tsx';
import { SecretField } from '../../_ui/secret-field.tsx';
import { Loaded } from './loaded.tsx';

/** Asks once more who is there, by whatever the person has. */
export function ProofDialog({ onProved, onClose }: { onProved: () => void; onClose: () => void }) {
  const t = useTranslations('account.proof');
  const trpc = useTRPC();
  const profile = useQuery(trpc.account.profile.queryOptions());
  const passkeys = useQuery(trpc.passkeys.list.queryOptions());
  return (
    <Modal title={t('title')} text={t('text')} onClose={onClose}>
      <Loaded query={profile} lines={2}>
        {({ hasPassword, secondFactor, email }) => (
          <ProofForm
            email={email}
            hasPassword={hasPassword}
            hasCode={secondFactor.on}
            hasPasskey={(passkeys.data ?? []).length > 0 && canUsePasskeys()}
            onProved={onProved}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Modal>
  );
}

interface ProofFormProps {
  email: string;
  hasPassword: boolean;
  hasCode: boolean;
  hasPasskey: boolean;
  onProved: () => void;
  onClose: () => void;
}

function ProofForm({ email, hasPassword, hasCode, hasPasskey, onProved, onClose }: ProofFormProps) {
  const t = useTranslations('account.proof');
  const tAuth = useTranslations('auth');
  const trpc = useTRPC();
  const client = useTRPCClient();
  const sentence = useFaultSentence();
  const [fault, setFault] = useState<string | null>(null);
  const prove = useMutation(trpc.identity.prove.mutationOptions({ onSuccess: onProved }));
  const form = useForm<{ password: string; code: string }>({ defaultValues: { password: '', code: '' } });
  const hasFields = hasPassword || hasCode;
  const submit = form.handleSubmit(({ password, code }) =>
    prove.mutate({ ...(password !== '' && { password }), ...(code.trim() !== '' && { code: code.trim() }) }),
  );
  const byPasskey = async () => {
    setFault(null);
    try {
      prove.mutate({ passkey: await askPasskey(await client.passkeys.proofOptions.mutate()) });
    } catch (error) {
      if (!isPasskeyDismissed(error)) setFault(tAuth('fault.passkey'));
    }
  };
  const words = fault ?? (prove.isError ? sentence.ofError(prove.error) : null);
  return (
    // The page below may have a form of its own around this: its submit is not meant.
    <form
      noValidate
      onSubmit={(event) => {
        event.stopPropagation();
        void submit(event);
      }}
      className="flex flex-col gap-4"
    >
      <input type="text" autoComplete="username" value={email} readOnly hidden />
      {hasPassword ? (
        <Field label={tAuth('password')} error={form.formState.errors.password ? tAuth('errorRequired') : undefined}>
          {(control) => (
            <SecretField
              autoComplete="current-password"
              {...control}
              {...form.register('password', { required: true })}
            />
          )}
        </Field>
      ) : null}
      {hasCode ? (
        <Field
          label={t('code')}
          help={t('codeHelp')}
          error={form.formState.errors.code ? tAuth('errorRequired') : undefined}
        >
          {(control) => (
            <TextInput
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={20}
              className="font-mono"
              {...control}
              {...form.register('code', { required: true })}
            />
          )}
        </Field>
      ) : null}
      {hasFields || hasPasskey ? null : <Note title={t('nothing')}>{t('nothingText')}</Note>}
      <div role="alert">{words === null ? null : <Note tone="error" title={words} />}</div>
      <div className="flex flex-wrap gap-2">
        {hasFields ? (
          <Button type="submit" tone="signal" className="max-md:h-11" disabled={prove.isPending}>
            {t('confirm')}
          </Button>
        ) : null}
        {hasPasskey ? (
          <Button className="max-md:h-11" disabled={prove.isPending} onClick={() => void byPasskey()}>
            <KeyRound aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('byPasskey')}
          </Button>
        ) : null}
        <Button tone="plain" className="max-md:h-11" onClick={onClose}>
          {t('cancel')}
        </Button>
      </div>
    </form>
  );
}
