'use client';

import { KeyRound } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { z } from 'zod';

import type { passkeyView } from '#server/contracts/account.ts';

import { Button } from '../../_ui/button.tsx';
import { dayOf, momentOf } from './moments.ts';

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
  const locale = useLocale();
  const { name, createdAt, lastUsedAt, backedUp } = passkey;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
      <KeyRound aria-hidden="true" strokeWidth={1.5} className="size-5 shrink-0 text-faint" />
      <div className="min-w-0 grow basis-48">
        <p className="font-medium break-words">{name}</p>
        <p className="text-13 text-quiet">
          {t('addedOn', { day: dayOf(createdAt, locale) })} ·{' '}
          {lastUsedAt === null ? t('neverUsed') : t('usedAt', { moment: momentOf(lastUsedAt, locale) })} ·{' '}
          {t(backedUp ? 'backedUp' : 'notBackedUp')}
        </p>
      </div>
      <div className="flex gap-2">
        <Button
          size="small"
          tone="plain"
          className="max-md:h-11"
          aria-label={t('renameNamed', { name })}
          onClick={onRename}
        >
          {t('rename')}
        </Button>
        <Button
          size="small"
          tone="danger"
          className="max-md:h-11"
          aria-label={t('removeNamed', { name })}
          onClick={onRemove}
        >
          {t('remove')}
        </Button>
      </div>
    </li>
  );
}
