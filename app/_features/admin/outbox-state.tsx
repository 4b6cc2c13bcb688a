'use client';

import { useTranslations } from 'next-intl';

import type { OutboxRow } from '#server/contracts/outbox.ts';

import { cn } from '../../_lib/class-name.ts';

const looks = {
  pending: { mark: '◌', className: 'text-delayed' },
  sent: { mark: '✓', className: 'text-live' },
  kept: { mark: '○', className: 'text-quiet' },
  dead: { mark: '✕', className: 'text-error' },
} as const satisfies Record<OutboxRow['state'], { mark: string; className: string }>;

/** Where something that goes out has got to: shape, word and colour. */
export function OutboxState({ state }: { state: OutboxRow['state'] }) {
  const t = useTranslations('admin.outbox');
  const { mark, className } = looks[state];
  return (
    <span className={cn('whitespace-nowrap', className)}>
      <span aria-hidden="true">{mark}</span> {t(state)}
    </span>
  );
}
