'use client';

import type { KeyboardEvent } from 'react';

import { wrapLongitude, zoomMax, type EarthPosition } from '../../_lib/earth-address.ts';
import { placeOf, type EarthItem, type SurfaceView } from '../../_lib/earth-surface.ts';
import { nearestTo, nextInDirection, type Direction } from './great-circle.ts';
import { isWithin } from './view-query.ts';

const directions: Readonly<Record<string, Direction>> = {
  ArrowUp: 'north',
  ArrowRight: 'east',
  ArrowDown: 'south',
  ArrowLeft: 'west',
};

type SurfaceKeys = {
  seen: SurfaceView;
  items: readonly EarthItem[];
  focused: EarthItem | null;
  onFocus: (item: EarthItem | null) => void;
  onSelect: (item: EarthItem) => void;
  onMove: (position: EarthPosition) => void;
};

type Located = { latitude: number; longitude: number; item: EarthItem };

/** A step of the arrows turns the planet by this part of what is seen. */
const turnPart = 0.25;
const headingStep = 15;
const tiltStep = 10;
const tiltMax = 68;

/** By an arrow: the way it points on the screen, whatever is up there. */
function turned(seen: SurfaceView, direction: Direction): EarthPosition {
  const step = (turnPart * 720) / 2 ** seen.zoom;
  const { latitude, longitude, heading = 0 } = seen;
  const pointing = { north: 0, east: 90, south: 180, west: 270 }[direction];
  const bearing = ((heading + pointing) * Math.PI) / 180;
  return {
    ...seen,
    latitude: Math.min(85, Math.max(-85, latitude + step * Math.cos(bearing))),
    longitude: wrapLongitude(longitude + step * Math.sin(bearing)),
  };
}

/** Around the place that is looked at: sideways the compass turns, up and down the eye leans. */
function orbited(seen: SurfaceView, direction: Direction): EarthPosition {
  const { heading = 0, tilt = 0 } = seen;
  const around = { north: 0, south: 0, east: headingStep, west: -headingStep }[direction];
  const lean = { north: tiltStep, south: -tiltStep, east: 0, west: 0 }[direction];
  return { ...seen, heading: wrapLongitude(heading + around), tilt: Math.min(tiltMax, Math.max(0, tilt + lean)) };
}

/**
 * The keys of globe and map: arrows turn it until a camera is focused (`Enter` takes the one nearest to the middle), then go from camera to camera;
 * `Enter` opens, `Esc` lets go, `+` `−` zoom. With `Shift` the arrows turn the compass and lean the eye; `N` puts north up again.
 */
export function useSurfaceKeys({ seen, items, focused, onFocus, onSelect, onMove }: SurfaceKeys) {
  const located = (): Located[] => items.map((item) => ({ ...placeOf(item), item }));
  const act = (key: string, isShift: boolean): boolean => {
    const direction = directions[key];
    if (direction && isShift) {
      onMove(orbited(seen, direction));
      return true;
    }
    if (direction && focused) {
      const next = nextInDirection(placeOf(focused), located(), direction);
      if (next) {
        onFocus(next.item);
        if (!isWithin(next, seen.bounds)) onMove({ ...seen, ...placeOf(next.item) });
      }
      return true;
    }
    if (direction) {
      onMove(turned(seen, direction));
      return true;
    }
    switch (key) {
      case 'Enter':
        if (focused) {
          onSelect(focused);
          // What is open is the sheet: the next `Esc` is for it.
          onFocus(null);
        } else onFocus(nearestTo(seen, located())?.item ?? null);
        return true;
      case 'Escape':
        if (!focused) return false;
        onFocus(null);
        return true;
      case '+':
      case '=':
        onMove({ ...seen, zoom: Math.min(zoomMax, seen.zoom + 1) });
        return true;
      case '-':
        onMove({ ...seen, zoom: Math.max(0, seen.zoom - 1) });
        return true;
      case 'n':
      case 'N':
        onMove({ ...seen, heading: 0, tilt: 0 });
        return true;
      default:
        return false;
    }
  };
  return (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey || !act(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
