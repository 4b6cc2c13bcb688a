'use client';

import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import Link from 'next/link';

import { cn } from '../../_lib/class-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { useLater } from '../../_lib/use-later.ts';
import { Hint } from '../../_ui/hint.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';

const marks = { ok: 'live', degraded: 'delayed', down: 'error', unknown: 'unchecked' } as const;
const words = { ok: 'statusOk', degraded: 'statusDegraded', down: 'statusDown', unknown: 'statusUnknown' } as const;

/** It stands in every page: what lies behind it is asked for when the first look is through. */
const laterMs = 4000;

/** The health of the whole house, in a shape and a word. */
export function StatusDot({ isHere }: { isHere: boolean }) {
  const t = useTranslations('frame');
  const trpc = useTRPC();
  const health = useQuery(trpc.system.health.queryOptions(undefined, { refetchInterval: 10_000 }));
  const status = health.isError ? 'unknown' : (health.data?.status ?? 'unknown');
  const isLater = useLater(laterMs);
  const label = t('status', { state: t(words[status]) });
  return (
    <Hint text={label} side="right">
      <Link
        href="/status"
        prefetch={isLater ? null : false}
        aria-label={label}
        aria-current={isHere ? 'page' : undefined}
        className={cn(
          'inline-flex size-9 items-center justify-center rounded-control transition-colors hover:bg-hover',
          isHere && 'bg-hover',
        )}
      >
        <StateMark state={marks[status]} />
      </Link>
    </Hint>
  );
}
