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

export type PressedKey = { key: string; isShift: boolean };

/** What a key asks of the planet. `wait`: it is about cameras, and those of this view are not known yet. */
export type KeyAct =
  | { type: 'focus'; item: EarthItem | null; moveTo: EarthPosition | null }
  | { type: 'select'; item: EarthItem }
  | { type: 'move'; to: EarthPosition }
  | { type: 'wait' };

type Situation = {
  seen: SurfaceView;
  /** Of the view when it last rested; null: not known yet. */
  items: readonly EarthItem[] | null;
  focused: EarthItem | null;
};

/** Null: the key is none of the planet's. */
export function surfaceKeyAct({ key, isShift }: PressedKey, { seen, items, focused }: Situation): KeyAct | null {
  const located = () =>
    (items ?? []).map((item) => {
      const { latitude, longitude } = placeOf(item);
      return { latitude, longitude, item };
    });
  const direction = directions[key];
  if (direction && isShift) return { type: 'move', to: orbited(seen, direction) };
  if (direction && focused) {
    if (!items) return { type: 'wait' };
    const next = nextInDirection(placeOf(focused), located(), direction);
    // Nobody in sight that way: one looks further, and goes on from the same camera.
    if (!next) return { type: 'move', to: turned(seen, direction) };
    const moveTo = isWithin(next, seen.bounds) ? null : { ...seen, ...placeOf(next.item) };
    return { type: 'focus', item: next.item, moveTo };
  }
  if (direction) return { type: 'move', to: turned(seen, direction) };
  switch (key) {
    case 'Enter':
      if (focused) return { type: 'select', item: focused };
      if (!items) return { type: 'wait' };
      return { type: 'focus', item: nearestTo(seen, located())?.item ?? null, moveTo: null };
    case 'Escape':
      return focused ? { type: 'focus', item: null, moveTo: null } : null;
    case '+':
    case '=':
      return { type: 'move', to: { ...seen, zoom: Math.min(zoomMax, seen.zoom + 1) } };
    case '-':
      return { type: 'move', to: { ...seen, zoom: Math.max(0, seen.zoom - 1) } };
    case 'n':
    case 'N':
      return { type: 'move', to: { ...seen, heading: 0, tilt: 0 } };
    default:
      return null;
  }
}
