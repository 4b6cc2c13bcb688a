import { BufferAttribute, BufferGeometry, DynamicDrawUsage, Points } from 'three';

import { cameraStates } from '#server/contracts/camera-words.ts';
import type { EarthPoint } from '#server/contracts/earth.ts';

import { clamp, toRadians } from './geodesy.ts';
import { createMaterial, stateColours, type Layer, type Shared } from './layer.ts';
import type { Palette } from './palette.ts';
import { pointsFragment, pointsVertex } from './points-shader.ts';

export interface PointsLayer extends Layer {
  /** True when anything is drawn differently. Changes of state alone touch only what changed. */
  set: (points: readonly EarthPoint[], nowSeconds: number) => boolean;
  setSize: (cssPixels: number) => void;
  /** Until when something is still changing its look, in seconds of the same clock. */
  readonly busyUntil: number;
  readonly hasLive: boolean;
}

const stateIndex = new Map(cameraStates.map((state, index) => [state, index]));
/** What matters more is drawn over what matters less. */
const depth = { unchecked: 0, offline: 1, still: 2, delayed: 3, error: 4, demo: 5, live: 6 };
const depths = 7;
const changeSeconds = 0.8;
/** A new crowd comes at once; few new ones fade in. */
const longAgo = -100;

/** Size of a point by zoom and by how many there are, in CSS pixels. */
export function pointSize(zoom: number, count: number): number {
  const near = 5.2 + 7.8 * clamp((zoom - 1.5) / 9, 0, 1);
  return near * (1 - 0.3 * clamp((count - 4000) / 30_000, 0, 1));
}

export function createPoints(shared: Shared, palette: Palette): PointsLayer {
  let capacity = 0;
  let current: readonly EarthPoint[] = [];
  /** Where in the buffers a point stands. */
  let slots = new Uint32Array();
  let busyUntil = 0;
  let live = 0;
  let places = new BufferAttribute(new Float32Array(), 3);
  let lows = new BufferAttribute(new Float32Array(), 3);
  let lives = new BufferAttribute(new Float32Array(), 4);
  const geometry = new BufferGeometry();
  const size = { value: 6 };
  const material = createMaterial(
    shared,
    { vertex: pointsVertex, fragment: pointsFragment },
    { size, colours: stateColours(palette) },
  );
  const object = new Points(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 4;

  const reserve = (count: number) => {
    if (count <= capacity) return;
    geometry.dispose();
    capacity = Math.ceil(count * 1.3) + 256;
    places = new BufferAttribute(new Float32Array(capacity * 3), 3);
    lows = new BufferAttribute(new Float32Array(capacity * 3), 3);
    lives = new BufferAttribute(new Float32Array(capacity * 4), 4);
    for (const attribute of [places, lows, lives]) attribute.setUsage(DynamicDrawUsage);
    geometry.setAttribute('position', places);
    geometry.setAttribute('low', lows);
    geometry.setAttribute('life', lives);
  };

  /** The same points in the same order: only states can differ. */
  const restate = (points: readonly EarthPoint[], nowSeconds: number): boolean => {
    let first = Number.POSITIVE_INFINITY;
    let last = -1;
    for (const [index, point] of points.entries()) {
      const before = current[index]?.state;
      if (before === undefined || before === point.state) continue;
      const slot = slots[index] ?? 0;
      lives.array[slot * 4] = stateIndex.get(point.state) ?? 0;
      lives.array[slot * 4 + 1] = stateIndex.get(before) ?? 0;
      lives.array[slot * 4 + 2] = nowSeconds;
      first = Math.min(first, slot);
      last = Math.max(last, slot);
      live += (point.state === 'live' ? 1 : 0) - (before === 'live' ? 1 : 0);
    }
    current = points;
    if (last < 0) return false;
    lives.addUpdateRange(first * 4, (last - first + 1) * 4);
    lives.needsUpdate = true;
    busyUntil = nowSeconds + changeSeconds;
    return true;
  };

  /** Written out by hand: tens of thousands of them in one go. */
  const writePlace = ({ latitude, longitude }: EarthPoint, at: number) => {
    const [phi, lambda] = [toRadians(latitude), toRadians(longitude)];
    const across = Math.cos(phi);
    const high = places.array;
    const low = lows.array;
    const x = across * Math.cos(lambda);
    const y = across * Math.sin(lambda);
    const z = Math.sin(phi);
    high[at] = x;
    high[at + 1] = y;
    high[at + 2] = z;
    low[at] = x - Math.fround(x);
    low[at + 1] = y - Math.fround(y);
    low[at + 2] = z - Math.fround(z);
  };

  const rebuild = (points: readonly EarthPoint[], nowSeconds: number) => {
    const known = new Map<string, { index: number; slot: number }>();
    for (const [index, { id }] of current.entries()) known.set(id, { index, slot: slots[index] ?? 0 });
    const oldLives = Float32Array.from(lives.array.subarray(0, current.length * 4));
    const old = current;
    reserve(points.length);
    slots = slotsByDepth(points);
    live = 0;
    let hasNew = false;
    for (const [index, point] of points.entries()) {
      const slot = slots[index] ?? 0;
      writePlace(point, slot * 3);
      const state = stateIndex.get(point.state) ?? 0;
      if (point.state === 'live') live += 1;
      const before = known.get(point.id);
      const wasState = before && old[before.index]?.state;
      const at = slot * 4;
      lives.array[at] = state;
      lives.array[at + 1] = wasState === undefined ? state : (stateIndex.get(wasState) ?? state);
      const hasChanged = wasState !== undefined && wasState !== point.state;
      lives.array[at + 2] = hasChanged ? nowSeconds : before ? (oldLives[before.slot * 4 + 2] ?? longAgo) : longAgo;
      lives.array[at + 3] = before ? (oldLives[before.slot * 4 + 3] ?? longAgo) : nowSeconds;
      hasNew ||= !before || hasChanged;
    }
    current = points;
    for (const attribute of [places, lows, lives]) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, points.length * attribute.itemSize);
      attribute.needsUpdate = true;
    }
    geometry.setDrawRange(0, points.length);
    object.visible = points.length > 0;
    if (hasNew) busyUntil = nowSeconds + changeSeconds;
  };

  return {
    object,
    get busyUntil() {
      return busyUntil;
    },
    get hasLive() {
      return live > 0;
    },
    set(points, nowSeconds) {
      if (points === current) return false;
      const isSame =
        points.length === current.length &&
        points.every(({ id, latitude, longitude }, index) => {
          const before = current[index];
          return before?.id === id && before.latitude === latitude && before.longitude === longitude;
        });
      if (isSame) return restate(points, nowSeconds);
      rebuild(points, nowSeconds);
      return true;
    },
    setSize(cssPixels) {
      size.value = cssPixels;
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

/** A counting sort: the slot of each point when those that matter less are drawn first. */
function slotsByDepth(points: readonly EarthPoint[]): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(depths + 1);
  for (const { state } of points) starts[depth[state] + 1] = (starts[depth[state] + 1] ?? 0) + 1;
  for (let index = 1; index <= depths; index++) starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0);
  const slots = new Uint32Array(points.length);
  for (const [index, { state }] of points.entries()) {
    const slot = starts[depth[state]] ?? 0;
    slots[index] = slot;
    starts[depth[state]] = slot + 1;
  }
  return slots;
}
