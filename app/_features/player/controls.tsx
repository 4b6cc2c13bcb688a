'use client';

import {
  CircleHelp,
  Link2,
  Maximize,
  Minimize,
  Pause,
  PictureInPicture2,
  Play,
  RotateCcw,
  RotateCw,
  Volume2,
  VolumeX,
} from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';

import { cn } from '../../_lib/class-name.ts';
import { formatMoment } from '../../_lib/format.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import type { PlayerActions } from './player-actions.ts';
import { barHours, type BarHours } from './scrub-bar.tsx';
import type { PictureClock } from './use-picture-clock.ts';
import type { VideoState } from './use-video-state.ts';

type ControlsProps = {
  actions: PlayerActions;
  video: VideoState | null;
  clock: PictureClock | null;
  timeZone: string;
  isAtLive: boolean;
  hasSound: boolean;
  hours: BarHours;
  onHours: (hours: BarHours) => void;
  onShare: () => void;
  onHelp: () => void;
};

function Sound({ actions, video, hasSound }: Pick<ControlsProps, 'actions' | 'video' | 'hasSound'>) {
  const t = useTranslations('player');
  const isMuted = video?.isMuted ?? true;
  return (
    <div className="group flex items-center">
      <IconButton
        label={hasSound ? t(isMuted ? 'unmute' : 'mute') : t('noSound')}
        keys="m"
        aria-pressed={!isMuted}
        onClick={actions.toggleMute}
        className={cn(!hasSound && '[&_svg]:opacity-45')}
      >
        {isMuted ? <VolumeX aria-hidden="true" strokeWidth={1.5} /> : <Volume2 aria-hidden="true" strokeWidth={1.5} />}
      </IconButton>
      {hasSound ? (
        <input
          type="range"
          min="0"
          max="1"
          step="0.05"
          aria-label={t('volume')}
          value={isMuted ? 0 : (video?.volume ?? 0)}
          onChange={(event) => actions.setVolume(event.target.valueAsNumber)}
          className="hidden h-1 w-20 accent-signal md:block"
        />
      ) : null}
    </div>
  );
}

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
  const isPaused = video?.isPaused ?? true;
  const isFullscreen = video?.isFullscreen ?? false;
  return (
    <div role="toolbar" aria-label={t('controls')} className="flex flex-wrap items-center gap-x-1 gap-y-1">
      <IconButton label={t(isPaused ? 'play' : 'pause')} keys="k" onClick={actions.togglePlay} className="text-text">
        {isPaused ? <Play aria-hidden="true" strokeWidth={1.5} /> : <Pause aria-hidden="true" strokeWidth={1.5} />}
      </IconButton>
      <IconButton label={t('back')} keys="←" onClick={() => actions.step(-5)}>
        <RotateCcw aria-hidden="true" strokeWidth={1.5} />
      </IconButton>
      <IconButton label={t('forward')} keys="→" onClick={() => actions.step(5)} disabled={isAtLive}>
        <RotateCw aria-hidden="true" strokeWidth={1.5} className={cn(isAtLive && 'opacity-45')} />
      </IconButton>
      <Sound {...props} />
      <time className="figure hidden px-2 text-13 sm:block">
        {clock?.pictureMs ? formatMoment({ ms: clock.pictureMs, timeZone, locale }) : ''}
      </time>
      {isAtLive ? null : (
        <button
          type="button"
          onClick={actions.toLive}
          className="h-8 rounded-pill border border-signal px-3 text-13 font-medium text-signal hover:bg-signal-wash"
        >
          {t('toLive')}
        </button>
      )}
      <div className="ml-auto flex items-center gap-1">
        <BarLength {...props} />
        <IconButton label={t(isAtLive ? 'shareLive' : 'share')} onClick={onShare}>
          <Link2 aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
        <IconButton
          label={t('pip')}
          keys="p"
          aria-pressed={video?.isPictureInPicture ?? false}
          onClick={actions.togglePictureInPicture}
          className="hidden sm:inline-flex"
        >
          <PictureInPicture2 aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
        <IconButton
          label={t(isFullscreen ? 'exitFullscreen' : 'fullscreen')}
          keys="f"
          onClick={actions.toggleFullscreen}
        >
          {isFullscreen ? (
            <Minimize aria-hidden="true" strokeWidth={1.5} />
          ) : (
            <Maximize aria-hidden="true" strokeWidth={1.5} />
          )}
        </IconButton>
        <IconButton label={t('help')} keys="?" onClick={onHelp} className="hidden md:inline-flex">
          <CircleHelp aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      </div>
    </div>
  );
}
