'use client';

import { useTranslations } from 'next-intl';

import { cameraStates } from '#server/contracts/camera-words.ts';
import type { EarthFilter, StateCounts } from '#server/contracts/earth.ts';

import { cn } from '../../_lib/class-name.ts';
import { StateMark } from '../../_ui/state-mark.tsx';
import { withState } from './filter-change.ts';

type StateCountsLineProps = {
  totals: StateCounts | undefined;
  filter: EarthFilter;
  onChange: (filter: EarthFilter) => void;
};

/** How many cameras of the planet are in each state, measured; each count narrows the globe to it. */
export function StateCountsLine({ totals, filter, onChange }: StateCountsLineProps) {
  const t = useTranslations();
  const shown = cameraStates.filter((state) => (totals?.[state] ?? 0) > 0 || filter.states?.includes(state));
  return (
    <ul
      aria-label={t('earth.counts')}
      className={cn(
        'flex h-11 w-fit items-center gap-x-1 rounded-pill px-1 md:h-7 md:flex-wrap',
        shown.length > 0 && 'md:glass',
      )}
    >
      {shown.map((state) => {
        const isOn = filter.states?.includes(state) ?? false;
        return (
          <li key={state}>
            <button
              type="button"
              aria-pressed={isOn}
              onClick={() => onChange(withState(filter, state))}
              className={cn(
                'flex h-11 items-center gap-1.5 rounded-pill px-1.5 text-12 whitespace-nowrap hover:text-text md:h-6',
                isOn ? 'text-signal' : 'text-quiet',
                filter.states && !isOn && 'opacity-60',
              )}
            >
              <StateMark state={state} className="size-2.5" />
              <span className={cn('figure', isOn ? 'text-signal' : 'text-text')}>
                {(totals?.[state] ?? 0).toLocaleString('en')}
              </span>
              {t(`earth.countWord.${state}`)}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
