'use client';

import { useTranslations } from 'next-intl';

import { permission as permissionWord, type PermissionPattern } from '#server/contracts/permissions.ts';

import { offeredPermissions, type PermissionGroup } from './offered-permissions.ts';

const row = 'flex cursor-pointer items-start gap-2.5 py-1 text-13 max-md:min-h-11 max-md:items-center';

/** What a key may, by noun; a whole noun holds the verbs that come later too. */
export function PermissionPicker({
  held,
  chosen,
  onChange,
}: {
  held: readonly string[];
  chosen: readonly PermissionPattern[];
  onChange: (chosen: PermissionPattern[]) => void;
}) {
  return (
    <div className="grid gap-x-8 gap-y-4 sm:grid-cols-2">
      {offeredPermissions(held).map((group) => (
        <Group key={group.noun} group={group} chosen={chosen} onChange={onChange} />
      ))}
    </div>
  );
}

function Group({
  group,
  chosen,
  onChange,
}: {
  group: PermissionGroup;
  chosen: readonly PermissionPattern[];
  onChange: (chosen: PermissionPattern[]) => void;
}) {
  const t = useTranslations('account');
  const { noun, whole, permissions } = group;
  const isWhole = whole !== null && chosen.includes(whole);
  const others = chosen.filter((pattern) => !pattern.startsWith(`${noun}:`));
  const toggle = (pattern: PermissionPattern, isOn: boolean) =>
    onChange(isOn ? [...chosen, pattern] : chosen.filter((each) => each !== pattern));
  return (
    <fieldset>
      <legend className="pb-1 font-mono text-12 text-quiet">{noun}</legend>
      {permissions.map((word) => (
        <label key={word} className={row}>
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-signal max-md:mt-0"
            checked={isWhole || chosen.includes(word)}
            disabled={isWhole}
            onChange={(event) => toggle(word, event.target.checked)}
          />
          <span>{t(`permission.${word}`)}</span>
        </label>
      ))}
      {whole !== null && permissions.length > 1 ? (
        <label className={row}>
          <input
            type="checkbox"
            className="mt-0.5 size-4 shrink-0 accent-signal max-md:mt-0"
            checked={isWhole}
            onChange={(event) => onChange(event.target.checked ? [...others, whole] : others)}
          />
          <span className="text-quiet">{t('wholeNoun')}</span>
        </label>
      ) : null}
    </fieldset>
  );
}

/** What a key may, in a line of words; what has none stands as it is written. */
export function PermissionList({ patterns }: { patterns: readonly string[] }) {
  const t = useTranslations('account');
  if (patterns.includes('*')) return t('mayAll');
  return (
    <ul className="flex flex-wrap gap-1.5">
      {patterns.map((pattern) => {
        const known = permissionWord.safeParse(pattern).data;
        return (
          <li
            key={pattern}
            title={known ? t(`permission.${known}`) : undefined}
            className="rounded-pill border border-line px-2 font-mono text-12 text-quiet"
          >
            {pattern}
          </li>
        );
      })}
    </ul>
  );
}
