'use client';

import { useQuery } from '@tanstack/react-query';
import { useLocale, useTranslations } from 'next-intl';
import { useEffect, useImperativeHandle, useRef, useState, type PointerEvent, type Ref } from 'react';

import { zoomMax, type EarthPosition } from '../../_lib/earth-address.ts';
import {
  placeOf,
  type EarthItem,
  type SurfaceHandle,
  type SurfacePoint,
  type SurfaceProps,
} from '../../_lib/earth-surface.ts';
import { drawMap } from './draw-map.ts';
import { loadLand } from './land.ts';
import { boundsOf, boxWithin, movedBy, toPixels, toPlace, zoomedAt, zoomOfWorld } from './projection.ts';

const pickPx = 14;

type PlainMapProps = SurfaceProps & { ref?: Ref<SurfaceHandle> };

/** The planet on a plain canvas, for a browser that has no WebGL: dragged, zoomed and pointed at like the others. */
export function PlainMap({ ref, initialPosition, onView, onHover, onSelect, ...shown }: PlainMapProps) {
  const t = useTranslations('earth');
  const locale = useLocale();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const box = boxWithin(size, shown.inset);
  const [middle, setMiddle] = useState<EarthPosition>({
    latitude: initialPosition.latitude,
    longitude: initialPosition.longitude,
    zoom: initialPosition.zoom,
  });
  const fingers = useRef(new Map<number, SurfacePoint>());
  const hasMoved = useRef(false);
  const land = useQuery({
    queryKey: ['flatMapLand'],
    queryFn: ({ signal }) => loadLand(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

  /** North is up here and the ground straight below. */
  const limited = ({ latitude, longitude, zoom }: EarthPosition): EarthPosition => ({
    latitude: Math.min(84, Math.max(-84, latitude)),
    longitude,
    zoom: Math.min(zoomMax, Math.max(zoomOfWorld(box) - 0.2, zoom)),
  });
  const show = (position: EarthPosition) => {
    const next = limited(position);
    setMiddle(next);
    onView({ ...next, bounds: boundsOf(next, box) });
  };
  useImperativeHandle(ref, () => ({
    flyTo: show,
    project: (place) => {
      const at = toPixels(place, middle, box);
      return at.x < 0 || at.y < 0 || at.x > box.width || at.y > box.height ? null : at;
    },
  }));

  // In step with the size of its box.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (size.width > 0) onView({ ...middle, bounds: boundsOf(middle, box) });
    // A new size or panel shows another part; moves tell of themselves.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [size, shown.inset]);
  useEffect(() => {
    const element = canvas.current;
    if (!element || box.width === 0) return;
    drawMap(element, { ...shown, land: land.data ?? null, middle, box, locale });
  });
  // React's wheel listener is passive and could not keep the page still.
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const zoom = (event: WheelEvent) => {
      event.preventDefault();
      const at = { x: event.offsetX, y: event.offsetY };
      show(zoomedAt(middle, limited({ ...middle, zoom: middle.zoom - event.deltaY / 300 }).zoom, at, box));
    };
    element.addEventListener('wheel', zoom, { passive: false });
    return () => element.removeEventListener('wheel', zoom);
  });

  const itemAt = (at: SurfacePoint): EarthItem | null => {
    const items: EarthItem[] = [
      ...shown.points.map((point): EarthItem => ({ type: 'camera', point })),
      ...shown.clusters.map((cluster): EarthItem => ({ type: 'cluster', cluster })),
    ];
    let best: { item: EarthItem; distance: number } | null = null;
    for (const item of items) {
      const drawn = toPixels(placeOf(item), middle, box);
      const distance = Math.hypot(drawn.x - at.x, drawn.y - at.y);
      if (distance <= pickPx && (!best || distance < best.distance)) best = { item, distance };
    }
    return best?.item ?? null;
  };
  const pointOf = (event: PointerEvent): SurfacePoint => ({
    x: event.nativeEvent.offsetX,
    y: event.nativeEvent.offsetY,
  });
  const onMove = (event: PointerEvent) => {
    const at = pointOf(event);
    const before = fingers.current.get(event.pointerId);
    if (!before) {
      const item = itemAt(at);
      onHover(item, item ? toPixels(placeOf(item), middle, box) : null);
      return;
    }
    fingers.current.set(event.pointerId, at);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      const stretch =
        Math.hypot(at.x - other.x, at.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const around = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      show(zoomedAt(middle, limited({ ...middle, zoom: middle.zoom + Math.log2(stretch) }).zoom, around, box));
      hasMoved.current = true;
      return;
    }
    if (!hasMoved.current && Math.hypot(at.x - before.x, at.y - before.y) < 3) {
      fingers.current.set(event.pointerId, before);
      return;
    }
    hasMoved.current = true;
    show(movedBy(middle, { x: at.x - before.x, y: at.y - before.y }, box));
  };
  return (
    <canvas
      ref={canvas}
      aria-label={t('flatMap')}
      className="absolute inset-0 size-full touch-none cursor-grab active:cursor-grabbing"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        fingers.current.set(event.pointerId, pointOf(event));
        hasMoved.current = false;
      }}
      onPointerMove={onMove}
      onPointerUp={(event) => {
        fingers.current.delete(event.pointerId);
        if (hasMoved.current) return;
        const item = itemAt(pointOf(event));
        if (item) onSelect(item);
      }}
      onPointerCancel={(event) => fingers.current.delete(event.pointerId)}
      onPointerLeave={() => onHover(null, null)}
      onDoubleClick={(event) => {
        const at = { x: event.nativeEvent.offsetX, y: event.nativeEvent.offsetY };
        show({ ...toPlace(at, middle, box), zoom: middle.zoom + 1 });
      }}
    />
  );
}
