'use client';

import { Move, Plus, Square, Trash2, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';

import { pictureRegionsMax, type PictureCorner, type PictureRegion } from '#server/contracts/picture-region.ts';

import { cn } from '../_lib/class-name.ts';
import {
  centreOf,
  firstRegion,
  insertCorner,
  isMeant,
  middleAfter,
  moveCorner,
  moveRegion,
  rectangleOf,
  removeCorner,
} from '../_lib/regions.ts';
import { Button } from './button.tsx';
import { RegionOverlay } from './region-overlay.tsx';
import { useRegionDrag } from './use-region-drag.ts';

const undoMax = 50;
const arrows: Readonly<Record<string, PictureCorner>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where an arrow key leads, in parts of the picture; with Shift five times as far. */
function stepOf(event: KeyboardEvent): PictureCorner | null {
  const arrow = arrows[event.key];
  if (!arrow) return null;
  const step = event.shiftKey ? 0.05 : 0.01;
  return [arrow[0] * step, arrow[1] * step];
}

const handle =
  'absolute z-10 flex -translate-1/2 touch-none items-center justify-center rounded-pill after:absolute after:-inset-3.5';
const placed = ([x, y]: PictureCorner) => ({ left: `${x * 100}%`, top: `${y * 100}%` });

type RegionEditorProps = {
  /** The picture, or what stands in its place; it fills the width. */
  children: ReactNode;
  regions: PictureRegion[];
  onChange: (regions: PictureRegion[]) => void;
  error?: string | undefined;
};

/** Polygons drawn on a picture by mouse, finger or keys. */
export function RegionEditor({ children, regions, onChange, error }: RegionEditorProps) {
  const t = useTranslations('regions');
  const stage = useRef<HTMLDivElement>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const [history, setHistory] = useState<PictureRegion[][]>([]);
  const [draft, setDraft] = useState<PictureRegion | null>(null);
  const drag = useRegionDrag(stage);
  const region = chosen === null ? undefined : regions[chosen];
  const isFull = regions.length >= pictureRegionsMax;

  const remember = () => setHistory((past) => [...past.slice(1 - undoMax), regions]);
  const change = (next: PictureRegion[]) => {
    remember();
    onChange(next);
  };
  const replace = (index: number, next: PictureRegion) => regions.map((before, at) => (at === index ? next : before));
  const add = (next: PictureRegion) => {
    change([...regions, next]);
    setChosen(regions.length);
  };
  const remove = (index: number) => {
    change(regions.toSpliced(index, 1));
    setChosen(null);
  };
  const undo = () => {
    const before = history.at(-1);
    if (!before) return;
    setHistory(history.slice(0, -1));
    setChosen(null);
    onChange(before);
  };

  const drawNew = (event: PointerEvent) => {
    setChosen(null);
    if (isFull) return;
    let drawn: PictureRegion | null = null;
    drag.begin(event, {
      move: (at, from) => {
        drawn = rectangleOf(from, at);
        setDraft(drawn);
      },
      end: () => {
        setDraft(null);
        if (drawn && isMeant(drawn)) add(drawn);
      },
    });
  };
  /** Steps of one drag are one step to undo. */
  const follow = (
    event: PointerEvent,
    index: number,
    next: (at: PictureCorner, from: PictureCorner) => PictureRegion,
  ) => {
    let isMoved = false;
    drag.begin(event, {
      move: (at, from) => {
        if (!isMoved) remember();
        isMoved = true;
        onChange(replace(index, next(at, from)));
      },
      end: () => undefined,
    });
  };

  return (
    // Its keys are those of the controls inside, wherever the focus is.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <fieldset
      aria-label={t('title')}
      onKeyDown={(event) => {
        if (event.key.toLowerCase() !== 'z' || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        undo();
      }}
    >
      <div
        ref={stage}
        data-theme="dark"
        className="relative touch-none overflow-hidden rounded-panel bg-raised select-none"
        onPointerDown={drawNew}
        onPointerMove={drag.onPointerMove}
        onPointerUp={drag.onPointerEnd}
        onPointerCancel={drag.onPointerEnd}
      >
        <div className="pointer-events-none">{children}</div>
        <RegionOverlay regions={draft ? [...regions, draft] : regions} chosen={draft ? regions.length : chosen} />
        {regions.map((each, index) =>
          index === chosen ? null : (
            <button
              // Regions have no name but their place in the list.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              type="button"
              aria-label={t('choose', { number: index + 1 })}
              style={placed(centreOf(each))}
              onPointerDown={(event) => event.stopPropagation()}
              onClick={() => setChosen(index)}
              className={cn(handle, 'figure size-6 border border-text bg-ground text-12 text-text')}
            >
              {index + 1}
            </button>
          ),
        )}
        {region && chosen !== null ? (
          <Handles
            region={region}
            number={chosen + 1}
            onStep={(next) => change(replace(chosen, next))}
            onDrag={(event, next) => follow(event, chosen, next)}
          />
        ) : null}
      </div>
      <p className="pt-2 text-12 text-quiet">{t('help')}</p>
      <div aria-live="polite">{error ? <p className="pt-1 text-12 text-error">{error}</p> : null}</div>
      <ul className="pt-1">
        {regions.map((each, index) => (
          <li
            // oxlint-disable-next-line react/no-array-index-key -- said above
            key={index}
            className="flex items-center gap-2 border-b border-line py-1"
          >
            <button
              type="button"
              aria-pressed={index === chosen}
              onClick={() => setChosen(index === chosen ? null : index)}
              className={cn(
                'flex min-h-11 grow items-center gap-2 rounded-control px-1 text-left text-13 md:min-h-8',
                index === chosen && 'text-signal',
              )}
            >
              {t('region', { number: index + 1 })}
              <span className="figure text-12 text-quiet">{t('corners', { count: each.length })}</span>
            </button>
            <Button
              tone="plain"
              size="small"
              className="max-md:h-11"
              aria-label={t('deleteRegion', { number: index + 1 })}
              onClick={() => remove(index)}
            >
              <Trash2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('delete')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2 pt-3">
        <Button size="small" className="max-md:h-11" disabled={isFull} onClick={() => add(firstRegion(regions.length))}>
          <Square aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('add')}
        </Button>
        <Button size="small" tone="plain" className="max-md:h-11" disabled={history.length === 0} onClick={undo}>
          <Undo2 aria-hidden="true" strokeWidth={1.5} className="size-4" /> {t('undo')}
        </Button>
        {isFull ? <p className="self-center text-12 text-quiet">{t('full', { max: pictureRegionsMax })}</p> : null}
      </div>
    </fieldset>
  );
}

type HandlesProps = {
  region: PictureRegion;
  number: number;
  onStep: (region: PictureRegion) => void;
  onDrag: (event: PointerEvent, next: (at: PictureCorner, from: PictureCorner) => PictureRegion) => void;
};

/** What can be taken hold of at the chosen region: its corners, the middles between them, the whole. */
function Handles({ region, number, onStep, onDrag }: HandlesProps) {
  const t = useTranslations('regions');
  return (
    <>
      {region.map((corner, index) => (
        <button
          // oxlint-disable-next-line react/no-array-index-key -- a corner's name is its place
          key={`middle ${index}`}
          type="button"
          aria-label={t('addCorner', { number, after: index + 1 })}
          style={placed(middleAfter(region, index))}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => onStep(insertCorner(region, index))}
          className={cn(handle, 'size-4 bg-ground text-signal after:-inset-1.5')}
        >
          <Plus aria-hidden="true" strokeWidth={2} className="size-3" />
        </button>
      ))}
      {region.map((corner, index) => (
        <button
          // oxlint-disable-next-line react/no-array-index-key -- a corner's name is its place
          key={`corner ${index}`}
          type="button"
          aria-label={t('corner', { number, corner: index + 1 })}
          style={placed(corner)}
          onPointerDown={(event) => onDrag(event, (at) => moveCorner(region, index, at))}
          onKeyDown={(event) => {
            const step = stepOf(event);
            if (step) onStep(moveCorner(region, index, [corner[0] + step[0], corner[1] + step[1]]));
            else if (event.key === 'Delete' || event.key === 'Backspace') onStep(removeCorner(region, index));
            else return;
            event.preventDefault();
          }}
          className={cn(handle, 'size-4 cursor-move border-2 border-ground bg-signal')}
        />
      ))}
      <button
        type="button"
        aria-label={t('move', { number })}
        style={placed(centreOf(region))}
        onPointerDown={(event) => onDrag(event, (at, from) => moveRegion(region, at[0] - from[0], at[1] - from[1]))}
        onKeyDown={(event) => {
          const step = stepOf(event);
          if (!step) return;
          event.preventDefault();
          onStep(moveRegion(region, step[0], step[1]));
        }}
        className={cn(handle, 'size-7 cursor-move border border-signal bg-ground text-signal')}
      >
        <Move aria-hidden="true" strokeWidth={1.5} className="size-4" />
      </button>
    </>
  );
}
