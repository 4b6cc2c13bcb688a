/** The globe at work: hands and flights move the eye, the clock the sun, and a frame is drawn only when one of them did. */
import type { Camera, Scene, WebGLRenderer } from 'three';

import { followContext } from './context-loss.ts';
import { listenToHands } from './controls.ts';
import { isDrawnBySoftware } from './drawn-by.ts';
import { dot, toDegrees, toVector, type Place, type Vector } from './geodesy.ts';
import type { GlobeEvents, GlobeInput, GlobeStats } from './globe-input.ts';
import { keepQuality } from './kept-quality.ts';
import { makeReady } from './make-ready.ts';
import { createMotion } from './motion.ts';
import { drawOneByOne } from './one-by-one.ts';
import { createPointing } from './pointing.ts';
import { boundsOf, isSamePose, poseOf, screenOf, type Pose, type View } from './pose.ts';
import { createStage } from './stage.ts';
import { sunAt, sunTowards } from './sun.ts';
import { waitForFrame } from './wait-for-frame.ts';
import { isWhole, whole } from './whole-planet.ts';

export interface Engine {
  take: (input: GlobeInput) => void;
  resize: (width: number, height: number) => void;
  /** Draws, if there is something to draw. */
  frame: () => void;
  flyTo: (to: Place & Partial<View>, options?: { durationMs?: number | undefined }) => Promise<boolean>;
  stop: () => void;
  project: (place: Place) => { x: number; y: number } | null;
  dispose: () => void;
}

interface EngineOptions {
  gl: WebGLRenderer;
  scene: Scene;
  camera: Camera;
  element: HTMLElement;
  start: Place & Partial<View>;
  input: GlobeInput;
  events: () => GlobeEvents;
  invalidate: () => void;
  setPixelRatio: (ratio: number) => void;
}

const viewEveryMs = 100;
const turningViewEveryMs = 1000;
const yieldingFrameMs = 1000 / 24;
const turningFrameMs = 1000 / 30;
const sunEaseMs = 130;
/** Less than a pixel of the terminator; where each picture is dear, a few: half a minute. */
const sunStillDegrees = { quick: 0.02, dear: 0.12 };

export function createEngine(options: EngineOptions): Engine {
  const { gl, scene, camera, element, events, invalidate } = options;
  let { input } = options;
  const startedMs = performance.now();
  const seconds = () => (performance.now() - startedMs) / 1000;
  const size = { width: element.clientWidth || 1, height: element.clientHeight || 1 };
  const viewport = () => ({ ...size, inset: input.inset });
  const motion = createMotion({
    view: whole(options.start, viewport()),
    viewport: viewport(),
    isReduced: input.isReduced,
  });
  const isSoftware = isDrawnBySoftware(gl.getContext());
  const sunStill = isSoftware ? sunStillDegrees.dear : sunStillDegrees.quick;
  const newStage = () =>
    createStage(gl, scene, element, {
      isSoftware,
      onChange: invalidate,
      onError: (error) => events().onError?.(error),
    });
  let stage = newStage();
  let sun: Vector = sunAt(input.timeMs());
  let pose: Pose = poseOf(motion.view, motion.viewport);
  let drawnMs = 0;
  let wasMoving = false;
  let toldMs = Number.NEGATIVE_INFINITY;
  let isTold = false;
  let isLost = false;
  let isReady = false;

  const quality = keepQuality({ isSoftware, setPixelRatio: options.setPixelRatio });
  const applyQuality = () => {
    const step = quality.apply(input.quality);
    stage.setQuality(step, step.hasPulse && !input.isReduced && !input.isYielding);
    motion.setIdleTurn(input.mayTurnIdly && step.hasFades && input.selectedId === null && !input.isYielding);
  };

  const pointing = createPointing({
    element,
    events,
    pose: () => pose,
    stage: () => stage,
    isMoving: () => wasMoving,
    invalidate,
  });

  const take = (next: GlobeInput) => {
    const before = input;
    input = next;
    motion.setReduced(next.isReduced);
    if (before.inset !== next.inset) motion.setViewport(viewport());
    pointing.index(next);
    const isNew = stage.take(next, seconds());
    applyQuality();
    if (isNew) invalidate();
  };

  const unlisten = listenToHands(element, motion, {
    onMove: invalidate,
    onPoint: pointing.point,
    onPress(at, isTouch) {
      const item = pointing.pick(at, isTouch);
      if (item) events().onSelect(item);
      else events().onBackground?.();
    },
  });

  const tellView = (nowMs: number, isMoving: boolean) => {
    const every = motion.kind === 'turning' ? turningViewEveryMs : viewEveryMs;
    if (isMoving ? nowMs - toldMs < every : isTold) return;
    toldMs = nowMs;
    isTold = !isMoving;
    events().onView({ ...pose.view, bounds: boundsOf(pose), isMoving });
  };

  const sunIsLate = () => toDegrees(Math.acos(Math.min(1, dot(sun, sunAt(input.timeMs()))))) > sunStill;

  const measure = (nowMs: number, isMoving: boolean, isPaced: boolean) => {
    if (!isMoving || !wasMoving || isPaced || input.quality !== undefined) return;
    if (!quality.tookFrame({ ms: nowMs - drawnMs, nowMs, isHeld: motion.kind === 'held' })) return;
    applyQuality();
    events().onQuality?.(quality.step);
  };

  const isIdleDue = () => {
    const idleAtMs = motion.idleAtMs();
    return idleAtMs !== null && performance.now() >= idleAtMs && isWhole(motion.view, motion.viewport);
  };
  const nextFrame = waitForFrame({
    invalidate,
    isUnseen: () => document.hidden || isLost,
    isPulsing: () => stage.wantsPulse,
    isDue: () => isIdleDue() || sunIsLate(),
  });

  const pictures = drawOneByOne(gl.getContext(), { isSoftware, tookMs: (ms) => stage.tookMs(ms), invalidate });

  const frame = () => {
    const began = performance.now();
    if (isLost || !isReady || pictures.mustWait()) return;
    const paceMs = motion.kind === 'turning' ? turningFrameMs : input.isYielding ? yieldingFrameMs : 0;
    const isPaced = paceMs > 0;
    if (isPaced && wasMoving && began - drawnMs < paceMs - 3) {
      invalidate();
      return;
    }
    const elapsedMs = Math.min(100, began - drawnMs);
    const isMoving = motion.step(began) || motion.kind === 'held';
    measure(began, isMoving, isPaced);
    const wanted = sunAt(input.timeMs());
    sun =
      input.isReduced || isSoftware || !stage.isShown
        ? wanted
        : sunTowards(sun, wanted, 1 - Math.exp(-elapsedMs / sunEaseMs));
    const next = poseOf(motion.view, motion.viewport);
    const hasMoved = !isSamePose(next, pose);
    pose = next;
    if (hasMoved) isTold = false;
    const isChanging = stage.frame({
      pose,
      sun,
      pixelRatio: quality.pixelRatio,
      nowSeconds: seconds(),
      elapsedMs,
      isMoving,
      hasMoved,
    });
    pointing.drawn(hasMoved);
    gl.render(scene, camera);
    if (drawnMs === 0) gl.domElement.style.visibility = 'visible';
    pictures.begun();
    drawnMs = began;
    const isGoingOn = isMoving && motion.kind !== 'held';
    tellView(began, isGoingOn);
    wasMoving = isMoving;
    nextFrame.after(isGoingOn || isChanging || sunIsLate());
    events().probe?.(stats(performance.now() - began));
  };

  const stats = (jsMsPerFrame: number): GlobeStats => ({
    jsMsPerFrame,
    drawMs: pictures.drawMs,
    drawCalls: gl.info.render.calls,
    points: input.points.length,
    pixelRatio: quality.pixelRatio,
    quality: quality.shownStep(input.quality),
    pickMs: pointing.pickMs,
    textures: gl.info.memory.textures,
    geometries: gl.info.memory.geometries,
  });

  const abort = new AbortController();
  followContext(gl.domElement, abort.signal, {
    onLost() {
      isLost = true;
      // What the lost context held is given up at once; later its names would be strange to the new one.
      stage.dispose();
      events().onLost?.();
    },
    onRestored() {
      isLost = false;
      stage = newStage();
      take(input);
      events().onRestored?.();
      invalidate();
    },
  });
  const onVisibility = () => {
    // The time that nobody saw is no frame.
    wasMoving = false;
    invalidate();
  };
  document.addEventListener('visibilitychange', onVisibility, abort);
  motion.touch(performance.now());
  take(input);
  gl.debug.checkShaderErrors = false;
  const ready = () => {
    isReady = true;
    invalidate();
  };
  // Until then there is nothing to draw.
  const { signal } = abort;
  const { pictured } = stage;
  const scenes = [scene, ...stage.scenes];
  makeReady(gl, { scenes, camera, pictured, also: () => stage.prepareWords(), signal }).then(ready, ready);

  return {
    take,
    resize(width, height) {
      if (width === size.width && height === size.height) return;
      size.width = width;
      size.height = height;
      motion.setViewport(viewport());
      applyQuality();
      invalidate();
    },
    frame,
    flyTo(to, flight) {
      const { heading = 0, tilt = 0, zoom = motion.view.zoom } = to;
      const arrived = motion.flyTo({ latitude: to.latitude, longitude: to.longitude, zoom, heading, tilt }, flight);
      motion.touch(performance.now());
      invalidate();
      return arrived;
    },
    stop() {
      motion.stop();
    },
    project: (place) => screenOf(pose, toVector(place)),
    dispose() {
      nextFrame.dispose();
      pointing.dispose();
      abort.abort();
      unlisten();
      motion.stop();
      if (!isLost) stage.dispose();
    },
  };
}
