'use client';

import { CircleHelp, Link2, RotateCcw, RotateCw } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

import { cn } from '../../_lib/class-name.ts';
import { formatMoment } from '../../_lib/format.ts';
import type { PictureClock } from '../../_lib/playback/use-picture-clock.ts';
import type { VideoState } from '../../_lib/playback/use-video-state.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { FullscreenButton, LiveButton, PictureInPictureButton, PlayButton, Sound } from './control-buttons.tsx';
import type { PlayerActions } from './player-actions.ts';
import { barHours, type BarHours } from './scrub-bar.tsx';

type ControlsProps = {
  actions: PlayerActions;
  video: VideoState | null;
  clock: PictureClock | null;
  timeZone: string;
  isAtLive: boolean;
  hasSound: boolean;
  quality: ReactNode;
  hours: BarHours;
  onHours: (hours: BarHours) => void;
  onShare: () => void;
  onHelp: () => void;
};

function BarLength({ hours, onHours }: Pick<ControlsProps, 'hours' | 'onHours'>) {
  const t = useTranslations('player');
  return (
    <fieldset className="flex items-center" aria-label={t('zoom')}>
      {barHours.map((choice) => (
        <button
          key={choice}
          type="button"
          aria-pressed={choice === hours}
          onClick={() => onHours(choice)}
          className={cn(
            'figure h-8 rounded-control px-2 text-12 text-quiet hover:text-text',
            choice === hours && 'bg-hover text-text',
          )}
        >
          {t('hours', { hours: choice })}
        </button>
      ))}
    </fieldset>
  );
}

export function Controls(props: ControlsProps) {
  const { actions, video, clock, timeZone, isAtLive, onShare, onHelp } = props;
  const t = useTranslations('player');
  const locale = useLocale();
  return (
    <div role="toolbar" aria-label={t('controls')} className="flex flex-wrap items-center gap-x-1 gap-y-1">
      <PlayButton actions={actions} isPaused={video?.isPaused ?? true} />
      <IconButton label={t('back')} keys="←" onClick={() => actions.step(-5)}>
        <RotateCcw aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
      <IconButton label={t('forward')} keys="→" onClick={() => actions.step(5)} disabled={isAtLive}>
        <RotateCw aria-hidden="true" strokeWidth={1.5} className={cn(isAtLive && 'opacity-45')} />
      </IconButton>
      <Sound actions={actions} video={video} hasSound={props.hasSound} />
      <time className="figure hidden px-2 text-13 sm:block">
        {clock?.pictureMs ? formatMoment({ ms: clock.pictureMs, timeZone, locale }) : ''}
      </time>
      {isAtLive ? null : <LiveButton actions={actions} />}
      <div className="ml-auto flex items-center gap-1">
        <BarLength {...props} />
        {props.quality}
        <IconButton label={t(isAtLive ? 'shareLive' : 'share')} onClick={onShare}>
          <Link2 aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
        <PictureInPictureButton actions={actions} video={video} />
        <FullscreenButton actions={actions} video={video} />
        <IconButton label={t('help')} keys="?" onClick={onHelp} className="hidden md:inline-flex">
          <CircleHelp aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      </div>
    </div>
  );
}
