'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent } from 'react';

import { cn } from '../../_lib/class-name.ts';
import type { EarthClock } from '../../_lib/earth-clock.ts';
import type { PictureClock } from '../../_lib/playback/use-picture-clock.ts';
import {
  FullscreenButton,
  LiveButton,
  PictureInPictureButton,
  PinButton,
  PlayButton,
  Sound,
} from './control-buttons.tsx';
import { QualityMenu } from './quality-menu.tsx';
import { RecordingBar } from './recording-bar.tsx';
import { Stage } from './stage.tsx';
import { useIdle } from './use-idle.ts';
import { usePlayerKeys } from './use-player-keys.ts';
import { usePlayer } from './use-player.ts';

export type SheetPlayerProps = {
  cameraId: string;
  /** Where it begins when no clock moves it: a moment of the recording, or live. */
  startMs?: number | null;
  /** Time travel: the picture follows this clock. Scrubbing in the player moves the clock as well, so that globe and picture stay together. */
  clock?: EarthClock;
  isPinned?: boolean;
  /** The pin is shown where this is given. */
  onPin?: () => void;
  /** Four times a second: the time in the picture and its distance to now. */
  onClock?: (clock: PictureClock) => void;
  /** Keys of the player work wherever the focus is; else only inside of it. */
  hasPageKeys?: boolean;
  className?: string;
};

const noMove = () => undefined;
/** 44 px where a finger presses. */
const touchable = 'max-md:size-11';

/** The player in a sheet: picture, state, distance to now, controls and the recording, nothing beside it. Suspends until the camera is known. */
export function SheetPlayer(props: SheetPlayerProps) {
  const { cameraId, startMs = null, clock = null, isPinned = false, onPin, onClock, hasPageKeys = false } = props;
  const t = useTranslations('player');
  const { player, setStage, attach } = usePlayer({ cameraId, startMs, clock, onMoved: noMove });
  const { name, stage, actions, video, pictureClock, media } = player;
  usePlayerKeys(actions, { scope: hasPageKeys ? 'page' : stage });
  const isIdle = useIdle(stage);
  const isQuiet = isIdle && !player.isPaused;
  const tell = useEffectEvent((told: PictureClock) => onClock?.(told));
  useEffect(() => {
    if (pictureClock) tell(pictureClock);
  }, [pictureClock]);
  const label = t('label', { name });
  return (
    <section
      ref={setStage}
      data-theme="dark"
      aria-label={label}
      className={cn('group/stage flex flex-col bg-ground text-text', props.className)}
    >
      <div className="relative flex min-h-0 grow flex-col">
        <Stage
          player={player}
          attach={attach}
          label={label}
          className="aspect-video grow"
          noteClassName="pt-10 pb-11"
          drawnBadgesClassName="top-[16%] md:top-[16%]"
        />
        <div
          role="toolbar"
          aria-label={t('controls')}
          className={cn(
            'absolute inset-x-0 bottom-0 flex items-center gap-1 bg-linear-to-t from-ground via-veil to-transparent px-2 pt-8 pb-1 transition-opacity duration-300',
            isQuiet && 'opacity-0 focus-within:opacity-100 hover:opacity-100',
          )}
        >
          <PlayButton actions={actions} isPaused={player.isPaused} className={touchable} />
          <Sound actions={actions} video={video} hasSound={media?.audio ?? false} className={touchable} />
          {player.isAtLive ? null : <LiveButton actions={actions} />}
          <div className="ml-auto flex items-center gap-1">
            {onPin ? <PinButton isPinned={isPinned} onPin={onPin} className={touchable} /> : null}
            <QualityMenu
              session={player.session}
              state={player.state}
              media={media}
              stage={stage}
              className={touchable}
            />
            <PictureInPictureButton actions={actions} video={video} />
            <FullscreenButton actions={actions} video={video} className={touchable} />
          </div>
        </div>
      </div>
      <div className="px-3 pt-1 pb-1">
        <RecordingBar player={player} />
      </div>
    </section>
  );
}
