'use client';

import { useQuery } from '@tanstack/react-query';
import { Check, ChevronDown } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';

import type { EarthFilter } from '#server/contracts/earth.ts';

import { cn } from '../../_lib/class-name.ts';
import { countryName } from '../../_lib/country-name.ts';
import { useTRPC } from '../../_lib/trpc.ts';
import { Chip } from './chip.tsx';
import { withCountry } from './filter-change.ts';

type RegionChipProps = { filter: EarthFilter; onChange: (filter: EarthFilter) => void };

function Countries({ filter, onChange, onDone }: RegionChipProps & { onDone: () => void }) {
  const t = useTranslations('earth');
  const locale = useLocale();
  const trpc = useTRPC();
  const [query, setQuery] = useState('');
  const countries = useQuery(trpc.earth.countries.queryOptions(undefined, { staleTime: 60_000 }));
  const words = query.trim().toLowerCase();
  const named = (countries.data ?? [])
    .map(({ country, cameras }) => ({ country, cameras, name: countryName(country, locale) }))
    .filter(({ country, name }) =>
      [name, countryName(country, locale === 'ja' ? 'en' : 'ja'), country].some((text) =>
        text.toLowerCase().includes(words),
      ),
    );
  return (
    <>
      <input
        type="search"
        aria-label={t('regionSearch')}
        placeholder={t('regionSearch')}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        className="h-11 w-full border-b border-line bg-transparent px-3 text-14 outline-none md:h-10 [&::-webkit-search-cancel-button]:hidden"
      />
      <ul aria-label={t('region')} className="max-h-72 overflow-y-auto p-1">
        {named.map(({ country, cameras, name }) => {
          const isChosen = filter.country === country;
          return (
            <li key={country}>
              <button
                type="button"
                aria-pressed={isChosen}
                onClick={() => {
                  onChange(withCountry(filter, isChosen ? null : country));
                  onDone();
                }}
                className="flex h-11 w-full items-center gap-2 rounded-[4px] px-2 text-left text-13 hover:bg-hover md:h-8"
              >
                <Check
                  aria-hidden="true"
                  strokeWidth={1.5}
                  className={cn('size-4 text-signal', !isChosen && 'invisible')}
                />
                <span className="truncate">{name}</span>
                <span className="figure ml-auto text-12 text-quiet">{cameras.toLocaleString('en')}</span>
              </button>
            </li>
          );
        })}
      </ul>
      {countries.isPending ? <p className="px-3 pb-3 text-13 text-quiet">{t('loading')}</p> : null}
      {countries.isSuccess && named.length === 0 ? (
        <p className="px-3 pb-3 text-13 text-quiet">{query ? t('regionNone', { query }) : t('regionNoneYet')}</p>
      ) : null}
    </>
  );
}

/** The country whose cameras are shown; only those that have any are offered. */
export function RegionChip({ filter, onChange }: RegionChipProps) {
  const t = useTranslations('earth');
  const locale = useLocale();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover.Root open={isOpen} onOpenChange={setIsOpen}>
      <Popover.Trigger asChild>
        <Chip isOn={filter.country !== undefined}>
          {filter.country ? countryName(filter.country, locale) : t('region')}
          <ChevronDown aria-hidden="true" strokeWidth={1.5} />
        </Chip>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={8}
          collisionPadding={8}
          data-theme="dark"
          aria-label={t('region')}
          className="z-50 w-72 animate-rise overflow-hidden rounded-panel border border-line-strong bg-raised text-text shadow-overlay"
        >
          <Countries filter={filter} onChange={onChange} onDone={() => setIsOpen(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
