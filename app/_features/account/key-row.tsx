'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';

import type { KeyView } from '#server/contracts/access.ts';

import { cn } from '../../_lib/class-name.ts';
import { PermissionList } from './permission-picker.tsx';
import { RowButton, ThingRow } from './thing-row.tsx';
import { useMoments } from './use-moments.ts';

/** A key that is over stays in the list, so that what it was can be looked up. */
export function KeyRow({ apiKey, onRevoke }: { apiKey: KeyView; onRevoke: () => void }) {
  const t = useTranslations('account');
  const { day, moment } = useMoments();
  const [now] = useState(Date.now);
  const { name, prefix, permissions, objects, createdAt, expiresAt, lastUsedAt, lastUsedIp, revokedAt } = apiKey;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= now;
  const isOver = revokedAt !== null || isExpired;
  const end =
    revokedAt !== null
      ? t('revokedOn', { day: day(revokedAt) })
      : expiresAt === null
        ? t('noEnd')
        : t(isExpired ? 'expiredOn' : 'endsOn', { day: day(expiresAt) });
  const used = lastUsedAt === null ? t('neverUsed') : t('usedAt', { moment: moment(lastUsedAt) });
  return (
    <ThingRow
      name={
        <>
          <span className={cn('break-words', isOver && 'text-quiet line-through')}>{name}</span>
          <span className="font-mono text-12 font-normal text-quiet">{prefix}…</span>
        </>
      }
      lines={[
        `${t('madeOn', { day: day(createdAt) })} · ${used}${lastUsedIp === null ? '' : ` · ${lastUsedIp}`} · ${end}`,
        <PermissionList key="permissions" patterns={permissions} />,
        ...(objects === null ? [] : [t('forObjects', { count: objects.length })]),
      ]}
    >
      {isOver ? null : (
        <RowButton label={t('revokeNamed', { name })} tone="danger" onClick={onRevoke}>
          {t('revoke')}
        </RowButton>
      )}
    </ThingRow>
  );
}
