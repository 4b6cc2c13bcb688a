'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';

import type { KeyView } from '#server/contracts/access.ts';

import { cn } from '../../_lib/class-name.ts';
import { Button } from '../../_ui/button.tsx';
import { dayOf, momentOf } from './moments.ts';
import { PermissionList } from './permission-picker.tsx';

/** A key that is over stays in the list, so that what it was can be looked up. */
export function KeyRow({ apiKey, onRevoke }: { apiKey: KeyView; onRevoke: () => void }) {
  const t = useTranslations('account');
  const locale = useLocale();
  const [now] = useState(Date.now);
  const { name, prefix, permissions, objects, createdAt, expiresAt, lastUsedAt, lastUsedIp, revokedAt } = apiKey;
  const isExpired = expiresAt !== null && Date.parse(expiresAt) <= now;
  const isOver = revokedAt !== null || isExpired;
  const end =
    revokedAt !== null
      ? t('revokedOn', { day: dayOf(revokedAt, locale) })
      : expiresAt === null
        ? t('noEnd')
        : t(isExpired ? 'expiredOn' : 'endsOn', { day: dayOf(expiresAt, locale) });
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-4">
      <div className="grid min-w-0 grow basis-64 gap-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className={cn('font-medium break-words', isOver && 'text-quiet line-through')}>{name}</span>
          <span className="font-mono text-12 text-quiet">{prefix}…</span>
        </p>
        <p className="text-13 text-quiet">
          {t('madeOn', { day: dayOf(createdAt, locale) })} ·{' '}
          {lastUsedAt === null ? t('neverUsed') : t('usedAt', { moment: momentOf(lastUsedAt, locale) })}
          {lastUsedIp === null ? '' : ` · ${lastUsedIp}`} · {end}
        </p>
        <div className="text-13 text-quiet">
          <PermissionList patterns={permissions} />
        </div>
        {objects === null ? null : <p className="text-13 text-quiet">{t('forObjects', { count: objects.length })}</p>}
      </div>
      {isOver ? null : (
        <Button
          tone="danger"
          size="small"
          className="max-md:h-11"
          aria-label={t('revokeNamed', { name })}
          onClick={onRevoke}
        >
          {t('revoke')}
        </Button>
      )}
    </li>
  );
}
