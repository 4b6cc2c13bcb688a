'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { FeedView, ImportRun } from '#server/contracts/feeds.ts';

import { localName } from '../../_lib/format.ts';

const faultCodes = [
  'UNREACHABLE',
  'TIMED_OUT',
  'REFUSED',
  'BUSY',
  'ADDRESS_FORBIDDEN',
  'TOO_LARGE',
  'DAMAGED',
  'CHARSET',
  'HTML',
  'NOT_JSON',
  'NOT_XML',
  'SHAPE',
  'EMPTY',
  'SHRUNKEN',
] as const;

/** A fault as a person reads it: our sentence where the code is known, with the operator's detail behind it. */
export function useFeedFault(): (fault: string) => { words: string; detail: string | null } {
  const t = useTranslations('feeds.fault');
  return (fault) => {
    const code = faultCodes.find((each) => new RegExp(`\\b${each}\\b`).test(fault));
    return code ? { words: t(code), detail: fault } : { words: fault, detail: null };
  };
}

/** What a run read: the feed's name in the reader's language, or the file's own. */
export function useRunName(feeds: readonly FeedView[]): (run: Pick<ImportRun, 'source'>) => string {
  const t = useTranslations('feeds');
  const locale = useLocale();
  return ({ source }) => {
    const at = source.indexOf(':');
    const [kind, name] = [source.slice(0, at), source.slice(at + 1)];
    if (kind === 'file') return t('file', { name });
    const feed = feeds.find(({ id }) => id === name);
    return feed ? localName(feed, locale) : name;
  };
}
