'use client';

import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { z } from 'zod';

import type { passkeyView } from '#server/contracts/account.ts';

import { RowButton, ThingRow } from './thing-row.tsx';
import { useMoments } from './use-moments.ts';

/** A device that signs the person in, and when it did. */
export function PasskeyRow({
  passkey,
  onRename,
  onRemove,
}: {
  passkey: z.infer<typeof passkeyView>;
  onRename: () => void;
  onRemove: () => void;
}) {
  const t = useTranslations('account');
  const { day, moment } = useMoments();
  const { name, createdAt, lastUsedAt, backedUp } = passkey;
  const used = lastUsedAt === null ? t('neverUsed') : t('usedAt', { moment: moment(lastUsedAt) });
  return (
    <ThingRow
      icon={KeyRound}
      name={name}
      lines={[`${t('addedOn', { day: day(createdAt) })} · ${used} · ${t(backedUp ? 'backedUp' : 'notBackedUp')}`]}
    >
      <RowButton label={t('renameNamed', { name })} tone="plain" onClick={onRename}>
        {t('rename')}
      </RowButton>
      <RowButton label={t('removeNamed', { name })} tone="danger" onClick={onRemove}>
        {t('remove')}
      </RowButton>
    </ThingRow>
  );
}
