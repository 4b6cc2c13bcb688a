'use client';

import { Expand, GripVertical, Maximize2, Minimize2, PinOff, Volume2, VolumeX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ComponentProps, KeyboardEvent } from 'react';

import type { CameraView } from '#server/contracts/camera.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import { cn } from '../../_lib/class-name.ts';
import type { EarthClock } from '../../_lib/earth-clock.ts';
import { useOnScreen } from '../../_lib/use-on-screen.ts';
import { IconButton } from '../../_ui/icon-button.tsx';
import { TilePicture } from './tile-picture.tsx';

export type TileActions = {
  focus: (cameraId: string) => void;
  unpin: (cameraId: string, name: string) => void;
  /** An arrow key on the handle: whether the tile moved. */
  moveByKey: (cameraId: string, name: string, key: string) => boolean;
  /** Its sound is heard, and no other's; or none again. */
  hear: (cameraId: string) => void;
  open: ((cameraId: string) => void) | null;
};

type WallTileProps = {
  id: string;
  index: number;
  name: string;
  /** Null with a fault in words: gone, or not for this person. */
  camera: CameraView | null;
  fault: string | null;
  media: MediaState | null;
  isFocused: boolean;
  isHeard: boolean;
  /** How its handle is dragged. */
  handle: Pick<ComponentProps<'button'>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onLostPointerCapture'>;
  /** It is held, or what is held would be put down here. */
  dragged: 'held' | 'under' | null;
  isLowLatency: boolean;
  isWatched: boolean;
  clock: EarthClock | null;
  actions: TileActions;
};

const overPicture = 'bg-overlay text-text max-md:size-11';

export function WallTile(props: WallTileProps) {
  const { id, index, name, camera, fault, media, isFocused, isHeard, isLowLatency, isWatched, clock, actions } = props;
  const { handle, dragged } = props;
  const t = useTranslations('wall');
  const [frame, isOnScreen] = useOnScreen<HTMLLIElement>();
  const label = t('tileLabel', { index: index + 1, name });
  const onHandleKey = (event: KeyboardEvent) => {
    if (!actions.moveByKey(id, name, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <li
      ref={frame}
      data-wall-index={index}
      data-camera={id}
      className={cn(
        'group/tile relative min-h-0 min-w-0 overflow-hidden bg-raised max-md:aspect-video',
        isFocused && 'md:col-span-2 md:row-span-2',
        dragged === 'held' && 'opacity-50',
      )}
    >
      {camera ? (
        <TilePicture
          index={index}
          camera={camera}
          media={media}
          label={label}
          isLowLatency={isLowLatency}
          isOn={isOnScreen && isWatched}
          isHeard={isHeard}
          clock={clock}
        />
      ) : (
        <p className="absolute inset-x-4 top-1/2 -translate-y-1/2 text-center text-13 text-quiet">{fault}</p>
      )}
      <button
        type="button"
        aria-label={label}
        aria-pressed={isFocused}
        onClick={() => actions.focus(id)}
        className="absolute inset-0 focus-visible:-outline-offset-2"
      />
      {dragged === 'under' ? (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute inset-0 border-2 border-signal bg-signal-wash"
        />
      ) : null}
      {media?.audio ? (
        <IconButton
          label={t(isHeard ? 'mute' : 'hear', { name })}
          keys="M"
          aria-pressed={isHeard}
          // Always there: a sound must be found by who wants it to stop.
          className={cn(overPicture, 'absolute top-2 left-2', isHeard && 'text-signal hover:text-signal')}
          onClick={() => actions.hear(id)}
        >
          {isHeard ? (
            <Volume2 aria-hidden="true" strokeWidth={1.5} />
          ) : (
            <VolumeX aria-hidden="true" strokeWidth={1.5} />
          )}
        </IconButton>
      ) : null}
      <div
        className={cn(
          // What is not seen is not pressed: on a phone a tap on the picture brings them.
          'pointer-events-none absolute top-2 right-2 flex gap-1 opacity-0 transition-opacity duration-150 group-focus-within/tile:pointer-events-auto group-focus-within/tile:opacity-100 group-hover/tile:pointer-events-auto group-hover/tile:opacity-100',
          isFocused && 'pointer-events-auto opacity-100',
        )}
      >
        <IconButton
          label={t('moveHandle', { name })}
          className={cn(overPicture, 'cursor-grab touch-none active:cursor-grabbing')}
          onKeyDown={onHandleKey}
          {...handle}
        >
          <GripVertical aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
        <IconButton
          label={t(isFocused ? 'unfocus' : 'focus')}
          keys={String(index + 1)}
          className={cn(overPicture, 'max-md:hidden')}
          onClick={() => actions.focus(id)}
        >
          {isFocused ? (
            <Minimize2 aria-hidden="true" strokeWidth={1.5} />
          ) : (
            <Maximize2 aria-hidden="true" strokeWidth={1.5} />
          )}
        </IconButton>
        {actions.open && camera ? (
          <IconButton label={t('open', { name })} className={overPicture} onClick={() => actions.open?.(id)}>
            <Expand aria-hidden="true" strokeWidth={1.5} />
          </IconButton>
        ) : null}
        <IconButton label={t('unpin', { name })} className={overPicture} onClick={() => actions.unpin(id, name)}>
          <PinOff aria-hidden="true" strokeWidth={1.5} />
        </IconButton>
      </div>
    </li>
  );
}
