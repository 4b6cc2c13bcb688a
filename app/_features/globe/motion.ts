import { planFlight, type Flight } from './flight.ts';
/** Where the eye is and how it goes on: held by a finger, gliding on, zooming towards a point, flying, turning idly. Knows no DOM. */
import { clamp, turnBetween, type Place, type Vector } from './geodesy.ts';
import {
  groundAt,
  poseOf,
  tiltLimit,
  viewWithGroundAt,
  withinLimits,
  zoomLimits,
  zoomOfWholePlanet,
  type View,
  type Viewport,
} from './pose.ts';

type Mode =
  | { kind: 'rest' }
  | { kind: 'held'; ground: Vector }
  | { kind: 'gliding'; latitudePerMs: number; longitudePerMs: number }
  | { kind: 'zooming'; zoom: number; ground: Vector | null; x: number; y: number }
  | { kind: 'flying'; flight: Flight; startedAtMs: number | null; to: View; arrived: (whole: boolean) => void };

export interface Motion {
  view: View;
  readonly viewport: Viewport;
  readonly kind: Mode['kind'] | 'turning';
  setViewport: (viewport: Viewport) => void;
  setReduced: (isReduced: boolean) => void;
  /** Whether the planet may turn by itself when nobody has touched it for a while. */
  setIdleTurn: (isAllowed: boolean) => void;
  /** When the idle turn would begin; null where it may not. */
  idleAtMs: () => number | null;
  grab: (x: number, y: number, nowMs: number) => void;
  drag: (x: number, y: number, nowMs: number) => void;
  release: (nowMs: number) => void;
  zoomBy: (steps: number, at: { x: number; y: number } | null, nowMs: number) => void;
  /** Two fingers: the ground under the middle stays there. */
  pinch: (change: { zoom: number; turn: number; x: number; y: number }, nowMs: number) => void;
  orbit: (turnDegrees: number, tiltDegrees: number, nowMs: number) => void;
  /** True when it arrived, false when something else took over. */
  flyTo: (view: View, options?: { durationMs?: number | undefined }) => Promise<boolean>;
  stop: () => void;
  touch: (nowMs: number) => void;
  /** Goes on to this moment. True while there is more to come. */
  step: (nowMs: number) => boolean;
}

const glideMs = 320;
const glideStillPerMs = 0.000_02;
const zoomMs = 75;
const insetMs = 110;
const idleAfterMs = 30_000;
const idleDegreesPerMs = 0.0011;
/** Velocity is measured over this long before the release. */
const flickMs = 90;

export function createMotion(start: { view: View | null; viewport: Viewport; isReduced: boolean }): Motion {
  let { viewport } = start;
  let wanted = viewport;
  let isReduced = start.isReduced;
  let view = withinLimits(start.view ?? { latitude: 24, longitude: 0, zoom: -9, heading: 0, tilt: 0 }, viewport);
  let mode: Mode = { kind: 'rest' };
  let mayTurn = false;
  let isTurning = false;
  let touchedAtMs = Number.NEGATIVE_INFINITY;
  let lastMs: number | null = null;
  let trail: { atMs: number; view: Place }[] = [];

  const enter = (next: Mode) => {
    if (mode.kind === 'flying') mode.arrived(false);
    mode = next;
    isTurning = false;
  };
  const touch = (nowMs: number) => {
    touchedAtMs = nowMs;
    isTurning = false;
  };
  const set = (next: View) => {
    view = withinLimits(next, viewport);
  };
  const groundUnder = (x: number, y: number) => groundAt(poseOf(view, viewport), x, y);

  const stepMode = (nowMs: number, elapsedMs: number): boolean => {
    switch (mode.kind) {
      case 'rest':
        return stepIdle(nowMs, elapsedMs);
      case 'held':
        return false;
      case 'gliding': {
        const { latitudePerMs, longitudePerMs } = mode;
        const latitude = clamp(view.latitude + latitudePerMs * elapsedMs, -85, 85);
        set({ ...view, latitude, longitude: view.longitude + longitudePerMs * elapsedMs });
        const kept = Math.exp(-elapsedMs / glideMs);
        mode.latitudePerMs *= kept;
        mode.longitudePerMs *= kept;
        // A pixel's worth of degrees shrinks with every zoom step.
        const still = glideStillPerMs * 16 * 2 ** (2 - view.zoom);
        if (Math.hypot(mode.latitudePerMs, mode.longitudePerMs) < still) enter({ kind: 'rest' });
        return true;
      }
      case 'zooming': {
        const { zoom, ground, x, y } = mode;
        const left = zoom - view.zoom;
        const isThere = isReduced || Math.abs(left) < 0.002;
        const next = withinLimits(
          { ...view, zoom: isThere ? zoom : view.zoom + left * (1 - Math.exp(-elapsedMs / zoomMs)) },
          viewport,
        );
        set(ground ? viewWithGroundAt(poseOf(next, viewport), ground, x, y) : next);
        if (isThere) enter({ kind: 'rest' });
        return !isThere;
      }
      case 'flying': {
        mode.startedAtMs ??= nowMs;
        const { flight, arrived } = mode;
        const share = isReduced ? 1 : clamp((nowMs - mode.startedAtMs) / flight.durationMs, 0, 1);
        set(flight.at(share));
        if (share < 1) return true;
        mode = { kind: 'rest' };
        touch(nowMs);
        arrived(true);
        return false;
      }
    }
  };

  const stepIdle = (nowMs: number, elapsedMs: number): boolean => {
    isTurning =
      mayTurn && !isReduced && nowMs - touchedAtMs >= idleAfterMs && view.zoom < zoomOfWholePlanet(viewport) + 1;
    if (!isTurning) return false;
    set({ ...view, longitude: view.longitude - idleDegreesPerMs * elapsedMs });
    return true;
  };

  /** Panels slide in; the planet makes room with them. */
  const stepInset = (elapsedMs: number): boolean => {
    const sides = ['left', 'right', 'top', 'bottom'] as const;
    if (sides.every((side) => viewport.inset[side] === wanted.inset[side])) return false;
    const share = isReduced ? 1 : 1 - Math.exp(-elapsedMs / insetMs);
    const inset = { ...viewport.inset };
    for (const side of sides) {
      const left = wanted.inset[side] - inset[side];
      inset[side] = Math.abs(left) < 0.5 ? wanted.inset[side] : inset[side] + left * share;
    }
    viewport = { ...viewport, inset };
    return true;
  };

  return {
    get view() {
      return view;
    },
    set view(next) {
      enter({ kind: 'rest' });
      set(next);
    },
    get viewport() {
      return viewport;
    },
    get kind() {
      return isTurning ? 'turning' : mode.kind;
    },
    setViewport(next) {
      const wasWhole = Math.abs(view.zoom - zoomOfWholePlanet(viewport)) < 0.3;
      const isResized = next.width !== viewport.width || next.height !== viewport.height;
      wanted = next;
      viewport = isResized ? next : { ...next, inset: viewport.inset };
      set(isResized && wasWhole ? { ...view, zoom: zoomOfWholePlanet(next) } : view);
    },
    setReduced(next) {
      isReduced = next;
    },
    setIdleTurn(isAllowed) {
      mayTurn = isAllowed;
    },
    idleAtMs: () => (mayTurn && !isReduced && mode.kind === 'rest' ? touchedAtMs + idleAfterMs : null),
    grab(x, y, nowMs) {
      touch(nowMs);
      const ground = groundAt(poseOf(view, viewport), x, y, { orEdge: true });
      if (!ground) return;
      enter({ kind: 'held', ground });
      trail = [{ atMs: nowMs, view }];
    },
    drag(x, y, nowMs) {
      touch(nowMs);
      if (mode.kind !== 'held') return;
      set(viewWithGroundAt(poseOf(view, viewport), mode.ground, x, y));
      trail.push({ atMs: nowMs, view });
      trail = trail.filter(({ atMs }) => nowMs - atMs <= flickMs * 2);
    },
    release(nowMs) {
      touch(nowMs);
      if (mode.kind !== 'held') return;
      const first = trail.find(({ atMs }) => nowMs - atMs <= flickMs);
      const elapsedMs = first ? nowMs - first.atMs : 0;
      if (isReduced || !first || elapsedMs < 8) return enter({ kind: 'rest' });
      enter({
        kind: 'gliding',
        latitudePerMs: (view.latitude - first.view.latitude) / elapsedMs,
        longitudePerMs: turnBetween(first.view.longitude, view.longitude) / elapsedMs,
      });
    },
    zoomBy(steps, at, nowMs) {
      touch(nowMs);
      const { min, max } = zoomLimits(viewport);
      const from = mode.kind === 'zooming' ? mode.zoom : view.zoom;
      const zoom = clamp(from + steps, min, max);
      // The whole planet is seen from the middle, wherever the pointer is.
      const isAnchored = at !== null && (steps > 0 || zoom > zoomOfWholePlanet(viewport));
      const { x, y } = at ?? { x: 0, y: 0 };
      enter({ kind: 'zooming', zoom, ground: isAnchored ? groundUnder(x, y) : null, x, y });
    },
    pinch({ zoom, turn, x, y }, nowMs) {
      touch(nowMs);
      const held = mode.kind === 'held' ? mode.ground : groundUnder(x, y);
      const next = withinLimits({ ...view, zoom: view.zoom + zoom, heading: view.heading + turn }, viewport);
      set(held ? viewWithGroundAt(poseOf(next, viewport), held, x, y) : next);
      trail = [];
    },
    orbit(turnDegrees, tiltDegrees, nowMs) {
      touch(nowMs);
      if (mode.kind !== 'held') enter({ kind: 'rest' });
      const tilt = clamp(view.tilt + tiltDegrees, 0, tiltLimit(view.zoom));
      set({ ...view, tilt, heading: view.heading + turnDegrees });
    },
    flyTo(to, options) {
      const settled = withinLimits(to, viewport);
      return new Promise((resolve) => {
        enter({
          kind: 'flying',
          flight: planFlight(view, settled, { ...viewport, inset: wanted.inset }, options?.durationMs),
          startedAtMs: null,
          to: settled,
          arrived: resolve,
        });
      });
    },
    stop() {
      enter({ kind: 'rest' });
    },
    touch,
    step(nowMs) {
      const elapsedMs = clamp(nowMs - (lastMs ?? nowMs), 0, 100);
      lastMs = nowMs;
      const isMakingRoom = stepInset(elapsedMs);
      const isGoingOn = stepMode(nowMs, elapsedMs);
      if (!isGoingOn && !isMakingRoom) lastMs = null;
      return isGoingOn || isMakingRoom;
    },
  };
}
