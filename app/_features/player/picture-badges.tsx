'use client';

import { useLocale, useTranslations } from 'next-intl';

import type { CameraState } from '#server/contracts/camera.ts';

import { cn } from '../../_lib/class-name.ts';
import { formatDuration } from '../../_lib/format.ts';
import { StateWord } from '../../_ui/state-word.tsx';

type PictureBadgesProps = {
  state: CameraState;
  reason: string | null;
  isRecording: boolean;
  behindMs: number | null;
  className: string | undefined;
};

/** The measured state on one side of the picture, its distance to now on the other. */
export function PictureBadges({ state, reason, isRecording, behindMs, className }: PictureBadgesProps) {
  const t = useTranslations('player');
  const locale = useLocale();
  return (
    <div
      className={cn(
        'pointer-events-none absolute inset-x-3 top-3 flex items-start justify-between text-13 md:inset-x-5 md:top-5',
        className,
      )}
    >
      <span className="glass flex h-7 items-center gap-2 rounded-control px-2.5 font-medium">
        {isRecording ? t('recorded') : <StateWord state={state} reason={reason} />}
      </span>
      {behindMs === null ? null : (
        <span
          data-testid="behind"
          data-behind-ms={Math.round(behindMs)}
          className="glass figure flex h-7 items-center rounded-control px-2.5"
        >
          {t('behind', { time: formatDuration(behindMs, locale) })}
        </span>
      )}
    </div>
  );
}
