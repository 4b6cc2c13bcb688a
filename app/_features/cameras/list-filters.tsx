'use client';

import { ChevronDown, LayoutGrid, Rows3, Search, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DropdownMenu, ToggleGroup } from 'radix-ui';
import type { ReactNode, RefObject } from 'react';

import { cameraKinds, cameraStates } from '#server/contracts/camera-words.ts';

import { cn } from '../../_lib/class-name.ts';
import { Keys } from '../../_ui/hint.tsx';
import { MenuCheck, MenuContent } from '../../_ui/menu.tsx';
import { StateMark } from '../../_ui/state-mark.tsx';
import type { ListView } from './list-address.ts';

const toggled = <Word extends string>(words: readonly Word[], word: Word): Word[] =>
  words.includes(word) ? words.filter((one) => one !== word) : [...words, word];

function FilterMenu({ label, count, children }: { label: string; count: number; children: ReactNode }) {
  const t = useTranslations('cameras');
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={cn(
          'inline-flex h-11 items-center gap-1.5 rounded-pill border px-3 text-13 transition-colors hover:bg-hover md:h-8',
          count > 0 ? 'border-signal text-signal' : 'border-line-strong text-text',
        )}
      >
        {label}: {count > 0 ? <span className="figure">{count}</span> : t('all')}
        <ChevronDown aria-hidden="true" strokeWidth={1.5} className="size-4" />
      </DropdownMenu.Trigger>
      <MenuContent align="start">{children}</MenuContent>
    </DropdownMenu.Root>
  );
}

type ListFiltersProps = {
  view: ListView;
  onChange: (view: ListView) => void;
  search: RefObject<HTMLInputElement | null>;
};

export function ListFilters({ view, onChange, search }: ListFiltersProps) {
  const t = useTranslations();
  const isFiltered = view.query !== '' || view.states.length > 0 || view.kinds.length > 0;
  const keepOpen = (event: Event) => event.preventDefault();
  return (
    <div className="flex flex-wrap items-center gap-2 py-4">
      <div className="relative w-full md:w-80">
        <Search aria-hidden="true" strokeWidth={1.5} className="absolute top-3.5 left-2.5 size-4 text-quiet md:top-2" />
        <input
          ref={search}
          type="search"
          aria-label={t('cameras.searchLabel')}
          placeholder={t('cameras.search')}
          value={view.query}
          onChange={(event) => onChange({ ...view, query: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
          className="h-11 w-full rounded-control border border-line-strong bg-raised pr-9 pl-8 text-13 hover:border-faint md:h-8 [&::-webkit-search-cancel-button]:hidden"
        />
        <span aria-hidden="true" className="absolute top-1.5 right-2 hidden md:block">
          <Keys text="/" />
        </span>
      </div>
      <FilterMenu label={t('cameras.filterState')} count={view.states.length}>
        {cameraStates.map((state) => (
          <MenuCheck
            key={state}
            checked={view.states.includes(state)}
            onSelect={keepOpen}
            className="max-md:h-11"
            onCheckedChange={() => onChange({ ...view, states: toggled(view.states, state) })}
          >
            <StateMark state={state} className="size-3!" /> {t(`state.${state}`)}
          </MenuCheck>
        ))}
      </FilterMenu>
      <FilterMenu label={t('cameras.filterKind')} count={view.kinds.length}>
        {cameraKinds.map((kind) => (
          <MenuCheck
            key={kind}
            checked={view.kinds.includes(kind)}
            onSelect={keepOpen}
            className="max-md:h-11"
            onCheckedChange={() => onChange({ ...view, kinds: toggled(view.kinds, kind) })}
          >
            {t(`kind.${kind}`)}
          </MenuCheck>
        ))}
      </FilterMenu>
      {isFiltered ? (
        <button
          type="button"
          onClick={() => onChange({ ...view, query: '', states: [], kinds: [] })}
          className="inline-flex h-11 items-center gap-1 rounded-pill px-2 text-13 text-quiet hover:bg-hover hover:text-text md:h-8"
        >
          <X aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('cameras.clear')}
        </button>
      ) : null}
      <ToggleGroup.Root
        type="single"
        aria-label={t('cameras.view')}
        value={view.layout}
        onValueChange={(layout) => {
          if (layout === 'table' || layout === 'grid') onChange({ ...view, layout });
        }}
        className="ml-auto flex"
      >
        {(['table', 'grid'] as const).map((layout) => (
          <ToggleGroup.Item
            key={layout}
            value={layout}
            aria-label={layout === 'table' ? t('cameras.viewTable') : t('cameras.viewGrid')}
            className="inline-flex size-11 items-center justify-center rounded-control text-quiet hover:text-text data-[state=on]:bg-hover data-[state=on]:text-text md:size-8 [&_svg]:size-4"
          >
            {layout === 'table' ? (
              <Rows3 aria-hidden="true" strokeWidth={1.5} />
            ) : (
              <LayoutGrid aria-hidden="true" strokeWidth={1.5} />
            )}
          </ToggleGroup.Item>
        ))}
      </ToggleGroup.Root>
    </div>
  );
}
