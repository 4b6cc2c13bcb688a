import { DoubleSide, GLSL3, Matrix3, RawShaderMaterial, Vector2, Vector3, type IUniform, type Object3D } from 'three';

import { toVector, type Vector } from './geodesy.ts';
import type { Palette } from './palette.ts';
import type { Pose } from './pose.ts';
import { subSolarPoint } from './sun.ts';

/** One draw of the scene. */
export interface Layer {
  object: Object3D;
  dispose: () => void;
}

/** What every shader knows, in one set of values that all materials share. */
export interface Shared {
  eyeHigh: IUniform<Vector3>;
  eyeLow: IUniform<Vector3>;
  /** World to screen axes. */
  axes: IUniform<Matrix3>;
  /** Device pixels, origin bottom left. */
  focal: IUniform<number>;
  centre: IUniform<Vector2>;
  resolution: IUniform<Vector2>;
  pixelRatio: IUniform<number>;
  eyeBeyond: IUniform<number>;
  sun: IUniform<Vector3>;
  zoom: IUniform<number>;
  /** Seconds since the globe began. */
  now: IUniform<number>;
  hasPulse: IUniform<number>;
}

export function createShared(): Shared {
  return {
    eyeHigh: { value: new Vector3() },
    eyeLow: { value: new Vector3() },
    axes: { value: new Matrix3() },
    focal: { value: 1 },
    centre: { value: new Vector2() },
    resolution: { value: new Vector2(1, 1) },
    pixelRatio: { value: 1 },
    eyeBeyond: { value: 1 },
    sun: { value: new Vector3(...toVector(subSolarPoint(0))) },
    zoom: { value: 0 },
    now: { value: 0 },
    hasPulse: { value: 1 },
  };
}

/** Metres count near the ground, and a float of the planet's size cannot tell them: positions go in two floats. */
export function split(value: number): [high: number, low: number] {
  const high = Math.fround(value);
  return [high, value - high];
}

export function showPose(shared: Shared, pose: Pose, pixelRatio: number, sun: Vector): void {
  const [x, y, z] = [split(pose.eye[0]), split(pose.eye[1]), split(pose.eye[2])];
  shared.eyeHigh.value.set(x[0], y[0], z[0]);
  shared.eyeLow.value.set(x[1], y[1], z[1]);
  shared.axes.value.set(...pose.right, ...pose.up, ...pose.back);
  shared.focal.value = pose.focal * pixelRatio;
  shared.centre.value.set(pose.centreX * pixelRatio, (pose.viewport.height - pose.centreY) * pixelRatio);
  shared.resolution.value.set(pose.viewport.width * pixelRatio, pose.viewport.height * pixelRatio);
  shared.pixelRatio.value = pixelRatio;
  shared.eyeBeyond.value = pose.eyeBeyond;
  shared.sun.value.set(...sun);
  shared.zoom.value = pose.view.zoom;
}

const head = /* glsl */ `
precision highp float;
uniform vec3 eyeHigh, eyeLow, sun;
uniform mat3 axes;
uniform float focal, pixelRatio, eyeBeyond, zoom, now, hasPulse;
uniform vec2 centre, resolution;

vec3 eye() { return eyeHigh + eyeLow; }
vec3 fromEye(vec3 high, vec3 low) { return (high - eyeHigh) + (low - eyeLow); }
vec4 project(vec3 away) {
  vec3 seen = axes * away;
  float depth = -seen.z;
  vec2 shift = 2.0 * centre / resolution - 1.0;
  return vec4(2.0 * focal * seen.xy / resolution + shift * depth, 0.0, depth);
}
/** 1 where the ground is turned to the eye, 0 at the planet's edge, less behind it. */
float facing(vec3 point, vec3 away) { return -dot(normalize(point), normalize(away)); }
`;

export function createMaterial(
  shared: Shared,
  shaders: { vertex: string; fragment: string },
  uniforms: Record<string, IUniform> = {},
  options: { isOpaque?: boolean } = {},
): RawShaderMaterial {
  return new RawShaderMaterial({
    glslVersion: GLSL3,
    uniforms: { ...shared, ...uniforms },
    vertexShader: head + shaders.vertex,
    fragmentShader: `${head}out vec4 colour;\n${shaders.fragment}`,
    side: DoubleSide,
    transparent: options.isOpaque !== true,
    depthTest: false,
    depthWrite: false,
    premultipliedAlpha: true,
  });
}

export const stateColours = (palette: Palette): IUniform<Vector3[]> => ({
  value: palette.states.map((colour) => new Vector3(...colour)),
});
