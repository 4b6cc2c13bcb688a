/** The globe at work: hands and flights move the eye, the clock the sun, and a frame is drawn only when one of them did. */
import type { Camera, Scene, WebGLRenderer } from 'three';

import { keyOf, type EarthItem } from '../../_lib/earth-surface.ts';
import { caughtUp } from './caught-up.ts';
import { listenToHands } from './controls.ts';
import { isDrawnBySoftware } from './drawn-by.ts';
import { dot, toDegrees, toVector, type Place, type Vector } from './geodesy.ts';
import type { GlobeEvents, GlobeInput, GlobeStats } from './globe-input.ts';
import { createMotion } from './motion.ts';
import { createPicker, type Picker } from './picking.ts';
import { boundsOf, poseOf, screenOf, zoomOfWholePlanet, type Pose, type View } from './pose.ts';
import { afterFrame, firstStepFor, qualitySteps, softwareStep, startQuality } from './quality.ts';
import { createStage } from './stage.ts';
import { sunAt, sunTowards } from './sun.ts';

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

const pulseEveryMs = 84;
const lookEveryMs = 100;
const viewEveryMs = 100;
const turningViewEveryMs = 1000;
const yieldingFrameMs = 1000 / 24;
const turningFrameMs = 1000 / 30;
const heldPauseMs = 400;
const sunEaseMs = 130;
/** Less than a pixel of the terminator; where each picture is dear, a few: half a minute. */
const sunStillDegrees = { quick: 0.02, dear: 0.12 };
const mouseReach = 5;
const touchReach = 18;

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
  let picker: Picker | null = null;
  let quality = startQuality(firstStepFor(window.devicePixelRatio));
  let pixelRatio = 0;
  let pointer: { x: number; y: number } | null = null;
  let hoveredKey = '';
  let isPointerNew = false;
  let drawnMs = 0;
  let wasMoving = false;
  let toldMs = Number.NEGATIVE_INFINITY;
  let isTold = false;
  let isLost = false;
  let isReady = false;
  let pickMs = 0;
  let drawMs: number | null = null;
  let isBeingDrawn = false;
  let isAskedAgain = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let indexing: ReturnType<typeof setTimeout> | undefined;

  const applyQuality = () => {
    const chosen = qualitySteps[input.quality ?? quality.step] ?? qualitySteps[0];
    const step = isSoftware ? softwareStep : chosen;
    stage.setQuality(step, step.hasPulse && !input.isReduced && !input.isYielding);
    motion.setIdleTurn(input.mayTurnIdly && step.hasFades && input.selectedId === null && !input.isYielding);
    const ratio = Math.min(window.devicePixelRatio, step.pixelRatioMax);
    if (ratio === pixelRatio) return;
    pixelRatio = ratio;
    options.setPixelRatio(ratio);
  };

  const take = (next: GlobeInput) => {
    const before = input;
    input = next;
    motion.setReduced(next.isReduced);
    if (before.inset !== next.inset) motion.setViewport(viewport());
    if (!picker || before.points !== next.points || before.clusters !== next.clusters) {
      // In a turn of its own: an index of tens of thousands takes as long as their drawing.
      clearTimeout(indexing);
      indexing = setTimeout(() => {
        picker = createPicker(input.points, input.clusters, () => stage.pointRadius);
        isPointerNew = wasMoving;
        if (wasMoving || hover()) invalidate();
      }, 0);
    }
    const isNew = stage.take(next, seconds());
    applyQuality();
    if (isNew) invalidate();
  };

  const pickAt = (at: { x: number; y: number }, reach: number): EarthItem | null => {
    const began = performance.now();
    const item = picker?.pick(pose, at.x, at.y, reach) ?? null;
    pickMs = performance.now() - began;
    return item;
  };

  /** True where something else is pointed at than before, and it takes a picture to show that. */
  const hover = (): boolean => {
    const item = pointer ? pickAt(pointer, mouseReach) : null;
    const key = item ? `${item.type} ${keyOf(item)}` : '';
    const hasMoved = key !== '' && wasMoving;
    if (key === hoveredKey && !hasMoved) return false;
    hoveredKey = key;
    const isNew = stage.setHovered(item);
    element.style.cursor = item ? 'pointer' : '';
    events().onHover(item, item ? projected(item) : null);
    return isNew;
  };
  const projected = (item: EarthItem) => screenOf(pose, toVector(item.type === 'camera' ? item.point : item.cluster));

  const unlisten = listenToHands(element, motion, {
    onMove: invalidate,
    onPoint(at) {
      pointer = at;
      // On a planet that stands still the answer waits for no picture.
      isPointerNew = wasMoving;
      if (wasMoving || hover()) invalidate();
    },
    onPress(at, isTouch) {
      const item = pickAt(at, isTouch ? touchReach : mouseReach);
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
    if (!isMoving || !wasMoving || isPaced || isSoftware || input.quality !== undefined) return;
    const ms = nowMs - drawnMs;
    // A hand that holds still asks for no frames.
    if (motion.kind === 'held' && ms > heldPauseMs) return;
    const before = quality.step;
    quality = afterFrame(quality, { ms, nowMs, stepMin: firstStepFor(window.devicePixelRatio) });
    if (quality.step === before) return;
    applyQuality();
    events().onQuality?.(quality.step);
  };

  /** The next frame: at once, with the next pulse, or when the clock or the idle turn wants one. */
  const schedule = (isBusy: boolean) => {
    clearTimeout(timer);
    if (isBusy) {
      invalidate();
      return;
    }
    timer = setTimeout(look, stage.wantsPulse ? pulseEveryMs : lookEveryMs);
  };
  const look = () => {
    if (document.hidden || isLost) return;
    const idleAtMs = motion.idleAtMs();
    const isIdleDue = idleAtMs !== null && performance.now() >= idleAtMs && isWhole(motion.view, motion.viewport);
    if (stage.wantsPulse || isIdleDue || sunIsLate()) invalidate();
    else timer = setTimeout(look, lookEveryMs);
  };

  /** Where the main processor draws, pictures asked for ahead only delay what comes after them: the next waits for this one. */
  const holdNext = () => {
    const context = gl.getContext();
    if (!isSoftware || !(context instanceof WebGL2RenderingContext)) return;
    const began = performance.now();
    isBeingDrawn = true;
    const wait = async () => {
      await caughtUp(context, 4);
      isBeingDrawn = false;
      drawMs = performance.now() - began;
      stage.tookMs(drawMs);
      if (isAskedAgain) invalidate();
      isAskedAgain = false;
    };
    void wait();
  };

  const frame = () => {
    const began = performance.now();
    isAskedAgain = isBeingDrawn;
    if (isLost || !isReady || isBeingDrawn) return;
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
    const isChanging = stage.frame({ pose, sun, pixelRatio, nowSeconds: seconds(), elapsedMs, isMoving, hasMoved });
    if (isPointerNew || hasMoved) hover();
    isPointerNew = false;
    gl.render(scene, camera);
    holdNext();
    drawnMs = began;
    const isGoingOn = isMoving && motion.kind !== 'held';
    tellView(began, isGoingOn);
    wasMoving = isMoving;
    schedule(isGoingOn || isChanging || sunIsLate());
    events().probe?.(stats(performance.now() - began));
  };

  const stats = (jsMsPerFrame: number): GlobeStats => ({
    jsMsPerFrame,
    drawMs,
    drawCalls: gl.info.render.calls,
    points: input.points.length,
    pixelRatio,
    quality: isSoftware ? qualitySteps.length : (input.quality ?? quality.step),
    pickMs,
    textures: gl.info.memory.textures,
    geometries: gl.info.memory.geometries,
  });

  const abort = new AbortController();
  const canvas = gl.domElement;
  canvas.addEventListener(
    'webglcontextlost',
    () => {
      isLost = true;
      // What the lost context held is given up at once; later its names would be strange to the new one.
      stage.dispose();
      events().onLost?.();
    },
    abort,
  );
  canvas.addEventListener(
    'webglcontextrestored',
    () => {
      isLost = false;
      stage = newStage();
      take(input);
      events().onRestored?.();
      invalidate();
    },
    abort,
  );
  const onVisibility = () => {
    // The time that nobody saw is no frame.
    wasMoving = false;
    invalidate();
  };
  document.addEventListener('visibilitychange', onVisibility, abort);
  motion.touch(performance.now());
  take(input);
  // Shaders are made ready beside the page where the browser can; until then there is nothing to draw.
  gl.debug.checkShaderErrors = false;
  const ready = () => {
    isReady = true;
    invalidate();
  };
  if (gl.extensions.has('KHR_parallel_shader_compile'))
    Promise.all([scene, ...stage.scenes].map((part) => gl.compileAsync(part, camera))).then(ready, ready);
  else ready();

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
      clearTimeout(timer);
      clearTimeout(indexing);
      abort.abort();
      unlisten();
      motion.stop();
      if (!isLost) stage.dispose();
    },
  };
}

/** Who asks for less than the whole planet gets the whole planet: it fits this window. */
function whole(start: Place & Partial<View>, viewport: Pose['viewport']): View {
  const { latitude, longitude, heading = 0, tilt = 0 } = start;
  return { latitude, longitude, heading, tilt, zoom: Math.max(start.zoom ?? 0, zoomOfWholePlanet(viewport)) };
}

const isWhole = (view: View, viewport: Pose['viewport']) => view.zoom < zoomOfWholePlanet(viewport) + 1;

function isSamePose(a: Pose, b: Pose): boolean {
  return (
    a.view.latitude === b.view.latitude &&
    a.view.longitude === b.view.longitude &&
    a.view.zoom === b.view.zoom &&
    a.view.heading === b.view.heading &&
    a.view.tilt === b.view.tilt &&
    a.centreX === b.centreX &&
    a.centreY === b.centreY &&
    a.focal === b.focal
  );
}
