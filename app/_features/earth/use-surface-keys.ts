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

function turned(seen: SurfaceView, direction: Direction): EarthPosition {
  const step = (turnPart * 720) / 2 ** seen.zoom;
  const { latitude, longitude, zoom } = seen;
  const up = { north: step, south: -step, east: 0, west: 0 }[direction];
  const right = { north: 0, south: 0, east: step, west: -step }[direction];
  return { latitude: Math.min(85, Math.max(-85, latitude + up)), longitude: wrapLongitude(longitude + right), zoom };
}

/**
 * The keys of globe and map: arrows turn it until a camera is focused (`Enter` takes the one nearest to the middle), then go from camera to camera;
 * `Enter` opens, `Esc` lets go, `+` `−` zoom.
 */
export function useSurfaceKeys({ seen, items, focused, onFocus, onSelect, onMove }: SurfaceKeys) {
  const located = (): Located[] => items.map((item) => ({ ...placeOf(item), item }));
  const act = (key: string): boolean => {
    const direction = directions[key];
    if (direction && focused) {
      const next = nextInDirection(placeOf(focused), located(), direction);
      if (next) {
        onFocus(next.item);
        if (!isWithin(next, seen.bounds)) onMove({ ...placeOf(next.item), zoom: seen.zoom });
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
      default:
        return false;
    }
  };
  return (event: KeyboardEvent): void => {
    if (event.metaKey || event.ctrlKey || event.altKey || !act(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
}
