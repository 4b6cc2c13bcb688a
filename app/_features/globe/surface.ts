import {
  BufferAttribute,
  BufferGeometry,
  DataTexture,
  Mesh,
  RedFormat,
  RGBAFormat,
  Vector3,
  type ExternalTexture,
  type Texture,
  type WebGLRenderer,
} from 'three';

import { createMaterial, type Layer, type Shared } from './layer.ts';
import type { Palette } from './palette.ts';
import { deletePicture, uploadPicture } from './picture-texture.ts';
import { fetchPicture, type PictureName } from './planet-pictures.ts';
import { surfaceFragment, surfaceVertex } from './surface-shader.ts';

export interface Surface extends Layer {
  /** Shows textures of this width as soon as they are there; those that are there stay until then. */
  want: (width: number) => void;
  setRich: (isRich: boolean) => void;
  /** 0…1: the planet comes out of the dark when its first picture is there. */
  setShown: (shown: number) => void;
  readonly shownWidth: number;
  /** Resolves when the first picture is there, or will not come. */
  readonly pictured: Promise<void>;
}

const widths = [1024, 2048, 4096] as const;
type Pictures = Record<PictureName, ExternalTexture>;

/** The width that this zoom can show, no wider than allowed. A little blur is worth a quarter of the bytes. */
export function textureWidthFor(zoom: number, pixelRatio: number, widthMax: number): number {
  const texels = 512 * 2 ** zoom * pixelRatio * 0.6;
  const enough = widths.find((width) => width >= texels) ?? widths[widths.length - 1] ?? 4096;
  return Math.min(widthMax, enough);
}

export function createSurface(
  renderer: WebGLRenderer,
  shared: Shared,
  palette: Palette,
  options: { onChange: () => void; onError: (error: unknown) => void },
): Surface {
  const dark = { day: darkness([4, 8, 20, 255]), grey: darkness([0]) };
  const uniforms = {
    day: { value: dark.day as Texture },
    lights: { value: dark.grey as Texture },
    earth: { value: dark.grey as Texture },
    space: { value: new Vector3(...palette.ground.map((value) => value ** 2.2)) },
    isRich: { value: 1 },
    shown: { value: 0 },
  };
  const material = createMaterial(shared, { vertex: surfaceVertex, fragment: surfaceFragment }, uniforms, {
    isOpaque: true,
  });
  const geometry = new BufferGeometry();
  // One triangle that covers the window: no seam along a diagonal.
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([-1, -1, 3, -1, -1, 3]), 2));
  geometry.setDrawRange(0, 3);
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 0;

  let shownWidth = 0;
  let wantedWidth = 0;
  let pictures: Pictures | null = null;
  let abort = new AbortController();
  let tellFirst = () => {};
  const pictured = new Promise<void>((resolve) => {
    tellFirst = resolve;
  });

  const put = (next: Pictures | null, width: number) => {
    if (pictures) for (const texture of Object.values(pictures)) deletePicture(renderer, texture);
    pictures = next;
    uniforms.day.value = next?.day ?? dark.day;
    uniforms.lights.value = next?.lights ?? dark.grey;
    uniforms.earth.value = next?.ground ?? dark.grey;
    shownWidth = width;
  };

  const load = async (width: number, signal: AbortSignal) => {
    const one = async (name: PictureName) => {
      const bitmap = await fetchPicture(name, width, signal);
      try {
        return await uploadPicture(renderer, bitmap, name === 'day' ? 'colour' : 'grey', signal);
      } finally {
        bitmap.close();
      }
    };
    const settled = await Promise.allSettled([one('day'), one('lights'), one('ground')]);
    const [day, lights, ground] = settled.map((result) => (result.status === 'fulfilled' ? result.value : null));
    if (day && lights && ground && !signal.aborted) {
      put({ day, lights, ground }, width);
      options.onChange();
      return;
    }
    for (const texture of [day, lights, ground]) if (texture) deletePicture(renderer, texture);
    const failed = settled.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };

  const want = (width: number) => {
    if (width === wantedWidth) return;
    wantedWidth = width;
    abort.abort();
    if (width === shownWidth) return;
    abort = new AbortController();
    const { signal } = abort;
    load(width, signal)
      .catch((error: unknown) => {
        if (!signal.aborted) options.onError(error);
      })
      .finally(tellFirst);
  };

  return {
    object,
    get shownWidth() {
      return shownWidth;
    },
    pictured,
    want,
    setRich(isRich) {
      uniforms.isRich.value = isRich ? 1 : 0;
    },
    setShown(shown) {
      uniforms.shown.value = shown;
    },
    dispose() {
      abort.abort();
      put(null, 0);
      dark.day.dispose();
      dark.grey.dispose();
      geometry.dispose();
      material.dispose();
    },
  };
}

/** Sea by night, until the first pictures come. */
function darkness(texel: number[]): DataTexture {
  const texture = new DataTexture(new Uint8Array(texel), 1, 1, texel.length === 4 ? RGBAFormat : RedFormat);
  texture.needsUpdate = true;
  return texture;
}
