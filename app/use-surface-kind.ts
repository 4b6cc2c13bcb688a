'use client';

import { useSyncExternalStore } from 'react';

import type { SurfaceKind } from './earth-surface.tsx';

let webGl: boolean | null = null;

/** Asked once: each try makes a context, and a browser has few. */
function hasWebGl(): boolean {
  if (webGl !== null) return webGl;
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  webGl = context !== null;
  return webGl;
}

const never = () => () => undefined;

/** How the planet is drawn here: null until the page runs in a browser. */
export function useSurfaceKind(isFlat: boolean): SurfaceKind | null {
  const canDraw = useSyncExternalStore(never, hasWebGl, () => null);
  if (canDraw === null) return null;
  if (!canDraw) return 'plain';
  return isFlat ? 'map' : 'globe';
}
