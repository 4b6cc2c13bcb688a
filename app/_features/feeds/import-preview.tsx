'use client';

import { useTranslations } from 'next-intl';
import { useId } from 'react';

import { mappedFields, type ImportPreview } from '#server/contracts/feeds.ts';

import { formatCoordinates } from '../../_lib/format.ts';
import { Select } from '../../_ui/field.tsx';
import { RejectedRows } from './rejected-rows.tsx';
import { useRowWords } from './use-reject-words.ts';

const headClass = 'py-2 pr-4 text-left text-12 font-normal text-quiet';
const cellClass = 'py-2 pr-4 align-top';

/** Which column of the file means which field; each can be chosen anew. */
export function MappingTable({
  preview,
  isBusy,
  onChange,
}: {
  preview: ImportPreview;
  isBusy: boolean;
  onChange: (mapping: ImportPreview['mapping']) => void;
}) {
  const t = useTranslations('importer');
  const id = useId();
  return (
    <section className="border-t border-line py-6">
      <h2 className="text-16 font-semibold">{t('mapping')}</h2>
      <p className="pb-4 text-13 text-quiet">{t('mappingText')}</p>
      <div className="grid gap-x-8 gap-y-3 sm:grid-cols-2 lg:grid-cols-3">
        {mappedFields
          .filter((field) => Object.hasOwn(preview.mapping, field))
          .map((field) => {
            const column = preview.mapping[field] ?? '';
            return (
              <div key={field} className="grid grid-cols-[8rem_1fr] items-center gap-3 text-13">
                <label htmlFor={`${id}-${field}`}>{t(`fields.${field}`)}</label>
                <Select
                  id={`${id}-${field}`}
                  className="max-md:h-11"
                  value={column}
                  disabled={isBusy}
                  onChange={(event) => onChange({ ...preview.mapping, [field]: event.target.value || null })}
                >
                  <option value="">{t('noColumn')}</option>
                  {column !== '' && !preview.columns.includes(column) ? <option value={column}>{column}</option> : null}
                  {preview.columns.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </Select>
              </div>
            );
          })}
      </div>
    </section>
  );
}

/** The first lines as cameras, and the lines that can't be one. */
export function PreviewRows({ preview }: { preview: ImportPreview }) {
  const t = useTranslations();
  const rowWords = useRowWords();
  const sample = preview.sample.filter((row) => row.camera !== null);
  return (
    <>
      {sample.length > 0 ? (
        <section className="border-t border-line py-6">
          <h2 className="pb-2 text-16 font-semibold">{t('importer.sample')}</h2>
          {/* The table scrolls on a phone, so it must be reachable by keyboard. */}
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <section className="overflow-x-auto" tabIndex={0} aria-label={t('importer.sample')}>
            <table className="w-full min-w-2xl text-13">
              <thead>
                <tr className="border-b border-line-strong">
                  {(['row', 'camera', 'position', 'source'] as const).map((head) => (
                    <th key={head} scope="col" className={headClass}>
                      {t(`importer.${head}`)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {sample.map(({ row, camera }) =>
                  camera ? (
                    <tr key={row} className="border-b border-line">
                      <td className={`${cellClass} figure text-quiet`}>{rowWords(row)}</td>
                      <th scope="row" className={`${cellClass} text-left font-medium`}>
                        {camera.name}
                        {camera.nameJa ? <span className="font-normal text-quiet"> · {camera.nameJa}</span> : null}
                        {camera.place ? (
                          <span className="block text-12 font-normal text-quiet">{camera.place}</span>
                        ) : null}
                      </th>
                      <td className={`${cellClass} figure`}>{formatCoordinates(camera.latitude, camera.longitude)}</td>
                      <td className={`${cellClass} max-w-md`}>
                        {t(`kind.${camera.kind}`)}
                        <span className="figure block text-12 wrap-anywhere whitespace-normal text-quiet">
                          {withoutPassword(camera.address ?? '')}
                        </span>
                      </td>
                    </tr>
                  ) : null,
                )}
              </tbody>
            </table>
          </section>
        </section>
      ) : null}
      <RejectedRows rows={preview.rejectedRows} total={preview.rejected} />
    </>
  );
}

/** A file may hold passwords; who looks over the shoulder need not read them. */
function withoutPassword(address: string): string {
  return address.replace(/\/\/[^/@]*@/, '//…@');
}
