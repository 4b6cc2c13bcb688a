'use client';

import { useTranslations } from 'next-intl';

import type { RejectedRow } from '#server/contracts/feeds.ts';

import { useRejectWords, useRowWords } from './use-reject-words.ts';

const headClass = 'py-2 pr-4 text-left text-12 font-normal text-quiet';
const cellClass = 'py-2 pr-4 align-top';

/** The lines of a file that are no camera, each with its reason; of many the first. */
export function RejectedRows({ rows, total }: { rows: readonly RejectedRow[]; total: number }) {
  const t = useTranslations('importer');
  const rejectWords = useRejectWords();
  const rowWords = useRowWords();
  const rest = total - rows.length;
  if (rows.length === 0) return null;
  return (
    <section className="border-t border-line py-6">
      <h2 className="pb-2 text-16 font-semibold">{t('rejectedTitle')}</h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls */}
      <section className="max-h-96 overflow-auto" tabIndex={0} aria-label={t('rejectedTitle')}>
        <table className="w-full text-13">
          <thead>
            <tr className="border-b border-line-strong">
              <th scope="col" className={headClass}>
                {t('row')}
              </th>
              <th scope="col" className={headClass}>
                {t('reason')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((line) => (
              <tr key={`${line.row} ${line.code}`} className="border-b border-line">
                <td className={`${cellClass} figure text-quiet`}>{rowWords(line.row)}</td>
                <td className={`${cellClass} wrap-break-word`}>{rejectWords(line)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rest > 0 ? <p className="pt-2 text-13 text-quiet">{t('moreRejected', { count: rest })}</p> : null}
    </section>
  );
}
