'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';

import type { EarthCoverage } from '#server/contracts/earth.ts';

import { cn } from '../../_lib/class-name.ts';
import { nowWithinMs, type EarthClock } from '../../_lib/earth-clock.ts';
import { formatMoment } from '../../_lib/format.ts';
import { coveragePath, keyAct, marksOf, rangeMs, type BarRange } from './bar-scale.ts';

type TimeSliderProps = {
  clock: EarthClock;
  range: BarRange;
  nowMs: number | null;
  /** The moment that is shown; now while live. */
  shownMs: number | null;
  isLive: boolean;
  coverage: EarthCoverage | null;
  timeZone: string;
};

/** How many cameras were recorded at a moment. */
function countAt(coverage: EarthCoverage | null, ms: number): number | null {
  if (!coverage) return null;
  const fromMs = Date.parse(coverage.from);
  const bucketMs = (Date.parse(coverage.to) - fromMs) / Math.max(1, coverage.recorded.length);
  return coverage.recorded[Math.floor((ms - fromMs) / bucketMs)] ?? null;
}

/** The bar itself: what was recorded, and the moment that is shown, to be dragged or stepped. */
export function TimeSlider({ clock, range, nowMs, shownMs, isLive, coverage, timeZone }: TimeSliderProps) {
  const t = useTranslations('timeBar');
  const locale = useLocale();
  const bar = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<{ ms: number; isDragging: boolean } | null>(null);
  const end = nowMs ?? 0;
  const stretch = { fromMs: end - rangeMs(range), toMs: end };
  const shareOf = (ms: number) => (ms - stretch.fromMs) / (stretch.toMs - stretch.fromMs);
  const left = (ms: number) => `${(Math.min(1, Math.max(0, shareOf(ms))) * 100).toFixed(3)}%`;
  const timeAt = (event: PointerEvent): number => {
    const box = bar.current?.getBoundingClientRect();
    if (!box || box.width === 0) return end;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return stretch.fromMs + share * (stretch.toMs - stretch.fromMs);
  };
  const point = (event: PointerEvent, isDragging: boolean) => {
    const ms = timeAt(event);
    setPointed({ ms, isDragging });
    if (isDragging) clock.hold(ms);
  };
  const letGo = () => {
    clock.hold(null);
    setPointed(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const act = keyAct(event.key, event.shiftKey);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act.type === 'live') clock.toLive();
    else if (act.type === 'oldest') clock.goTo(coverage?.oldest ? Date.parse(coverage.oldest) : stretch.fromMs);
    // A step back from now is a step back from the nearest past, not one that is still now.
    else if (isLive && act.byMs < 0) clock.goTo(end - nowWithinMs + act.byMs);
    else clock.step(act.byMs);
  };
  const knobMs = pointed?.isDragging ? pointed.ms : (shownMs ?? end);
  const isNow = pointed?.isDragging ? pointed.ms > end - nowWithinMs : isLive;
  const words = (ms: number): string => {
    const time = formatMoment({ ms, timeZone, locale });
    const count = countAt(coverage, ms);
    return count === null ? time : t('value', { time, count });
  };
  const covered = coverage
    ? coveragePath(coverage.recorded, { fromMs: Date.parse(coverage.from), toMs: Date.parse(coverage.to) }, stretch)
    : '';
  const ago = (hours: number): string =>
    hours >= 48
      ? t('days', { days: hours / 24 })
      : hours < 1
        ? t('minutes', { minutes: hours * 60 })
        : t('hours', { hours });
  return (
    <div className="relative min-w-0 grow select-none">
      <div
        ref={bar}
        // A range input can neither show coverage nor be dragged without its thumb.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="slider"
        tabIndex={0}
        aria-label={t('label')}
        aria-valuemin={Math.round(stretch.fromMs / 1000)}
        aria-valuemax={Math.round(stretch.toMs / 1000)}
        aria-valuenow={Math.round(Math.min(knobMs, stretch.toMs) / 1000)}
        aria-valuetext={isNow ? t('valueLive') : words(knobMs)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          point(event, true);
        }}
        onPointerMove={(event) => point(event, pointed?.isDragging ?? false)}
        onPointerUp={(event) => {
          if (!pointed?.isDragging) return;
          const ms = timeAt(event);
          setPointed(null);
          clock.goTo(ms);
        }}
        onPointerCancel={letGo}
        onPointerLeave={() => {
          if (!pointed?.isDragging) setPointed(null);
        }}
        className="relative h-8 cursor-pointer touch-none max-md:h-11"
      >
        <svg
          viewBox="0 0 100 24"
          preserveAspectRatio="none"
          aria-hidden="true"
          className="absolute inset-x-0 bottom-1 h-5 w-full"
        >
          <path d={covered} className="fill-recorded" />
        </svg>
        <span aria-hidden="true" className="absolute inset-x-0 bottom-1 h-px bg-line-strong" />
        {pointed ? (
          <span aria-hidden="true" className="absolute inset-y-1 w-px bg-quiet" style={{ left: left(pointed.ms) }} />
        ) : null}
        <span
          aria-hidden="true"
          className="absolute inset-y-1 -ml-px w-0.5 rounded-pill bg-signal"
          style={{ left: left(knobMs) }}
        >
          <span className="absolute -bottom-1 left-1/2 size-2.5 -translate-x-1/2 rounded-pill bg-signal" />
        </span>
      </div>
      <div aria-hidden="true" className="figure @container relative h-4 text-12 text-quiet">
        {marksOf(range).map((hours, index) => (
          <span
            key={hours}
            className={cn('absolute', index > 0 && '-translate-x-1/2', index % 2 === 1 && '@max-[24rem]:hidden')}
            style={{ left: `${((range - hours) / range) * 100}%` }}
          >
            {index === 0 ? t('ago', { time: ago(hours) }) : ago(hours)}
          </span>
        ))}
        <span className={cn('absolute right-0', isNow && 'text-signal')}>{t('now')}</span>
      </div>
      {pointed && nowMs !== null ? (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute bottom-full mb-1 -translate-x-1/2 rounded-control border border-line-strong bg-raised px-2 py-1 text-12 whitespace-nowrap text-text shadow-overlay"
          style={{ left: `clamp(7rem, ${left(pointed.ms)}, calc(100% - 7rem))` }}
        >
          {words(pointed.ms)}
        </div>
      ) : null}
    </div>
  );
}
