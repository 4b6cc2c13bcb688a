'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { FeedView, ImportRun } from '#server/contracts/feeds.ts';

import { localName } from '../../_lib/format.ts';

/** What a run read: the feed's name in the reader's language, or the file's own. */
export function useRunName(feeds: readonly FeedView[]): (run: Pick<ImportRun, 'source'>) => string {
  const t = useTranslations('feeds');
  const locale = useLocale();
  return ({ source }) => {
    const at = source.indexOf(':');
    const [kind, name] = [source.slice(0, at), source.slice(at + 1)];
    if (kind === 'file') return name === 'pasted' ? t('pasted') : t('file', { name });
    const feed = feeds.find(({ id }) => id === name);
    return feed ? localName(feed, locale) : name;
  };
}
