'use client';

import { useFormatter, useLocale } from 'next-intl';
import { useCallback, useImperativeHandle, useMemo, useRef, useSyncExternalStore, type Ref } from 'react';

import type { SurfaceHandle, SurfaceProps } from '../../_lib/earth-surface.ts';
import { localName } from '../../_lib/format.ts';
import { GlobeCanvas, type GlobeHandle } from './globe-canvas.tsx';
import type { GlobeEvents, GlobeInput } from './globe-input.ts';
import type { GlobeLabel } from './label-place.ts';

type GlobeProps = SurfaceProps &
  Pick<GlobeEvents, 'onQuality' | 'onLost' | 'onRestored' | 'onError' | 'onUnable' | 'probe'> & {
    quality?: number;
    ref?: Ref<SurfaceHandle>;
  };

/** The living globe. Loaded by itself: three comes with it. */
export function Globe({
  points,
  clusters,
  labels,
  countries,
  selectedId,
  hoverKey,
  wedge,
  inset,
  covers,
  clock,
  isYielding,
  initialPosition,
  quality,
  ref,
  ...events
}: GlobeProps) {
  const locale = useLocale();
  const format = useFormatter();
  const isReduced = useReducedMotion();
  const formatCount = useCallback(
    (count: number) => (count < 10_000 ? String(count) : format.number(count, { notation: 'compact' })),
    [format],
  );
  const named = useMemo(
    () => [
      ...countries.map(({ code, name, latitude, longitude, radiusDegrees }): GlobeLabel => {
        // Each doubling counts more than a name's standing: the largest countries are always named.
        const rank = 2 - 3 * Math.log2(radiusDegrees);
        const text = name.toLocaleUpperCase(locale);
        return { id: code, kind: 'country', text, latitude, longitude, rank, radiusDegrees };
      }),
      ...labels.map(({ id, name, nameJa, latitude, longitude, population }): GlobeLabel => {
        const text = localName({ name, nameJa }, locale);
        // A name that the reader's language has stands before one sixteen times as large that it has not.
        const rank = 26 - Math.log2(population + 1) + (locale === 'ja' && nameJa === null ? 4 : 0);
        return { id, kind: 'city', text, latitude, longitude, rank };
      }),
    ],
    [labels, countries, locale],
  );
  const input = useMemo(
    (): GlobeInput => ({
      points,
      clusters,
      labels: named,
      formatCount,
      timeMs: clock.nowMs,
      selectedId,
      hoverKey,
      wedge,
      inset,
      covers,
      isReduced,
      mayTurnIdly: true,
      isYielding,
      quality,
    }),
    [
      points,
      clusters,
      named,
      formatCount,
      clock,
      selectedId,
      hoverKey,
      wedge,
      inset,
      covers,
      isReduced,
      isYielding,
      quality,
    ],
  );
  const canvas = useRef<GlobeHandle>(null);
  useImperativeHandle(
    ref,
    () => ({
      flyTo: (position) => void canvas.current?.flyTo(position),
      project: (place) => canvas.current?.project(place) ?? null,
    }),
    [],
  );
  return <GlobeCanvas input={input} events={events} start={initialPosition} ref={canvas} />;
}

const reducedMotion = '(prefers-reduced-motion: reduce)';

function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(reducedMotion);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => window.matchMedia(reducedMotion).matches,
    () => false,
  );
}
