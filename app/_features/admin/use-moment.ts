'use client';

import { useLocale, useTranslations } from 'next-intl';

import { formatDuration, formatMoment, unknown } from '../../_lib/format.ts';
import { serverNow } from '../../_lib/server-clock.ts';
import { useTimeZone } from '../../_lib/use-time-zone.ts';

/** Times as the lists show them: how long ago where that reads faster, the moment itself where it matters. */
export function useMoment() {
  const t = useTranslations('admin');
  const locale = useLocale();
  const timeZone = useTimeZone();
  return {
    at: (iso: string | null) => (iso === null ? unknown : formatMoment({ ms: Date.parse(iso), timeZone, locale })),
    ago: (iso: string | null) =>
      iso === null ? unknown : t('ago', { age: formatDuration(serverNow() - Date.parse(iso), locale) }),
    in: (iso: string | null) =>
      iso === null ? unknown : t('in', { time: formatDuration(Date.parse(iso) - serverNow(), locale) }),
    isPast: (iso: string) => Date.parse(iso) <= serverNow(),
  };
}
