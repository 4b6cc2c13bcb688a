'use client';

import { useMemo, useSyncExternalStore } from 'react';

import type { Inset } from './_lib/earth-surface.ts';

const wideQuery = '(min-width: 48rem)';
const sheetPx = 440;

function subscribe(changed: () => void): () => void {
  const query = window.matchMedia(wideQuery);
  query.addEventListener('change', changed);
  window.addEventListener('resize', changed);
  return () => {
    query.removeEventListener('change', changed);
    window.removeEventListener('resize', changed);
  };
}

/** What the layers cover of the planet: the sheet at the right of a desk, at the bottom of a phone; the search above, the time bar below. */
export function useInset(isSheetOpen: boolean): Inset {
  const isWide = useSyncExternalStore(
    subscribe,
    () => window.matchMedia(wideQuery).matches,
    () => true,
  );
  const height = useSyncExternalStore(
    subscribe,
    () => window.innerHeight,
    () => 900,
  );
  return useMemo(() => {
    if (isWide) return { left: 0, right: isSheetOpen ? sheetPx : 0, top: 0, bottom: 56 };
    return { left: 0, right: 0, top: isSheetOpen ? 40 : 140, bottom: isSheetOpen ? Math.round(height * 0.54) : 120 };
  }, [isWide, isSheetOpen, height]);
}
