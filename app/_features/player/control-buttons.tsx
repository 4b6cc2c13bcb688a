'use client';

import { Maximize, Minimize, Pause, PictureInPicture2, Pin, PinOff, Play, Volume2, VolumeX } from 'lucide-react';
import { useTranslations } from 'next-intl';

import { cn } from '../../_lib/class-name.ts';
import type { VideoState } from '../../_lib/playback/use-video-state.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import type { PlayerActions } from './player-actions.ts';

type ButtonProps = { actions: PlayerActions; video: VideoState | null; className?: string };

export function PlayButton({ actions, isPaused, className }: Omit<ButtonProps, 'video'> & { isPaused: boolean }) {
  const t = useTranslations('player');
  const Icon = isPaused ? Play : Pause;
  return (
    <IconButton
      label={t(isPaused ? 'play' : 'pause')}
      keys="k"
      onClick={actions.togglePlay}
      className={cn('text-text', className)}
    >
      <Icon aria-hidden="true" strokeWidth={1.5} />
    </IconButton>
  );
}

export function Sound({ actions, video, hasSound, className }: ButtonProps & { hasSound: boolean }) {
  const t = useTranslations('player');
  const isMuted = video?.isMuted ?? true;
  const Icon = isMuted ? VolumeX : Volume2;
  return (
    <div className="group flex items-center">
      <IconButton
        label={hasSound ? t(isMuted ? 'unmute' : 'mute') : t('noSound')}
        keys="m"
        aria-pressed={!isMuted}
        onClick={actions.toggleMute}
        className={cn(!hasSound && '[&_svg]:opacity-45', className)}
      >
        <Icon aria-hidden="true" strokeWidth={1.5} />
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

export function LiveButton({ actions }: { actions: PlayerActions }) {
  const t = useTranslations('player');
  return (
    <button
      type="button"
      onClick={actions.toLive}
      className="h-8 rounded-pill border border-signal px-3 text-13 font-medium whitespace-nowrap text-signal hover:bg-signal-wash"
    >
      {t('toLive')}
    </button>
  );
}

export function PictureInPictureButton({ actions, video, className }: ButtonProps) {
  const t = useTranslations('player');
  return (
    <IconButton
      label={t('pip')}
      keys="p"
      aria-pressed={video?.isPictureInPicture ?? false}
      onClick={actions.togglePictureInPicture}
      className={cn('hidden sm:inline-flex', className)}
    >
      <PictureInPicture2 aria-hidden="true" strokeWidth={1.5} />
    </IconButton>
  );
}

export function FullscreenButton({ actions, video, className }: ButtonProps) {
  const t = useTranslations('player');
  const isFullscreen = video?.isFullscreen ?? false;
  const Icon = isFullscreen ? Minimize : Maximize;
  return (
    <IconButton
      label={t(isFullscreen ? 'exitFullscreen' : 'fullscreen')}
      keys="f"
      onClick={actions.toggleFullscreen}
      {...(className ? { className } : {})}
    >
      <Icon aria-hidden="true" strokeWidth={1.5} />
    </IconButton>
  );
}

export function PinButton({
  isPinned,
  onPin,
  className,
}: {
  isPinned: boolean;
  onPin: () => void;
  className?: string;
}) {
  const t = useTranslations('player');
  const Icon = isPinned ? PinOff : Pin;
  return (
    <IconButton
      label={t(isPinned ? 'unpin' : 'pin')}
      aria-pressed={isPinned}
      onClick={onPin}
      className={cn(isPinned && 'text-signal', className)}
    >
      <Icon aria-hidden="true" strokeWidth={1.5} />
    </IconButton>
  );
}
