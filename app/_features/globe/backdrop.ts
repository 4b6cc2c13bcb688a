/**
 * The planet where the main processor draws: each of its pixels is dear, so it is drawn small while it moves, and sharply,
 * strip by strip, when nothing moves it and no hand holds it. Points, lines and words stand over it, as sharp as ever.
 */
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  LinearFilter,
  Mesh,
  Scene,
  WebGLRenderTarget,
  type IUniform,
  type Texture,
  type WebGLRenderer,
} from 'three';

import { caughtUp } from './caught-up.ts';
import { dot, toDegrees, type Vector } from './geodesy.ts';
import { createMaterial, showPose, type Layer, type Shared } from './layer.ts';
import type { Pose } from './pose.ts';
import type { Surface } from './surface.ts';

interface Seen {
  pose: Pose;
  sun: Vector;
  pixelRatio: number;
}

export interface Backdrop extends Layer {
  readonly scene: Scene;
  /** Brings the picture up to this frame; with `isStale` what was drawn before is worth nothing. Nothing is sharpened while `isMoving`. */
  prepare: (seen: Seen, isStale: boolean, isMoving: boolean) => void;
  /** What the last picture of the whole window took. */
  tookMs: (ms: number) => void;
  /** Somebody is answered at this moment: what is sharpened waits. */
  giveWay: () => void;
}

/** The next step of `movingRatios` after a picture that took so long. */
export function nextRatioStep(step: number, tookMs: number): number {
  if (tookMs > slowMs) return Math.min(movingRatios.length - 1, step + 1);
  return tookMs < quickMs ? Math.max(0, step - 1) : step;
}

/** How small it is drawn while it moves, the best first: the less the longer a picture takes. */
const movingRatios = [0.5, 0.4, 0.3] as const;
const slowMs = 120;
const quickMs = 45;
const restMs = 350;
const stripEveryMs = 8;
/** Whoever points or types is answered first. */
const yieldMs = 150;
/** What is asked of the processor that draws stands before everything that comes after it: a strip is never long. */
const stripMs = 24;
const stripPixelsFirst = 16_000;
const stripPixelsMax = 160_000;
/** The sun goes on always: until it went so far, only the sharp picture is made anew. */
const sunLeapDegrees = 0.3;

const vertex = /* glsl */ `
in vec2 corner;
out vec2 uv;
void main() {
  uv = corner * 0.5 + 0.5;
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

const fragment = /* glsl */ `
in vec2 uv;
uniform sampler2D picture;
void main() { colour = vec4(texture(picture, uv).rgb, 1.0); }`;

export function createBackdrop(
  renderer: WebGLRenderer,
  shared: Shared,
  surface: Surface,
  onChange: () => void,
): Backdrop {
  const context = renderer.getContext();
  if (!(context instanceof WebGL2RenderingContext)) throw new Error('the globe is drawn with WebGL 2');
  const scene = new Scene();
  scene.add(surface.object);
  const camera = new Camera();
  const small = createTarget();
  let sharp = createTarget();
  let spare = createTarget();
  const picture: IUniform<Texture> = { value: small.texture };
  const material = createMaterial(shared, { vertex, fragment }, { picture }, { isOpaque: true });
  const geometry = new BufferGeometry();
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([-1, -1, 3, -1, -1, 3]), 2));
  geometry.setDrawRange(0, 3);
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 0;

  let drawn: Seen | null = null;
  let isSharp = false;
  /** Of the sharpening that goes on; null: none does. */
  let sharpening: { isOver: boolean } | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answeredMs = Number.NEGATIVE_INFINITY;
  let stripPixels = stripPixelsFirst;
  let ratioStep = 0;

  const draw = (target: WebGLRenderTarget, { pose, sun }: Seen, ratio: number) => {
    showPose(shared, pose, ratio, sun);
    renderer.setRenderTarget(target);
    renderer.render(scene, camera);
    renderer.setRenderTarget(null);
  };

  const drawSmall = (seen: Seen) => {
    const ratio = Math.min(movingRatios[ratioStep] ?? movingRatios[0], seen.pixelRatio);
    sizeTo(small, seen.pose, ratio);
    surface.setRich(false);
    draw(small, seen, ratio);
    picture.value = small.texture;
  };

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });

  const stopSharpening = () => {
    if (sharpening) sharpening.isOver = true;
    sharpening = null;
    clearTimeout(timer);
  };

  /** Strip by strip into the spare picture, each in a turn of its own and when the one before is done. */
  const sharpen = async (seen: Seen) => {
    stopSharpening();
    const mine = { isOver: false };
    sharpening = mine;
    await pause(restMs);
    if (mine.isOver) return;
    sizeTo(spare, seen.pose, seen.pixelRatio);
    spare.scissorTest = true;
    for (let row = 0; row < spare.height;) {
      const sinceMs = performance.now() - answeredMs;
      if (sinceMs < yieldMs) await pause(yieldMs - sinceMs);
      if (mine.isOver) return;
      const rows = Math.max(4, Math.floor(stripPixels / spare.width));
      const began = performance.now();
      spare.scissor.set(0, row, spare.width, rows);
      surface.setRich(true);
      draw(spare, seen, seen.pixelRatio);
      row += rows;
      await caughtUp(context, 4);
      if (mine.isOver) return;
      const quicker = Math.min(2, Math.max(0.5, stripMs / Math.max(1, performance.now() - began)));
      stripPixels = Math.min(stripPixelsMax, Math.max(stripPixelsFirst / 4, stripPixels * quicker));
      await pause(stripEveryMs);
      if (mine.isOver) return;
    }
    [sharp, spare] = [spare, sharp];
    picture.value = sharp.texture;
    isSharp = true;
    sharpening = null;
    onChange();
  };

  return {
    object,
    scene,
    prepare(seen, isStale, isMoving) {
      answeredMs = performance.now();
      const leap = drawn ? toDegrees(Math.acos(Math.min(1, dot(drawn.sun, seen.sun)))) : 180;
      if (isStale || leap > sunLeapDegrees || drawn?.pixelRatio !== seen.pixelRatio) {
        stopSharpening();
        drawSmall(seen);
        drawn = seen;
        isSharp = false;
      } else if (leap > 0) {
        stopSharpening();
        drawn = seen;
        isSharp = false;
      }
      // A hand that only rests will move on: what is begun for it would stand in its way.
      if (isMoving) stopSharpening();
      else if (!isSharp && !sharpening) void sharpen(seen);
      // The rest of the frame is drawn in the window's own pixels.
      showPose(shared, seen.pose, seen.pixelRatio, seen.sun);
    },
    tookMs(ms) {
      ratioStep = nextRatioStep(ratioStep, ms);
    },
    giveWay() {
      answeredMs = performance.now();
    },
    dispose() {
      stopSharpening();
      for (const target of [small, sharp, spare]) target.dispose();
      geometry.dispose();
      material.dispose();
    },
  };
}

function createTarget(): WebGLRenderTarget {
  return new WebGLRenderTarget(1, 1, {
    depthBuffer: false,
    stencilBuffer: false,
    generateMipmaps: false,
    minFilter: LinearFilter,
    magFilter: LinearFilter,
  });
}

function sizeTo(target: WebGLRenderTarget, { viewport }: Pose, ratio: number): void {
  const width = Math.max(1, Math.floor(viewport.width * ratio));
  const height = Math.max(1, Math.floor(viewport.height * ratio));
  if (target.width !== width || target.height !== height) target.setSize(width, height);
}
