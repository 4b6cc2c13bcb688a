/**
 * The planet where the main processor draws: each of its pixels is dear, so it is drawn small while it moves, and sharply,
 * strip by strip, when it rests. Points, lines and words stand over it, as sharp as ever.
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
  /** Brings the picture up to this frame; with `isStale` what was drawn before is worth nothing. */
  prepare: (seen: Seen, isStale: boolean) => void;
}

const movingRatio = 0.5;
const restMs = 350;
const stripEveryMs = 30;
/** Whoever points or types is answered first. */
const yieldMs = 150;
const stripPixels = 60_000;
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
  let timer: ReturnType<typeof setTimeout> | undefined;
  let preparedMs = Number.NEGATIVE_INFINITY;

  const draw = (target: WebGLRenderTarget, { pose, sun }: Seen, ratio: number) => {
    showPose(shared, pose, ratio, sun);
    renderer.setRenderTarget(target);
    renderer.render(scene, camera);
    renderer.setRenderTarget(null);
  };

  const drawSmall = (seen: Seen) => {
    const ratio = Math.min(movingRatio, seen.pixelRatio);
    sizeTo(small, seen.pose, ratio);
    surface.setRich(false);
    draw(small, seen, ratio);
    picture.value = small.texture;
  };

  /** Strip by strip into the spare picture, each in a turn of its own. */
  const sharpen = (seen: Seen, afterMs: number) => {
    clearTimeout(timer);
    const begin = () => {
      sizeTo(spare, seen.pose, seen.pixelRatio);
      spare.scissorTest = true;
      const rows = Math.max(8, Math.floor(stripPixels / spare.width));
      let row = 0;
      const strip = () => {
        const sinceMs = performance.now() - preparedMs;
        if (sinceMs < yieldMs) {
          timer = setTimeout(strip, yieldMs - sinceMs);
          return;
        }
        spare.scissor.set(0, row, spare.width, rows);
        surface.setRich(true);
        draw(spare, seen, seen.pixelRatio);
        renderer.getContext().flush();
        row += rows;
        if (row < spare.height) {
          timer = setTimeout(strip, stripEveryMs);
          return;
        }
        [sharp, spare] = [spare, sharp];
        picture.value = sharp.texture;
        onChange();
      };
      strip();
    };
    timer = setTimeout(begin, afterMs);
  };

  return {
    object,
    scene,
    prepare(seen, isStale) {
      preparedMs = performance.now();
      const leap = drawn ? toDegrees(Math.acos(Math.min(1, dot(drawn.sun, seen.sun)))) : 180;
      if (isStale || leap > sunLeapDegrees || drawn?.pixelRatio !== seen.pixelRatio) {
        drawSmall(seen);
        sharpen(seen, restMs);
        drawn = seen;
      } else if (leap > 0) {
        drawn = seen;
        sharpen(seen, restMs);
      }
      // The rest of the frame is drawn in the window's own pixels.
      showPose(shared, seen.pose, seen.pixelRatio, seen.sun);
    },
    dispose() {
      clearTimeout(timer);
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
