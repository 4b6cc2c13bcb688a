import { useTranslations } from 'next-intl';

import type { RejectReason } from '#server/contracts/feeds.ts';

/** Why a line can't be added and what to change, in the reader's language. */
export function useRejectWords(): (reason: RejectReason) => string {
  const t = useTranslations('importer.reject');
  const rowWords = useRowWords();
  return ({ code, about }) => t(code, { about: code === 'SAME_AS' ? rowWords(about ?? '') : (about ?? '') });
}

/** `row 7`, `feature 7` of the server as a person reads it; a name that the list gave stays as it is. */
export function useRowWords(): (row: string) => string {
  const t = useTranslations('importer');
  return (row) => {
    const [, unit, number] = /^(row|line|feature|outline|station) (\d+)$/.exec(row) ?? [];
    if (number === undefined) return row;
    return t(unit === 'row' || unit === 'line' ? 'line' : 'entry', { number });
  };
}
