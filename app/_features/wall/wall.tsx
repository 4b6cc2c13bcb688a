'use client';

import { Pin, X } from 'lucide-react';
import { useLocale, useTranslations } from 'next-intl';
import { useState } from 'react';

import { cn } from '../../_lib/class-name.ts';
import type { EarthClock } from '../../_lib/earth-clock.ts';
import { localName } from '../../_lib/format.ts';
import { move, wallSizeMax } from '../../_lib/wall-pins.ts';
import { Button } from '../../_ui/button.tsx';
import { IconButton } from '../../_ui/icon-button.tsx';
import { PageNote } from '../../_ui/page-note.tsx';
import { IdleNote } from './idle-note.tsx';
import { SavedWalls } from './saved-walls.tsx';
import { useTileDrag } from './use-tile-drag.ts';
import { useWallCameras } from './use-wall-cameras.ts';
import { useWallKeys } from './use-wall-keys.ts';
import { useWallPins } from './use-wall-pins.ts';
import { useWatching } from './use-watching.ts';
import { gridFor, placeAfterKey } from './wall-grid.ts';
import { WallTile, type TileActions } from './wall-tile.tsx';

export type WallProps = {
  /** Cameras in order, at most nine. Kept by the page (in its address): `parseWall`, `wallAddress` of `_lib/wall-pins.ts`. */
  ids: readonly string[];
  onChange: (ids: readonly string[]) => void;
  /** Time travel: all tiles show this clock's moment, in step. */
  clock?: EarthClock;
  /** Opens one camera beside the wall. */
  onOpen?: (cameraId: string) => void;
  onClose?: () => void;
  /** What a shared link opens; the page of the wall alone without one. */
  shareAddress?: string;
  className?: string;
};

/** Up to nine cameras side by side. Fills the box it is given; on a phone it is a list, of which what is in sight plays. */
export function Wall({ ids: pinned, onChange, clock, onOpen, onClose, shareAddress, className }: WallProps) {
  const t = useTranslations('wall');
  const locale = useLocale();
  // A decoder and connections each: never more than nine, whatever the page asks for.
  const ids = pinned.slice(0, wallSizeMax);
  const cameras = useWallCameras(ids);
  const pins = useWallPins({ ids, onChange });
  const { watching, goOn } = useWatching();
  const [focused, setFocused] = useState<string | null>(null);
  // Silent until somebody asks, and only of what stands here.
  const [heard, setHeard] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const inFront = focused !== null && ids.includes(focused) && ids.length > 1 ? focused : null;
  const { columns, rows } = gridFor(ids.length, inFront !== null);
  const audible = heard !== null && cameras.some(({ id, media }) => id === heard && media?.audio) ? heard : null;
  const hear = (cameraId: string) => {
    if (!cameras.some(({ id, media }) => id === cameraId && media?.audio)) return;
    setHeard((before) => (before === cameraId ? null : cameraId));
  };
  const focus = (cameraId: string) => setFocused((before) => (before === cameraId ? null : cameraId));
  useWallKeys({
    count: ids.length,
    hasFocus: inFront !== null,
    onFocus: (index) => focus(ids[index] ?? ''),
    onBack: () => setFocused(null),
    onSound: (cameraId) => {
      const wanted = cameraId ?? inFront ?? audible ?? cameras.find(({ media }) => media?.audio)?.id;
      if (wanted !== undefined) hear(wanted);
    },
  });
  const nameOf = (cameraId: string) => {
    const camera = cameras.find(({ id }) => id === cameraId)?.camera;
    return camera ? localName(camera, locale) : t('failed');
  };
  const { drag, handle } = useTileDrag(({ cameraId, toIndex }) => {
    onChange(move(ids, cameraId, toIndex));
    setSaid(t('moved', { name: nameOf(cameraId), index: toIndex + 1 }));
  });
  const actions: TileActions = {
    focus,
    open: onOpen ?? null,
    unpin: (id, name) => pins.toggle({ id, name }),
    hear,
    moveByKey: (id, name, key) => {
      const place = placeAfterKey(key, ids.indexOf(id), { count: ids.length, columns });
      if (place === null) return false;
      onChange(move(ids, id, place));
      setSaid(t('moved', { name, index: place + 1 }));
      return true;
    },
  };
  return (
    <section
      data-theme="dark"
      aria-label={t('label')}
      className={cn('relative flex min-h-0 flex-col bg-ground text-text', className)}
    >
      <header className="flex h-12 shrink-0 items-center gap-3 px-3 md:px-4">
        <h2 className="text-14 font-semibold">{t('label')}</h2>
        <span className="figure text-12 text-quiet">{t('count', { count: ids.length, max: wallSizeMax })}</span>
        <div className="ml-auto flex items-center gap-1">
          <SavedWalls ids={ids} onOpen={onChange} {...(shareAddress === undefined ? {} : { shareAddress })} />
          {onClose ? (
            <IconButton label={t('close')} side="bottom" onClick={onClose} className="max-md:size-11">
              <X aria-hidden="true" strokeWidth={1.5} />
            </IconButton>
          ) : null}
        </div>
      </header>
      {ids.length === 0 ? (
        <PageNote
          icon={Pin}
          title={t('empty')}
          actions={
            onClose ? (
              <Button className="max-md:h-11" onClick={onClose}>
                {t('toGlobe')}
              </Button>
            ) : null
          }
        >
          {t('emptyText')}
        </PageNote>
      ) : (
        <ol
          className="grid min-h-0 grow auto-rows-min gap-0.5 overflow-y-auto max-md:grid-cols-1 md:grid-flow-dense md:grid-cols-(--wall-columns) md:grid-rows-(--wall-rows) md:overflow-hidden"
          style={{
            ['--wall-columns' as string]: `repeat(${columns}, minmax(0, 1fr))`,
            ['--wall-rows' as string]: `repeat(${rows}, minmax(0, 1fr))`,
          }}
        >
          {cameras.map(({ id, camera, media, fault }, index) => (
            <WallTile
              key={id}
              id={id}
              index={index}
              name={nameOf(id)}
              camera={camera}
              fault={fault}
              media={media}
              isFocused={id === inFront}
              isHeard={id === audible}
              handle={handle(id, index)}
              dragged={drag === null ? null : drag.cameraId === id ? 'held' : drag.toIndex === index ? 'under' : null}
              // Parts of a fifth of a second for one: a browser has six connections a host.
              isLowLatency={id === inFront || ids.length === 1}
              isWatched={watching === 'watching'}
              clock={clock ?? null}
              actions={actions}
            />
          ))}
        </ol>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      {watching === 'idle' && ids.length > 0 ? <IdleNote onGoOn={goOn} /> : null}
    </section>
  );
}
