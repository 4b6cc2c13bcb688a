'use client';

import { ChevronDown, Sun, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';

import { cameraKinds, type CameraKind } from '#server/contracts/camera-words.ts';
import type { EarthFilter } from '#server/contracts/earth.ts';

import { MenuCheck, MenuContent } from '../../_ui/menu.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import { Chip } from './chip.tsx';
import { cleared, withDaylight, withDemo, withKind, withOnlyState } from './filter-change.ts';
import { RegionChip } from './region-chip.tsx';

type FilterChipsProps = { filter: EarthFilter; onChange: (filter: EarthFilter) => void };

function KindChip({ filter, onChange }: FilterChipsProps) {
  const t = useTranslations();
  const chosen = filter.kinds ?? [];
  const words = chosen.map((kind: CameraKind) => t(`kind.${kind}`));
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Chip isOn={chosen.length > 0}>
          {words.length === 0 ? t('earth.kind') : words.length === 1 ? words[0] : `${t('earth.kind')} ${words.length}`}
          <ChevronDown aria-hidden="true" strokeWidth={1.5} />
        </Chip>
      </DropdownMenu.Trigger>
      <MenuContent align="start" data-theme="dark">
        {cameraKinds.map((kind) => (
          <MenuCheck
            key={kind}
            checked={chosen.includes(kind)}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={() => onChange(withKind(filter, kind))}
            className="h-11 md:h-8"
          >
            {t(`kind.${kind}`)}
          </MenuCheck>
        ))}
      </MenuContent>
    </DropdownMenu.Root>
  );
}

/** What of all cameras is shown. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const t = useTranslations('earth');
  const isLiveOnly = filter.states?.length === 1 && filter.states[0] === 'live';
  const isDay = filter.daylight === 'day';
  const isDemoHidden = filter.demo === false;
  return (
    <>
      <Chip isOn={isLiveOnly} aria-pressed={isLiveOnly} onClick={() => onChange(withOnlyState(filter, 'live'))}>
        <StateMark state="live" className="size-3!" /> {t('liveNow')}
      </Chip>
      <Chip isOn={isDay} aria-pressed={isDay} onClick={() => onChange(withDaylight(filter))}>
        <Sun aria-hidden="true" strokeWidth={1.5} /> {t('daylight')}
      </Chip>
      <KindChip filter={filter} onChange={onChange} />
      <RegionChip filter={filter} onChange={onChange} />
      <Chip isOn={isDemoHidden} aria-pressed={isDemoHidden} onClick={() => onChange(withDemo(filter))}>
        <StateMark state="demo" className="size-3!" /> {t('hideDemo')}
      </Chip>
      {Object.keys(filter).length > 0 ? (
        <Chip className="border-transparent text-quiet hover:text-text" onClick={() => onChange(cleared)}>
          <X aria-hidden="true" strokeWidth={1.5} /> {t('clear')}
        </Chip>
      ) : null}
    </>
  );
}
