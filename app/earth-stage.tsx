'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useId, useMemo, useState, type RefObject } from 'react';

import type { EarthView, PlaceLabel } from '#server/contracts/earth.ts';

import { HoverCard } from './_features/earth/hover-card.tsx';
import { useSurfaceKeys } from './_features/earth/use-surface-keys.ts';
import type { EarthClock } from './_lib/earth-clock.ts';
import {
  keyOf,
  placeOf,
  type CountryLabel,
  type EarthItem,
  type Flight,
  type SurfaceHandle,
  type SurfacePoint,
  type SurfaceProps,
  type SurfaceView,
} from './_lib/earth-surface.ts';
import { EarthSurface, type SurfaceKind } from './earth-surface.tsx';

type EarthStageProps = Pick<
  SurfaceProps,
  'selectedId' | 'wedge' | 'initialPosition' | 'onView' | 'inset' | 'covers'
> & {
  kind: SurfaceKind;
  /** Whether it has drawn itself. */
  isThere: boolean;
  surface: RefObject<SurfaceHandle | null>;
  view: EarthView | undefined;
  labels: readonly PlaceLabel[];
  countries: readonly CountryLabel[];
  seen: SurfaceView;
  /** Whether `view` is of what is seen, not of what was seen before. */
  isCurrent: boolean;
  clock: EarthClock;
  pastMs: number | null;
  isYielding: boolean;
  onFly: (to: Flight) => void;
  onOpen: (cameraId: string) => void;
};

type Shown = { item: EarthItem; at: SurfacePoint };

const noItems: readonly never[] = [];

/** The planet with what is pointed at on it, by pointer or by keys. */
export function EarthStage({
  isThere,
  surface,
  view,
  seen,
  isCurrent,
  pastMs,
  onOpen,
  onView,
  onFly,
  ...rest
}: EarthStageProps) {
  const t = useTranslations('earth');
  const keysId = useId();
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [hovered, setHovered] = useState<Shown | null>(null);
  const [focused, setFocused] = useState<EarthItem | null>(null);
  const [focusedAt, setFocusedAt] = useState<SurfacePoint | null>(null);
  const points = view?.points ?? noItems;
  const clusters = view?.clusters ?? noItems;
  const items = useMemo<EarthItem[]>(
    () => [
      ...points.map((point): EarthItem => ({ type: 'camera', point })),
      ...clusters.map((cluster): EarthItem => ({ type: 'cluster', cluster })),
    ],
    [points, clusters],
  );
  const select = (item: EarthItem) => {
    setHovered(null);
    if (item.type === 'camera') onOpen(item.point.id);
    else onFly({ ...seen, ...placeOf(item), zoom: Math.max(item.cluster.expansionZoom + 0.2, seen.zoom + 1) });
  };
  const keys = useSurfaceKeys({
    seen,
    items,
    isCurrent,
    focused,
    onFocus: setFocused,
    onSelect: select,
    onMove: onFly,
  });
  // The planet moves under a focused camera: its card follows a few times a second.
  useEffect(() => {
    const follow = () => setFocusedAt(focused ? (surface.current?.project(placeOf(focused)) ?? null) : null);
    const soon = setTimeout(follow, 0);
    const timer = focused ? setInterval(follow, 100) : undefined;
    return () => {
      clearTimeout(soon);
      clearInterval(timer);
    };
  }, [focused, surface]);

  const shown = hovered ?? (focused && focusedAt ? { item: focused, at: focusedAt } : null);
  // States go on while a card is open: the newest answer's item is shown, in its old place.
  const current = shown ? (items.find((item) => keyOf(item) === keyOf(shown.item)) ?? shown.item) : null;
  const { inset } = rest;
  return (
    <div ref={setBox} className="absolute inset-0">
      {/* The planet is one control that answers to keys of its own: no element of HTML is that. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        role="application"
        aria-label={t('planet')}
        aria-describedby={keysId}
        // Whoever turns it by hand or key before its first frame would turn nothing.
        aria-busy={!isThere}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={keys.onKeyDown}
        onBlur={() => {
          setFocused(null);
          keys.forget();
        }}
        className="absolute inset-0 outline-offset-[-4px]"
      >
        <EarthSurface
          {...rest}
          surface={surface}
          points={points}
          clusters={clusters}
          hoverKey={current ? keyOf(current) : null}
          onView={onView}
          onHover={(item, at) => setHovered(item && at ? { item, at } : null)}
          onSelect={select}
        />
      </div>
      <p id={keysId} className="sr-only">
        {t('planetKeys')}
      </p>
      {shown && current ? (
        <HoverCard
          item={current}
          at={shown.at}
          room={{
            left: inset.left + 12,
            top: inset.top + 12,
            right: (box?.clientWidth ?? 0) - inset.right - 12,
            bottom: (box?.clientHeight ?? 0) - inset.bottom - 12,
          }}
          pastMs={pastMs}
        />
      ) : null}
    </div>
  );
}
