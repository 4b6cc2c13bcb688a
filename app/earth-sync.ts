'use client';

import { useCallback, useEffect, useEffectEvent, useRef, useState, type RefObject } from 'react';

import type { EarthAddress } from './_lib/earth-address.ts';
import { positionText } from './_lib/earth-address.ts';
import type { EarthClock } from './_lib/earth-clock.ts';
import { replaceEarth } from './_lib/earth-navigation.ts';
import type { Flight, SurfaceHandle, SurfaceView } from './_lib/earth-surface.ts';
import { parseWall, wallAddress } from './_lib/wall-pins.ts';
import { flatKey } from './load-globe.ts';

/** A moving globe tells of itself each frame; the page follows a few times a second, the address when it rests. */
const followMs = 120;
const restMs = 500;

/** Keeps the view and the address together: moves are written down, and a place that the address got from elsewhere is flown to. */
export function usePosition(
  address: EarthAddress,
  surface: RefObject<SurfaceHandle | null>,
  initial: SurfaceView,
): { seen: SurfaceView; onView: (view: SurfaceView) => void; fly: (to: Flight) => void } {
  const [seen, setSeen] = useState(initial);
  const latest = useRef(initial);
  const written = useRef(address.position ? positionText(address.position) : '');
  // A flight that is asked for before the planet is there waits for its first view.
  const isThere = useRef(false);
  const waiting = useRef<Flight | null>(null);
  const timers = useRef<{ follow?: ReturnType<typeof setTimeout>; rest?: ReturnType<typeof setTimeout> }>({});

  const fly = useCallback(
    (to: Flight) => {
      if (isThere.current && surface.current) surface.current.flyTo({ heading: 0, tilt: 0, ...to });
      else waiting.current = to;
    },
    [surface],
  );
  const onView = useCallback(
    (view: SurfaceView) => {
      isThere.current = true;
      const flight = waiting.current;
      waiting.current = null;
      if (flight) setTimeout(() => fly(flight), 0);
      latest.current = view;
      const running = timers.current;
      running.follow ??= setTimeout(() => {
        delete running.follow;
        setSeen(latest.current);
      }, followMs);
      clearTimeout(running.rest);
      running.rest = setTimeout(() => {
        const { bounds: _, ...position } = latest.current;
        written.current = positionText(position);
        replaceEarth({ position });
      }, restMs);
    },
    [fly],
  );
  useEffect(() => {
    const running = timers.current;
    return () => {
      clearTimeout(running.follow);
      clearTimeout(running.rest);
      delete running.follow;
    };
  }, []);

  const wanted = address.position ? positionText(address.position) : '';
  const follow = useEffectEvent((text: string) => {
    if (text === '' || text === written.current || !address.position) return;
    written.current = text;
    fly(address.position);
  });
  useEffect(() => follow(wanted), [wanted]);
  return { seen, onView, fly };
}

/** Keeps the clock and the address together: what a person chooses is written down, what the address got from elsewhere is gone to. */
export function useMoment(address: EarthAddress, clock: EarthClock): void {
  const written = useRef(address.atMs);
  useEffect(
    () =>
      clock.subscribe(() => {
        const ms = clock.pastMs();
        const atMs = ms === null ? null : Math.floor(ms / 1000) * 1000;
        written.current = atMs;
        replaceEarth({ atMs });
      }),
    [clock],
  );
  const go = useEffectEvent((atMs: number | null) => {
    if (atMs === written.current) return;
    written.current = atMs;
    if (atMs === null) clock.toLive();
    else clock.goTo(atMs);
  });
  useEffect(() => go(address.atMs), [address.atMs]);
}

const wallKey = 'earth.wall';

/** The wall of the last visit comes back where the address names none; each change is kept. */
export function useKeptWall(wall: readonly string[]): void {
  const hasBegun = useRef(false);
  const keep = useEffectEvent((ids: string) => {
    try {
      if (!hasBegun.current) {
        hasBegun.current = true;
        const kept = parseWall(window.localStorage.getItem(wallKey));
        if (ids === '' && kept.length > 0) {
          replaceEarth({ wall: kept });
          return;
        }
      }
      window.localStorage.setItem(wallKey, ids);
    } catch {
      // Storage is refused in this browser: the wall lives in the address alone.
      return;
    }
  });
  const ids = wallAddress(wall);
  useEffect(() => keep(ids), [ids]);
}

/** The flat map of the last visit comes back where the address asks for none; only a choice made here is kept. */
export function useKeptFlat(isFlat: boolean): (isFlat: boolean) => void {
  const begin = useEffectEvent(() => {
    try {
      if (!isFlat && window.localStorage.getItem(flatKey) === 'yes') replaceEarth({ isFlat: true });
    } catch {
      // Storage is refused in this browser: the choice lives in the address alone.
      return;
    }
  });
  useEffect(() => begin(), []);
  return useCallback((wanted: boolean) => {
    replaceEarth({ isFlat: wanted });
    try {
      window.localStorage.setItem(flatKey, wanted ? 'yes' : 'no');
    } catch {
      // As above.
      return;
    }
  }, []);
}

/** The range in metres of a camera's initial view, as a zoom: a lens of 50° and a window of this height. */
export function zoomOfRange(rangeMetres: number, latitude: number, heightPx: number): number {
  const metresAPixel = (2 * rangeMetres * Math.tan((25 * Math.PI) / 180)) / Math.max(200, heightPx);
  const equatorMetres = 40_075_017;
  return Math.log2((equatorMetres * Math.cos((latitude * Math.PI) / 180)) / (512 * metresAPixel));
}
