'use client';

import { useSyncExternalStore } from 'react';

import type { SurfaceKind } from './earth-surface.tsx';
import { followWebGl, webGlAbility } from './web-gl.ts';

/** How the planet is drawn here: null until the browser said what it can. */
export function useSurfaceKind(isFlat: boolean): SurfaceKind | null {
  const canDraw = useSyncExternalStore(followWebGl, webGlAbility, () => null);
  if (canDraw === null) return null;
  if (!canDraw) return 'plain';
  return isFlat ? 'map' : 'globe';
}
