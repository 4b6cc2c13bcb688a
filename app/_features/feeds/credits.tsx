'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { FeedView } from '#server/contracts/feeds.ts';

import { countryName } from '../../_lib/country-name.ts';
import { localName } from '../../_lib/format.ts';

/** Whom the pictures come from and under which licence: for everybody. */
export function Credits({ feeds }: { feeds: readonly FeedView[] }) {
  const t = useTranslations('feeds');
  const locale = useLocale();
  return (
    <ul>
      {feeds.map((feed) => (
        <li key={feed.id} className="grid gap-x-6 border-t border-line py-3 sm:grid-cols-[16rem_1fr]">
          <p>
            <span className="font-medium">{localName(feed, locale)}</span>
            <span className="block text-12 text-quiet">{countryName(feed.country, locale)}</span>
          </p>
          <p className="min-w-0 text-13 wrap-break-word">
            {feed.attribution}
            <span className="block text-quiet">
              {feed.licence} ·{' '}
              <a href={feed.homepage} rel="noreferrer" target="_blank" className="rounded-[4px] underline">
                {t('homepage')}
              </a>
            </span>
          </p>
        </li>
      ))}
    </ul>
  );
}
