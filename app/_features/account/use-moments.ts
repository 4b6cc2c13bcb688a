'use client';

import { useLocale } from 'next-intl';

import { useTimeZone } from '../../_lib/use-time-zone.ts';

/** `22 Nov 2026`, and `22 Nov 2026, 18:42`, in the zone that the person chose. */
export function useMoments(): { day: (iso: string) => string; moment: (iso: string) => string } {
  const locale = useLocale();
  const timeZone = useTimeZone();
  const shown = (iso: string, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(new Date(iso));
  return {
    day: (iso) => shown(iso, { dateStyle: 'medium' }),
    moment: (iso) => shown(iso, { dateStyle: 'medium', timeStyle: 'short' }),
  };
}
