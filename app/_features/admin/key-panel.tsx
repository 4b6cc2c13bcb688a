'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useState, type FormEvent } from 'react';

import type { KeyView } from '#server/contracts/access.ts';

import { unknown } from '../../_lib/format.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Button } from '../../_ui/button.tsx';
import { ConfirmDialog } from '../../_ui/confirm-dialog.tsx';
import { Field, TextInput } from '../../_ui/field.tsx';
import { Facts, PanelSection } from '../../_ui/side-panel.tsx';
import { ObjectName } from './object-name.tsx';
import { useFault } from './use-fault.ts';
import { useMoment } from './use-moment.ts';

const factorMax = 1000;

function RateFactor({ row }: { row: KeyView }) {
  const t = useTranslations('admin.keys');
  const trpc = useTRPC();
  const fault = useFault();
  const [text, setText] = useState(String(row.rateFactor));
  const set = useMutation(trpc.keys.setRateFactor.mutationOptions({ meta: { hasOwnWords: true } }));
  const factor = Number(text);
  const isGood = Number.isInteger(factor) && factor >= 1 && factor <= factorMax;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isGood) set.mutate({ id: row.id, rateFactor: factor });
  };
  return (
    <form onSubmit={submit} noValidate className="flex items-start gap-2">
      <Field
        label={t('factor')}
        help={t('factorHelp')}
        error={isGood ? (set.isError ? fault(set.error) : undefined) : t('factorError', { max: factorMax })}
        className="grow"
      >
        {(control) => (
          <TextInput
            {...control}
            type="number"
            min={1}
            max={factorMax}
            className="figure"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Button
        type="submit"
        className="mt-6 max-md:h-11"
        disabled={!isGood || factor === row.rateFactor || set.isPending}
      >
        {t('setFactor')}
      </Button>
    </form>
  );
}

export function KeyDetails({ row }: { row: KeyView }) {
  const t = useTranslations('admin.keys');
  const trpc = useTRPC();
  const fault = useFault();
  const { at, ago } = useMoment();
  const [isAsked, setIsAsked] = useState(false);
  const revoke = useMutation(
    trpc.keys.revoke.mutationOptions({ meta: { hasOwnWords: true }, onSuccess: () => setIsAsked(false) }),
  );
  return (
    <>
      <Facts
        facts={[
          [
            t('prefix'),
            <span key="prefix" className="figure">
              {row.prefix}…
            </span>,
          ],
          [
            t('owner'),
            <Link key="owner" className="underline" href={`/admin/people?open=${row.owner.id}`}>
              {row.owner.name}
            </Link>,
          ],
          [
            t('permissions'),
            <span key="permissions" className="figure whitespace-normal">
              {row.permissions.join(' ')}
            </span>,
          ],
          [
            t('objects'),
            row.objects === null
              ? t('allObjects')
              : row.objects.map((object) => (
                  <span key={`${object.type} ${object.id}`} className="block">
                    <ObjectName object={object} />
                  </span>
                )),
          ],
          [t('created'), at(row.createdAt)],
          [t('expires'), row.expiresAt ? at(row.expiresAt) : t('neverExpires')],
          [t('lastUsed'), row.lastUsedAt ? `${ago(row.lastUsedAt)} · ${row.lastUsedIp ?? unknown}` : t('unused')],
          ...(row.revokedAt ? ([[t('revokedAt'), at(row.revokedAt)]] as const) : []),
        ]}
      />
      {row.revokedAt ? null : (
        <>
          <PanelSection title={t('rate')}>
            <RateFactor key={row.rateFactor} row={row} />
          </PanelSection>
          <Button tone="danger" className="mt-4 max-md:h-11" onClick={() => setIsAsked(true)}>
            {t('revoke')}
          </Button>
        </>
      )}
      {isAsked ? (
        <ConfirmDialog
          title={t('revokeTitle', { name: row.name })}
          text={t('revokeText')}
          action={t('revoke')}
          isBusy={revoke.isPending}
          error={revoke.isError ? fault(revoke.error) : undefined}
          onConfirm={() => revoke.mutate({ id: row.id })}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </>
  );
}
