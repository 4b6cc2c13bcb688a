'use client';

import { useTranslations } from 'next-intl';

import type { AuditRow } from '#server/contracts/access.ts';

import { cn } from '../../_lib/class-name.ts';
import { wordsOfAction } from './action-words.ts';

export function useActionWords(): (action: string) => string {
  const t = useTranslations('admin.did');
  return (action) => {
    const key = wordsOfAction[action];
    return key ? t(key) : action;
  };
}

export function useActorName(): (row: Pick<AuditRow, 'actor'>) => string {
  const t = useTranslations('admin.audit');
  return ({ actor: { type, name } }) => {
    if (type === 'anonymous') return name === null ? t('anonymous') : t('claimed', { name });
    return name ?? t(type === 'system' ? 'house' : 'anonymous');
  };
}

/** Done or refused: shape, word and colour. */
export function Outcome({ outcome }: { outcome: AuditRow['outcome'] }) {
  const t = useTranslations('admin.audit');
  return (
    <span className={cn('whitespace-nowrap', outcome === 'refused' && 'text-error')}>
      <span aria-hidden="true">{outcome === 'done' ? '✓' : '✕'}</span> {t(outcome)}
    </span>
  );
}
