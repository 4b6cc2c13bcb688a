'use client';

import { useLocale, useTranslations } from 'next-intl';
import { useRef, useState, type PointerEvent } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { formatMinute, formatMoment } from '../../_lib/format.ts';
import {
  isRecordedAt,
  nextRecordedMs,
  spanAt,
  stretchFor,
  ticksIn,
  visibleSpans,
  zoneOffsetMs,
  type Span,
  type SpanKind,
} from '../../_lib/playback/coverage.ts';
import { ScrubPreview } from './scrub-preview.tsx';

/** A mark near the end, which has a word of its own, is left out where the bar is too narrow for both. */
function nearEnd(distanceMs: number, lengthMs: number): string | undefined {
  const share = distanceMs / lengthMs;
  if (share < 0.11) return '@max-5xl:hidden';
  return share < 0.2 ? '@max-xl:hidden' : undefined;
}

export const barHours = [1, 6, 24] as const;
export type BarHours = (typeof barHours)[number];

const looks = {
  recorded: 'inset-y-0 bg-recorded',
  slate: 'inset-y-2 bg-line-strong',
  dropped: 'bottom-0 h-0.5 bg-error',
  offline: 'bottom-0 h-px bg-offline',
  off: 'hidden',
  retention: 'hidden',
} satisfies Record<SpanKind, string>;

type ScrubBarProps = {
  streamId: string;
  spans: readonly Span[];
  hours: BarHours;
  timeZone: string;
  nowMs: number;
  pictureMs: number | null;
  isLive: boolean;
  onSeek: (wallMs: number) => void;
};

/** The recording as a bar: what is covered, why the rest is not, and where the picture stands. */
export function ScrubBar({ streamId, spans, hours, timeZone, nowMs, pictureMs, isLive, onSeek }: ScrubBarProps) {
  const t = useTranslations('player');
  const locale = useLocale();
  const bar = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<{ ms: number; isDragging: boolean } | null>(null);
  const stretch = stretchFor(hours, nowMs, isLive ? null : pictureMs);
  const lengthMs = stretch.toMs - stretch.fromMs;
  const shareOf = (ms: number) => `${(((ms - stretch.fromMs) / lengthMs) * 100).toFixed(3)}%`;
  const timeAt = (event: PointerEvent): number => {
    const box = bar.current?.getBoundingClientRect();
    if (!box || box.width === 0) return nowMs;
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    return stretch.fromMs + share * lengthMs;
  };
  const words = (ms: number) =>
    t('timelineValue', {
      time: formatMoment({ ms, timeZone, locale }),
      kind: t(`span.${spanAt(spans, ms)?.kind ?? 'none'}`),
    });
  // As many pictures as the bar is wide in tenths of one: a finer step would ask for the same key frame again.
  const grainMs = Math.max(2000, lengthMs / 360);
  const pictureAt = (ms: number): number | null => {
    const rough = Math.floor(ms / grainMs) * grainMs;
    if (isRecordedAt(spans, rough, nowMs)) return rough;
    return isRecordedAt(spans, ms, nowMs) ? ms : null;
  };
  const playheadMs = pointed?.isDragging ? pointed.ms : (pictureMs ?? (isLive ? nowMs : null));
  const ticks = ticksIn(stretch, hours, zoneOffsetMs(timeZone, nowMs));
  return (
    <div className="relative select-none">
      <div
        ref={bar}
        // A range input cannot show spans, nor be dragged without its thumb.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="slider"
        tabIndex={0}
        aria-label={t('timeline', { hours })}
        aria-valuemin={Math.round(stretch.fromMs / 1000)}
        aria-valuemax={Math.round(stretch.toMs / 1000)}
        aria-valuenow={Math.round((playheadMs ?? stretch.toMs) / 1000)}
        aria-valuetext={words(playheadMs ?? stretch.toMs)}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setPointed({ ms: timeAt(event), isDragging: true });
        }}
        onPointerMove={(event) => setPointed({ ms: timeAt(event), isDragging: pointed?.isDragging ?? false })}
        onPointerUp={(event) => {
          if (!pointed?.isDragging) return;
          const ms = timeAt(event);
          setPointed(null);
          onSeek(nextRecordedMs(spans, ms) ?? ms);
        }}
        onPointerCancel={() => setPointed(null)}
        onPointerLeave={() => {
          if (!pointed?.isDragging) setPointed(null);
        }}
        className="relative h-8 cursor-pointer touch-none"
      >
        <div className="absolute inset-x-0 inset-y-1 overflow-hidden rounded-[3px] bg-hover">
          {visibleSpans(spans, stretch, lengthMs / 1500).map((span) => (
            <span
              key={`${span.kind} ${span.fromMs}`}
              className={cn('absolute', looks[span.kind])}
              style={{ left: shareOf(span.fromMs), right: `calc(100% - ${shareOf(span.toMs)})` }}
            />
          ))}
        </div>
        {pointed ? (
          <span aria-hidden="true" className="absolute inset-y-0 w-px bg-text" style={{ left: shareOf(pointed.ms) }} />
        ) : null}
        {playheadMs === null ? null : (
          <span
            aria-hidden="true"
            className="absolute inset-y-0 -ml-px w-0.5 rounded-pill bg-signal"
            style={{ left: shareOf(Math.min(playheadMs, stretch.toMs)) }}
          />
        )}
      </div>
      <div aria-hidden="true" className="figure @container relative h-4 text-12 text-quiet">
        {ticks
          .filter((tick) => tick - stretch.fromMs > lengthMs * 0.03 && stretch.toMs - tick > lengthMs * 0.06)
          .map((tick) => (
            <span
              key={tick}
              className={cn('absolute -translate-x-1/2', nearEnd(stretch.toMs - tick, lengthMs))}
              style={{ left: shareOf(tick) }}
            >
              {formatMinute({ ms: tick, timeZone, locale })}
            </span>
          ))}
        <span className={cn('absolute right-0', isLive && 'text-signal')}>
          {stretch.toMs >= nowMs - 1000 ? t('now') : formatMinute({ ms: stretch.toMs, timeZone, locale })}
        </span>
      </div>
      {pointed ? (
        <div
          aria-hidden="true"
          className="pointer-events-none absolute bottom-full z-10 mb-2 -translate-x-1/2"
          style={{ left: `clamp(5.5rem, ${shareOf(pointed.ms)}, calc(100% - 5.5rem))` }}
        >
          <ScrubPreview streamId={streamId} ms={pictureAt(pointed.ms)} words={words(pointed.ms)} />
        </div>
      ) : null}
    </div>
  );
}
