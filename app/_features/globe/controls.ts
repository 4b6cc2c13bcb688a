/** Pointer, wheel and fingers on the surface, told to the motion. Keys are the page's. */
import type { Motion } from './motion.ts';

export interface ControlEvents {
  /** Something moved: draw. */
  onMove: () => void;
  /** Where the pointer is without a button held; null when it is gone. */
  onPoint: (at: { x: number; y: number } | null) => void;
  /** A click or a tap that was no drag. */
  onPress: (at: { x: number; y: number }, isTouch: boolean) => void;
}

const pressPixelsMax = 6;
const pressMsMax = 500;
const wheelZoomPerPixel = 0.0026;
const pinchWheelZoomPerPixel = 0.012;
const linePixels = 18;
const doubleZoom = 1.5;
/** Fingers that pinch turn a little and rise a little: only what is more than that is meant. */
const turnDegreesMin = 12;
const tiltPixelsMin = 14;
const pinchPixelsMax = 10;
const tiltDegreesPerPixel = 0.25;

interface Finger {
  x: number;
  y: number;
}

/** What two fingers do since they are down, until it is certain what they mean. */
interface Pair {
  from: { distance: number; y: number };
  turned: number;
  isTurning: boolean;
  isTilting: boolean;
}

/** Returns what takes the listeners away again. */
export function listenToHands(element: HTMLElement, motion: Motion, events: ControlEvents): () => void {
  const abort = new AbortController();
  const fingers = new Map<number, Finger>();
  let press: { x: number; y: number; atMs: number; isOver: boolean } | null = null;
  let orbitFrom: Finger | null = null;
  let gesture: Pair | null = null;

  const place = (event: MouseEvent): Finger => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pair = (): { distance: number; angle: number; x: number; y: number } | null => {
    const [a, b] = [...fingers.values()];
    if (!a || !b) return null;
    return {
      distance: Math.max(8, Math.hypot(b.x - a.x, b.y - a.y)),
      angle: (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI,
      x: (a.x + b.x) / 2,
      y: (a.y + b.y) / 2,
    };
  };
  const grabWithFirst = (nowMs: number) => {
    const [first] = fingers.values();
    if (first) motion.grab(first.x, first.y, nowMs);
  };

  const down = (event: PointerEvent) => {
    if (event.pointerType === 'mouse' && event.button > 2) return;
    const at = place(event);
    element.setPointerCapture(event.pointerId);
    const nowMs = performance.now();
    const isOrbit = event.pointerType === 'mouse' && (event.button !== 0 || event.ctrlKey || event.shiftKey);
    fingers.set(event.pointerId, at);
    events.onPoint(null);
    if (isOrbit) {
      orbitFrom = at;
      motion.stop();
      return;
    }
    press = fingers.size === 1 ? { ...at, atMs: nowMs, isOver: false } : null;
    const both = pair();
    gesture = both ? { from: both, turned: 0, isTurning: false, isTilting: false } : null;
    if (both) motion.grab(both.x, both.y, nowMs);
    else motion.grab(at.x, at.y, nowMs);
  };

  const move = (event: PointerEvent) => {
    const at = place(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType !== 'touch') events.onPoint(at);
      return;
    }
    const nowMs = performance.now();
    if (orbitFrom) {
      motion.orbit((orbitFrom.x - at.x) * 0.3, (orbitFrom.y - at.y) * 0.25, nowMs);
      orbitFrom = at;
      events.onMove();
      return;
    }
    const before = pair();
    fingers.set(event.pointerId, at);
    const after = pair();
    if (before && after && gesture) {
      const turn = ((after.angle - before.angle + 540) % 360) - 180;
      gesture.turned += turn;
      const hasPinched = Math.abs(after.distance - gesture.from.distance) > pinchPixelsMax;
      // Side by side, up or down together: the planet leans.
      const isLevel = Math.abs(Math.sin((after.angle * Math.PI) / 180)) < 0.6;
      if (!hasPinched && !gesture.isTurning && isLevel && Math.abs(after.y - gesture.from.y) > tiltPixelsMin)
        gesture.isTilting = true;
      if (gesture.isTilting) motion.orbit(0, (before.y - after.y) * 2 * tiltDegreesPerPixel, nowMs);
      else {
        const wasTurning = gesture.isTurning;
        gesture.isTurning ||= Math.abs(gesture.turned) > turnDegreesMin;
        const zoom = Math.log2(after.distance / before.distance);
        motion.pinch({ zoom, turn: wasTurning ? -turn : 0, x: after.x, y: after.y }, nowMs);
      }
      events.onMove();
      return;
    }
    // A hand is never quite still: until it has moved for certain, nothing does.
    if (press && !press.isOver && Math.hypot(at.x - press.x, at.y - press.y) < pressPixelsMax) return;
    if (press) press.isOver = true;
    motion.drag(at.x, at.y, nowMs);
    events.onMove();
  };

  const up = (event: PointerEvent) => {
    if (!fingers.delete(event.pointerId)) return;
    const nowMs = performance.now();
    orbitFrom = null;
    if (fingers.size > 0) {
      grabWithFirst(nowMs);
      return;
    }
    const wasPress = press && !press.isOver && nowMs - press.atMs < pressMsMax && event.type === 'pointerup';
    if (wasPress) {
      motion.stop();
      events.onPress(place(event), event.pointerType === 'touch');
    } else motion.release(nowMs);
    press = null;
    events.onMove();
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === 1 ? linePixels : event.deltaMode === 2 ? 400 : 1);
    const steps = -pixels * (event.ctrlKey ? pinchWheelZoomPerPixel : wheelZoomPerPixel);
    motion.zoomBy(Math.max(-1, Math.min(1, steps)), place(event), performance.now());
    events.onMove();
  };

  const options = { signal: abort.signal };
  element.addEventListener('pointerdown', down, options);
  element.addEventListener('pointermove', move, options);
  element.addEventListener('pointerup', up, options);
  element.addEventListener('pointercancel', up, options);
  element.addEventListener('pointerleave', () => events.onPoint(null), options);
  element.addEventListener('wheel', wheel, { ...options, passive: false });
  element.addEventListener('contextmenu', (event) => event.preventDefault(), options);
  element.addEventListener(
    'dblclick',
    (event) => {
      motion.zoomBy(event.shiftKey ? -doubleZoom : doubleZoom, place(event), performance.now());
      events.onMove();
    },
    options,
  );
  return () => abort.abort();
}
