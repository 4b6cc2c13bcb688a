'use client';

import { useTranslations } from 'next-intl';

import {
  permission,
  permissionPattern,
  type Permission,
  type PermissionPattern,
} from '#server/contracts/permissions.ts';

import { cn } from '../../_lib/class-name.ts';
import { holds } from '../../_lib/holds.ts';
import { matrixOf, toggled } from './matrix.ts';

type MatrixProps = {
  all: readonly Permission[];
  patterns: readonly PermissionPattern[];
  /** Left out: only to be read. */
  onChange?: (patterns: PermissionPattern[]) => void;
};

/** What a role holds: nouns down, verbs across; on a phone each noun with its verbs below. */
export function PermissionMatrix({ all, patterns, onChange }: MatrixProps) {
  const t = useTranslations('admin.roles');
  const { nouns, verbs } = matrixOf(all);
  const isFixed = onChange === undefined;
  const toggle = (word: PermissionPattern) => onChange?.(toggled(patterns, word, all));
  const hasAll = patterns.includes('*');
  const box = 'size-4 accent-signal disabled:opacity-60';
  return (
    <div>
      <label className="flex min-h-9 items-center gap-2 pb-2 font-medium max-md:min-h-11">
        <input type="checkbox" className={box} checked={hasAll} disabled={isFixed} onChange={() => toggle('*')} />
        {t('everything')}
      </label>
      <table className="w-full text-12 max-md:block" aria-label={t('permissions')}>
        <thead className="max-md:hidden">
          <tr className="border-b border-line-strong text-quiet">
            <th scope="col" className="text-left font-normal">
              {t('thing')}
            </th>
            <th scope="col" className="px-1 pb-1 font-normal">
              {t('all')}
            </th>
            {verbs.map((verb) => (
              <th key={verb} scope="col" className="px-1 pb-1 font-normal">
                {verb}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {nouns.map((noun) => {
            const whole = permissionPattern.parse(`${noun}:*`);
            const hasWhole = hasAll || patterns.includes(whole);
            return (
              <tr
                key={noun}
                className="border-b border-line hover:bg-hover max-md:flex max-md:flex-wrap max-md:gap-x-4 max-md:py-2"
              >
                <th scope="row" className="figure py-1 text-left font-normal text-text max-md:basis-full">
                  {noun}
                </th>
                <td className="text-center">
                  <label className="flex h-7 items-center justify-center gap-1.5 max-md:h-11">
                    <input
                      type="checkbox"
                      className={box}
                      aria-label={`${noun}:*`}
                      checked={hasWhole}
                      disabled={isFixed || hasAll}
                      onChange={() => toggle(whole)}
                    />
                    <span className="md:hidden">{t('all')}</span>
                  </label>
                </td>
                {verbs.map((verb) => {
                  const word = permission.safeParse(`${noun}:${verb}`).data;
                  if (!word)
                    return (
                      <td key={verb} className="max-md:hidden">
                        {null}
                      </td>
                    );
                  return (
                    <td key={verb} className="text-center">
                      <label className="flex h-7 items-center justify-center gap-1.5 max-md:h-11">
                        <input
                          type="checkbox"
                          className={cn(box, hasWhole && 'opacity-60')}
                          aria-label={word}
                          checked={holds(patterns, word)}
                          disabled={isFixed || hasAll}
                          onChange={() => toggle(word)}
                        />
                        <span className="md:hidden">{verb}</span>
                      </label>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
