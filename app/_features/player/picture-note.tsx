'use client';

import { CircleSlash, LoaderCircle, Play } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { formatCodecs, formatMoment } from '../../_lib/format.ts';
import type { Outage } from '../../_lib/playback/outage.ts';
import type { SessionState } from '../../_lib/playback/session-state.ts';
import { Button } from '../../_ui/button.tsx';
import { OutageNote } from './outage-note.tsx';

type PictureNoteProps = {
  state: SessionState;
  /** What explains that there is no picture. */
  outage: Outage | null;
  codecs: string | null;
  timeZone: string;
  isPaused: boolean;
  isWaiting: boolean;
  isOnDemand: boolean;
  nowMs: number;
  onRetry: () => void;
  onLive: () => void;
  onPlay: () => void;
  /** Keeps it off what lies over the picture's edges. */
  className: string | undefined;
};

const demandLimitSeconds = 12;

function Progress({ children }: { children: ReactNode }) {
  return (
    <p className="glass flex items-center gap-3 rounded-pill py-2 pr-4 pl-3 text-13">
      <LoaderCircle aria-hidden="true" strokeWidth={1.5} className="size-4 animate-spin text-quiet" />
      {children}
    </p>
  );
}

function Failed({ state, codecs, timeZone, nowMs, onRetry, onLive }: PictureNoteProps) {
  const t = useTranslations('player');
  const locale = useLocale();
  if (state.phase.type !== 'failed') return null;
  const { failure, retryAtMs } = state.phase;
  const { mode } = state;
  const values = {
    codec: formatCodecs(codecs),
    time: mode.type === 'past' ? formatMoment({ ms: mode.atMs, timeZone, locale }) : '',
  };
  return (
    <div className="glass pointer-events-auto max-w-md rounded-panel border border-line-strong p-5 text-center">
      <CircleSlash aria-hidden="true" strokeWidth={1.25} className="mx-auto mb-3 size-7 text-quiet" />
      <p className="text-16 font-semibold text-balance">{t(`failure.${failure}.title`, values)}</p>
      <p className="pt-1 text-13 text-quiet">{t(`failure.${failure}.text`, values)}</p>
      <div className="flex flex-wrap items-center justify-center gap-3 pt-4">
        {failure === 'unsupported' || failure === 'forbidden' ? null : (
          <Button size="small" onClick={onRetry}>
            {t('retry')}
          </Button>
        )}
        {mode.type === 'past' ? (
          <Button size="small" tone="signal" onClick={onLive}>
            {t('toLive')}
          </Button>
        ) : null}
        {retryAtMs === null ? null : (
          <span className="figure text-12 text-quiet">
            {t('retryIn', { seconds: Math.max(0, Math.ceil((retryAtMs - nowMs) / 1000)) })}
          </span>
        )}
      </div>
    </div>
  );
}

/** What is said over the picture while it does not simply play. */
export function PictureNote(props: PictureNoteProps) {
  const { state, outage, timeZone, isPaused, isWaiting, isOnDemand, nowMs, onRetry, onPlay, className } = props;
  const t = useTranslations('player');
  const locale = useLocale();
  const { phase, mode } = state;
  let note: ReactNode = null;
  if (phase.type === 'failed') note = <Failed {...props} />;
  if (phase.type === 'recovering') {
    note = <Progress>{t('recovering', { attempt: phase.attempt, budget: phase.budget })}</Progress>;
  }
  if (phase.type === 'opening') {
    const seconds = Math.max(0, Math.floor((nowMs - phase.sinceMs) / 1000));
    const isSlow = isOnDemand && mode.type === 'live' && seconds >= 1;
    const words =
      mode.type === 'past'
        ? t('startingPast', { time: formatMoment({ ms: mode.atMs, timeZone, locale }) })
        : t(isSlow ? 'startingDemand' : 'starting', { limit: demandLimitSeconds });
    note = (
      <Progress>
        {words} {seconds > 0 ? <span className="figure text-quiet">{t('waited', { seconds })}</span> : null}
      </Progress>
    );
  }
  if (phase.type === 'playing' && isPaused) {
    note = (
      <button
        type="button"
        onClick={onPlay}
        aria-label={t('tapToPlay')}
        className="glass pointer-events-auto flex size-16 items-center justify-center rounded-pill hover:bg-hover"
      >
        <Play aria-hidden="true" strokeWidth={1.5} className="ml-1 size-7" />
      </button>
    );
  } else if (phase.type === 'playing' && isWaiting) note = <Progress>{t('waiting')}</Progress>;
  if (outage) note = <OutageNote {...{ outage, phase, timeZone, isOnDemand, nowMs, onRetry }} />;
  return (
    <div
      aria-live="polite"
      className={cn('pointer-events-none absolute inset-0 flex items-center justify-center p-4', className)}
    >
      {note}
    </div>
  );
}
