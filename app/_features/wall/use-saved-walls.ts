'use client';

import { useCallback, useSyncExternalStore } from 'react';

import { readWalls, writeWalls, type SavedWall } from './wall-store.ts';

const place = 'sensorium.walls';
const changed = 'sensorium:walls';

function readPlace(): string | null {
  try {
    return window.localStorage.getItem(place);
  } catch {
    // Switched off for this site: nothing is kept, nothing breaks.
    return null;
  }
}

function subscribe(listener: () => void): () => void {
  const stop = new AbortController();
  // `storage` comes from other tabs, the event of our own from this one.
  window.addEventListener('storage', listener, { signal: stop.signal });
  window.addEventListener(changed, listener, { signal: stop.signal });
  return () => stop.abort();
}

/** The walls this browser keeps, and the way to keep others; `false` where it keeps nothing. */
export function useSavedWalls(): { walls: SavedWall[]; keep: (walls: readonly SavedWall[]) => boolean } {
  const text = useSyncExternalStore(subscribe, readPlace, () => null);
  const keep = useCallback((walls: readonly SavedWall[]) => {
    try {
      window.localStorage.setItem(place, writeWalls(walls));
    } catch {
      // Full or switched off: said to the person by the caller.
      return false;
    }
    window.dispatchEvent(new Event(changed));
    return true;
  }, []);
  return { walls: readWalls(text), keep };
}
