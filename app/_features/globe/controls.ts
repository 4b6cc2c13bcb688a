/** Pointer, wheel and fingers on the surface, told to the motion. Keys are the page's. */
import type { Motion } from './motion.ts';
import { beginGesture, pairOf, stepGesture, type Gesture } from './two-fingers.ts';

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
const tiltDegreesPerPixel = 0.25;
const hintEveryMs = 8;

interface Finger {
  x: number;
  y: number;
}

/** Returns what takes the listeners away again. */
export function listenToHands(element: HTMLElement, motion: Motion, events: ControlEvents): () => void {
  const abort = new AbortController();
  const fingers = new Map<number, Finger>();
  let press: { x: number; y: number; atMs: number; isOver: boolean } | null = null;
  let orbitFrom: Finger | null = null;
  let gesture: Gesture | null = null;
  let pairing = 0;
  let hintedMs = Number.NEGATIVE_INFINITY;

  const place = (event: MouseEvent): Finger => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pair = () => pairOf(fingers.values());
  const grabWithFirst = (nowMs: number) => {
    const [first] = fingers.values();
    if (first) motion.grab(first.x, first.y, nowMs);
  };

  /** Once a frame: the fingers tell of themselves one after the other, and one alone means something else. */
  const stepPair = () => {
    pairing = 0;
    const after = pair();
    if (!after || !gesture) return;
    const nowMs = performance.now();
    const step = stepGesture(gesture, after);
    ({ gesture } = step);
    const { meaning } = step;
    if (meaning.type === 'tilt') motion.orbit(0, meaning.pixels * 2 * tiltDegreesPerPixel, nowMs);
    else motion.pinch({ zoom: meaning.zoom, turn: meaning.turn, x: after.x, y: after.y }, nowMs);
    events.onMove();
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
    gesture = beginGesture(both);
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
    fingers.set(event.pointerId, at);
    if (gesture) {
      if (pairing === 0) pairing = requestAnimationFrame(stepPair);
      return;
    }
    // A hand is never quite still: until it has moved for certain, nothing does.
    if (press && !press.isOver && Math.hypot(at.x - press.x, at.y - press.y) < pressPixelsMax) return;
    if (press) press.isOver = true;
    motion.drag(at.x, at.y, nowMs);
    events.onMove();
  };

  /** Told as it comes, where `pointermove` waits for the page's next picture: what is pointed at is answered before that. */
  const hint = (event: Event) => {
    if (!(event instanceof PointerEvent) || event.pointerType === 'touch' || fingers.has(event.pointerId)) return;
    const nowMs = performance.now();
    // A quick mouse tells of itself a thousand times a second; the last place comes by `pointermove` anyway.
    if (nowMs - hintedMs < hintEveryMs) return;
    hintedMs = nowMs;
    events.onPoint(place(event));
  };

  const up = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    if (pairing !== 0) {
      // The last step of two, before one of them is gone.
      cancelAnimationFrame(pairing);
      stepPair();
    }
    fingers.delete(event.pointerId);
    gesture = beginGesture(pair());
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
  element.addEventListener('pointerrawupdate', hint, options);
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
  return () => {
    cancelAnimationFrame(pairing);
    abort.abort();
  };
}
