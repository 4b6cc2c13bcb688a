'use client';

import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import type { CameraView } from '#server/contracts/camera.ts';

import { formatClock, formatDuration, formatMinute, formatMoment, formatZone, unknown } from '../../_lib/format.ts';
import { useMediaStates } from '../../_lib/use-media-states.ts';
import { useReasonWord } from '../../_lib/use-reason-word.ts';
import { StateWord } from '../../_ui/state-word.tsx';
import { sunFacts } from './sun-facts.ts';

function Cell({ term, children, note }: { term: string; children: ReactNode; note?: ReactNode }) {
  return (
    <div className="min-w-0 border-l border-line pl-3 first:border-l-0 first:pl-0">
      <dt className="truncate text-12 text-quiet">{term}</dt>
      <dd className="figure truncate text-14">{children}</dd>
      <dd className="figure truncate text-12 text-quiet">{note}</dd>
    </div>
  );
}

type CameraFactsProps = {
  camera: CameraView;
  /** The moment that is shown. */
  shownMs: number;
  behindMs: number | null;
  isPast: boolean;
};

/** What is measured of a camera at the moment that is shown: its clock, its sun, its distance to now, its state. */
export function CameraFacts({ camera, shownMs, behindMs, isPast }: CameraFactsProps) {
  const t = useTranslations();
  const locale = useLocale();
  const { timeZone } = camera;
  const media = useMediaStates([camera.id]).get(camera.streamId) ?? null;
  const frameAgeMs = media?.frameAgeMs ?? null;
  const sun = sunFacts(shownMs, camera);
  const minute = (ms: number | null) => (ms === null ? unknown : formatMinute({ ms, timeZone, locale }));
  const state = media?.state ?? camera.state;
  const reason = media ? media.reason : camera.stateReason;
  // An error is said by its reason alone.
  const reasonWord = useReasonWord(state === 'error' ? null : reason);
  const since = media ? media.since : camera.stateSince;
  const isOut = state === 'offline' || state === 'error' || state === 'still';
  return (
    <>
      <dl className="mt-4 grid grid-cols-[1.1fr_1.5fr_0.9fr_0.8fr] gap-3 border-y border-line py-3">
        <Cell term={t('player.localTime')} note={formatZone({ ms: shownMs, timeZone, locale })}>
          {formatClock({ ms: shownMs, timeZone, locale })}
        </Cell>
        <Cell
          term={t(`earth.light.${sun.light}`)}
          note={sun.stays ? t(`earth.sunStays.${sun.stays}`) : `↑${minute(sun.sunriseMs)} ↓${minute(sun.sunsetMs)}`}
        >
          {`${sun.altitude < 0 ? '−' : ''}${Math.abs(sun.altitude).toFixed(1)}°`}
        </Cell>
        <Cell term={t('earth.behind')} note={isPast ? t('player.recorded') : null}>
          {isPast ? unknown : formatDuration(behindMs, locale)}
        </Cell>
        <Cell term={t('earth.frame')} note={isPast || frameAgeMs === null ? null : t('earth.ago')}>
          {isPast ? unknown : formatDuration(frameAgeMs, locale)}
        </Cell>
      </dl>
      {isPast ? null : (
        <p className="flex flex-wrap items-baseline gap-x-3 pt-3 text-13">
          <StateWord state={state} reason={reason} />
          <span className="text-quiet">
            {[
              t(`earth.stateMeans.${state}`),
              reasonWord,
              since && (isOut || !media)
                ? t('player.since', { time: formatMoment({ ms: Date.parse(since), timeZone, locale }) })
                : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </p>
      )}
    </>
  );
}
