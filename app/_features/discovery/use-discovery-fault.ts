'use client';

import { useTranslations } from 'next-intl';

import type { DiscoveryAnswer } from '#server/contracts/discovery.ts';

const spoken = ['AUTH_REQUIRED', 'AUTH_REFUSED', 'TIMED_OUT', 'UNREACHABLE', 'ADDRESS_FORBIDDEN'] as const;

/** The words for what a device or the call for devices did wrong. */
export function useDiscoveryFault(): (answer: Extract<DiscoveryAnswer, { found: 'fault' }>) => string {
  const t = useTranslations('discovery');
  return ({ fault }) => {
    const known = spoken.find((each) => each === fault) ?? 'other';
    return t('failed', { message: t(`fault.${known}`) });
  };
}
