'use client';

import { Check, ChevronDown, Pause, Play } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { DropdownMenu } from 'radix-ui';
import { useState } from 'react';

import type { EarthFilter } from '#server/contracts/earth.ts';

import { cn } from '../../_lib/class-name.ts';
import { earthRates, type EarthClock } from '../../_lib/earth-clock.ts';
import { formatClock, formatMoment, formatZone } from '../../_lib/format.ts';
import { useEarthMoment, useEarthSecond } from '../../_lib/use-earth-clock.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { MenuChoice, MenuContent } from '../../_ui/menu.tsx';
import { barRanges, rangeHolding, type BarRange } from './bar-scale.ts';
import { TimeSlider } from './time-slider.tsx';
import { useEarthCoverage } from './use-earth-coverage.ts';
import { useNow } from './use-now.ts';

export type TimeBarProps = {
  clock: EarthClock;
  /** The coverage behind the bar counts the cameras that pass it. */
  filter?: EarthFilter;
  className?: string;
};

const choice =
  'figure inline-flex h-8 items-center gap-1 rounded-control px-2 text-12 text-quiet hover:bg-hover hover:text-text max-md:h-11 max-md:px-3';

function RateMenu({ clock, rate }: { clock: EarthClock; rate: number }) {
  const t = useTranslations('timeBar');
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={choice} aria-label={`${t('rate')} ${t('rateValue', { rate })}`}>
        {t('rateValue', { rate })} <ChevronDown aria-hidden="true" strokeWidth={1.5} className="size-3.5" />
      </DropdownMenu.Trigger>
      <MenuContent side="top" className="min-w-24">
        <DropdownMenu.RadioGroup
          value={String(rate)}
          onValueChange={(value) => {
            const wanted = earthRates.find((one) => String(one) === value);
            if (wanted) clock.setRate(wanted);
          }}
        >
          {earthRates.map((one) => (
            <MenuChoice key={one} value={String(one)} className="max-md:h-11">
              <span className="figure">{t('rateValue', { rate: one })}</span>
            </MenuChoice>
          ))}
        </DropdownMenu.RadioGroup>
      </MenuContent>
    </DropdownMenu.Root>
  );
}

function RangeMenu({ range, onRange }: { range: BarRange; onRange: (range: BarRange) => void }) {
  const t = useTranslations('timeBar');
  const words = (hours: BarRange) => (hours > 24 ? t('days', { days: hours / 24 }) : t('hours', { hours }));
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className={choice} aria-label={`${t('range')} ${words(range)}`}>
        {words(range)} <ChevronDown aria-hidden="true" strokeWidth={1.5} className="size-3.5" />
      </DropdownMenu.Trigger>
      <MenuContent side="top" className="min-w-28">
        {barRanges.map((one) => (
          <DropdownMenu.CheckboxItem
            key={one}
            checked={one === range}
            onCheckedChange={() => onRange(one)}
            className="flex h-11 cursor-pointer items-center justify-between gap-4 rounded-[4px] px-2 text-13 outline-none data-highlighted:bg-hover md:h-8"
          >
            <span className="figure">{words(one)}</span>
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden="true" strokeWidth={1.5} className="size-4" />
            </DropdownMenu.ItemIndicator>
          </DropdownMenu.CheckboxItem>
        ))}
      </MenuContent>
    </DropdownMenu.Root>
  );
}

/** Moves the planet back through what was recorded, and to now again. About 60 px high; full width of its box. */
export function TimeBar({ clock, filter, className }: TimeBarProps) {
  const t = useTranslations('timeBar');
  const locale = useLocale();
  const moment = useEarthMoment(clock);
  const secondMs = useEarthSecond(clock);
  const nowMs = useNow();
  const [chosen, setChosen] = useState<BarRange>(24);
  const isLive = moment.mode === 'live';
  const shownMs = isLive ? nowMs : secondMs;
  const range = rangeHolding(chosen, nowMs === null || shownMs === null ? 0 : nowMs - shownMs);
  const { coverage, isUnknown } = useEarthCoverage(range, nowMs, filter);
  const isPlaying = isLive || moment.playing;
  const PlayIcon = isPlaying ? Pause : Play;
  // The server does not know the reader's zone; nothing is shown before the browser says it.
  const timeZone = nowMs === null ? 'UTC' : new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const isUtc = timeZone === 'UTC';
  return (
    <section
      aria-label={t('label')}
      data-mode={moment.mode}
      data-cover
      className={cn('@container px-3 py-1.5 text-text md:px-4', className)}
    >
      <div className="flex items-start gap-x-3 gap-y-1 @max-xl:flex-wrap">
        <div className="flex items-center @max-xl:order-2">
          <IconButton
            label={t(isPlaying ? 'pause' : 'play')}
            onClick={() => clock.setPlaying(!isPlaying)}
            className="size-8 text-text max-md:size-11"
          >
            <PlayIcon aria-hidden="true" strokeWidth={1.5} />
          </IconButton>
          {isLive ? null : <RateMenu clock={clock} rate={moment.rate} />}
          <RangeMenu range={range} onRange={setChosen} />
        </div>
        <div className="min-w-0 grow @max-xl:order-1 @max-xl:basis-full">
          <TimeSlider
            clock={clock}
            range={range}
            nowMs={nowMs}
            shownMs={shownMs}
            isLive={isLive}
            coverage={coverage}
            timeZone={timeZone}
          />
          {isUnknown ? <p className="text-12 text-quiet">{t('noCoverage')}</p> : null}
        </div>
        <div
          className={cn(
            'ml-auto flex min-h-8 items-center gap-3 max-md:min-h-11 @max-xl:order-3',
            // Beside an open sheet the bar keeps its length, and on a phone its two rows.
            !isLive && '@max-3xl:flex-col @max-3xl:items-end @max-3xl:gap-0.5',
          )}
        >
          <p className="figure text-right text-12 leading-4" data-testid="earth-moment" data-ms={shownMs ?? undefined}>
            <span className="block">
              {shownMs === null || nowMs === null ? (
                '\u00a0'
              ) : (
                <>
                  {formatMoment({ ms: shownMs, timeZone, locale })}{' '}
                  <span className={cn(!isLive && '@max-md:hidden')}>
                    {formatZone({ ms: shownMs, timeZone, locale })}
                  </span>
                </>
              )}
            </span>
            <span className={cn('block text-quiet', !isLive && '@max-3xl:hidden')}>
              {shownMs === null || isUtc ? '\u00a0' : `${formatClock({ ms: shownMs, timeZone: 'UTC', locale })} UTC`}
            </span>
          </p>
          {isLive ? null : (
            <button
              type="button"
              onClick={() => clock.toLive()}
              className="h-8 rounded-pill border border-signal px-3 text-13 font-medium whitespace-nowrap text-signal hover:bg-signal-wash max-md:h-11 @xl:@max-3xl:h-7"
            >
              {t('toNow')}
            </button>
          )}
        </div>
      </div>
    </section>
  );
}
