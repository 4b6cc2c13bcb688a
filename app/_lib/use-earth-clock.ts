'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';

import type { EarthClock, EarthMoment } from './earth-clock.ts';

const live: EarthMoment = { mode: 'live' };

/** The state of a clock: changes when a person acts, not with time. */
export const useEarthMoment = (clock: EarthClock): EarthMoment =>
  useSyncExternalStore(clock.subscribe, clock.state, () => live);

/** The moment that is shown, once a second; null before the page runs in a browser. */
export function useEarthSecond(clock: EarthClock): number | null {
  const [ms, setMs] = useState<number | null>(null);
  useEffect(() => {
    const soon = setTimeout(() => setMs(clock.settledMs()), 0);
    const stop = clock.onSecond(setMs);
    return () => {
      clearTimeout(soon);
      stop();
    };
  }, [clock]);
  return ms;
}
