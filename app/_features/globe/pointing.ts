/** What is under the pointer: looked up in an index of what stands on the planet, and told when it is another or has moved. */
import { keyOf, type EarthItem } from '../../_lib/earth-surface.ts';
import { toVector } from './geodesy.ts';
import type { GlobeEvents, GlobeInput } from './globe-input.ts';
import { createPicker, type Picker } from './picking.ts';
import { screenOf, type Pose } from './pose.ts';
import type { Stage } from './stage.ts';

interface PointingOptions {
  element: HTMLElement;
  events: () => GlobeEvents;
  pose: () => Pose;
  stage: () => Stage;
  /** Whether the planet was moving in the last picture. */
  isMoving: () => boolean;
  invalidate: () => void;
}

interface Pointing {
  /** What can be pointed at from now on. */
  index: (input: Pick<GlobeInput, 'points' | 'clusters'>) => void;
  /** Where the pointer is; null when it is gone. */
  point: (at: { x: number; y: number } | null) => void;
  pick: (at: { x: number; y: number }, isTouch: boolean) => EarthItem | null;
  /** The planet was posed for a picture: what is under the pointer may be another. */
  drawn: (hasMoved: boolean) => void;
  /** What the last look into the index took. */
  readonly pickMs: number;
  dispose: () => void;
}

const mouseReach = 5;
const touchReach = 18;

export function createPointing({ element, events, pose, stage, isMoving, invalidate }: PointingOptions): Pointing {
  let picker: Picker | null = null;
  let indexed: Pick<GlobeInput, 'points' | 'clusters'> | null = null;
  let indexing: ReturnType<typeof setTimeout> | undefined;
  let pointer: { x: number; y: number } | null = null;
  let hoveredKey = '';
  let isPointerNew = false;
  let pickMs = 0;

  const pickAt = (at: { x: number; y: number }, reach: number): EarthItem | null => {
    const began = performance.now();
    const item = picker?.pick(pose(), at.x, at.y, reach) ?? null;
    pickMs = performance.now() - began;
    return item;
  };

  /** True where something else is pointed at than before, and it takes a picture to show that. */
  const hover = (): boolean => {
    const item = pointer ? pickAt(pointer, mouseReach) : null;
    const key = item ? `${item.type} ${keyOf(item)}` : '';
    const hasMoved = key !== '' && isMoving();
    if (key === hoveredKey && !hasMoved) return false;
    hoveredKey = key;
    const isNew = stage().setHovered(item);
    element.style.cursor = item ? 'pointer' : '';
    const place = item && (item.type === 'camera' ? item.point : item.cluster);
    events().onHover(item, place ? screenOf(pose(), toVector(place)) : null);
    return isNew;
  };

  /** On a planet that stands still the answer waits for no picture. */
  const look = () => {
    isPointerNew = isMoving();
    if (isPointerNew || hover()) invalidate();
  };

  return {
    get pickMs() {
      return pickMs;
    },
    index({ points, clusters }) {
      if (indexed?.points === points && indexed.clusters === clusters) return;
      indexed = { points, clusters };
      // In a turn of its own: an index of tens of thousands takes as long as their drawing.
      clearTimeout(indexing);
      indexing = setTimeout(() => {
        picker = createPicker(points, clusters, () => stage().pointRadius);
        look();
      }, 0);
    },
    point(at) {
      pointer = at;
      look();
    },
    pick: (at, isTouch) => pickAt(at, isTouch ? touchReach : mouseReach),
    drawn(hasMoved) {
      if (isPointerNew || hasMoved) hover();
      isPointerNew = false;
    },
    dispose() {
      clearTimeout(indexing);
    },
  };
}
