'use client';

import dynamic from 'next/dynamic';
import type { Ref } from 'react';

import type { SurfaceHandle, SurfaceProps } from './_lib/earth-surface.ts';
import { loadGlobe } from './load-globe.ts';
import { giveUpWebGl } from './web-gl.ts';

export type SurfaceKind = 'globe' | 'map' | 'plain';

/** three and MapLibre come each only to whom they are shown. */
const Globe = dynamic(() => loadGlobe().then((room) => room.Globe), { ssr: false });
const FlatMap = dynamic(() => import('./_features/flat-map/flat-map.tsx').then((room) => room.FlatMap), { ssr: false });
const PlainMap = dynamic(() => import('./_features/flat-map/plain-map.tsx').then((room) => room.PlainMap), {
  ssr: false,
});

/** What each drawn frame cost, for whoever measures the page (bench/globe.ts). */
const tellStats = (stats: unknown) => window.dispatchEvent(new CustomEvent('sensorium:globe', { detail: stats }));

type EarthSurfaceProps = SurfaceProps & { kind: SurfaceKind; surface: Ref<SurfaceHandle> };

/** The planet, drawn as this browser can and as its user wants. */
export function EarthSurface({ kind, surface, ...rest }: EarthSurfaceProps) {
  switch (kind) {
    case 'globe':
      return <Globe {...rest} probe={tellStats} onUnable={giveUpWebGl} ref={surface} />;
    case 'map':
      return <FlatMap {...rest} ref={surface} />;
    case 'plain':
      return <PlainMap {...rest} ref={surface} />;
  }
}
