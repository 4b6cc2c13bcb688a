import {
  BufferAttribute,
  BufferGeometry,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  Vector3,
} from 'three';

import { axesAt, toRadians, type Place } from './geodesy.ts';
import { createMaterial, split, type Layer, type Shared } from './layer.ts';
import type { Palette } from './palette.ts';
import type { Pose } from './pose.ts';

/** Where a camera looks: degrees clockwise from north, and how wide it sees. */
export interface Wedge extends Place {
  bearing: number;
  fieldOfView?: number;
}

export interface WedgeLayer extends Layer {
  set: (wedge: Wedge | null) => void;
  update: (pose: Pose) => void;
}

const steps = 24;
const wedgePixels = 84;
const fieldOfViewUsual = 56;

const wedgeVertex = /* glsl */ `
in vec2 spot;
uniform vec3 apexHigh, apexLow, east, north, zenith;
uniform float bearing, spread, reach;
out vec2 at;
out float seen;
void main() {
  float angle = bearing + spot.x * spread;
  float far = spot.y * reach;
  vec3 direction = north * cos(angle) + east * sin(angle);
  // On the ground, and exact: what is added to the apex is small.
  vec3 step_ = direction * sin(far) - zenith * (2.0 * pow(sin(far * 0.5), 2.0));
  vec3 away = fromEye(apexHigh, apexLow) + step_;
  at = spot;
  seen = smoothstep(0.0, 0.1, facing(apexHigh, fromEye(apexHigh, apexLow)));
  gl_Position = project(away);
}`;

const wedgeFragment = /* glsl */ `
in vec2 at;
in float seen;
uniform vec3 tone;
void main() {
  float fade = pow(1.0 - at.y, 1.25);
  float side = 1.0 - abs(at.x);
  float line = 1.0 - smoothstep(0.0, fwidth(side) * 1.4, side);
  float a = (0.40 * fade + line * 0.55 * fade) * smoothstep(0.0, 0.08, at.y) * seen;
  colour = vec4(tone * a, a);
}`;

/** The sector of ground that a camera looks at, of the same size on the screen at every zoom. */
export function createWedge(shared: Shared, palette: Palette): WedgeLayer {
  const spots: number[] = [];
  const faces: number[] = [];
  for (let step = 0; step <= steps; step++) {
    const across = (step / steps) * 2 - 1;
    spots.push(across, 0, across, 1);
    if (step < steps) faces.push(step * 2, step * 2 + 1, step * 2 + 3);
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('spot', new BufferAttribute(new Float32Array(spots), 2));
  geometry.setIndex(faces);
  const uniforms = {
    apexHigh: { value: new Vector3() },
    apexLow: { value: new Vector3() },
    east: { value: new Vector3() },
    north: { value: new Vector3() },
    zenith: { value: new Vector3() },
    bearing: { value: 0 },
    spread: { value: 0 },
    reach: { value: 0 },
    tone: { value: new Vector3(...palette.signal) },
  };
  const material = createMaterial(shared, { vertex: wedgeVertex, fragment: wedgeFragment }, uniforms);
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.visible = false;
  object.renderOrder = 3;
  return {
    object,
    set(wedge) {
      object.visible = wedge !== null;
      if (!wedge) return;
      const { east, north, up } = axesAt(wedge);
      setSplit(uniforms.apexHigh.value, uniforms.apexLow.value, up);
      uniforms.east.value.set(...east);
      uniforms.north.value.set(...north);
      uniforms.zenith.value.set(...up);
      uniforms.bearing.value = toRadians(wedge.bearing);
      uniforms.spread.value = toRadians(Math.min(170, Math.max(12, wedge.fieldOfView ?? fieldOfViewUsual)) / 2);
    },
    update(pose) {
      uniforms.reach.value = Math.min(0.6, (wedgePixels * pose.range) / pose.focal);
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

export interface Ring extends Place {
  /** Of what it surrounds, CSS pixels. */
  radius: number;
}
export interface RingsLayer extends Layer {
  set: (rings: { selected: Ring | null; hovered: Ring | null }) => void;
  /** 0…1 from its coming on. */
  setCome: (selected: number, hovered: number) => void;
}

const ringVertex = /* glsl */ `
in vec2 corner;
in vec3 place, low;
/** Radius, whether it is the selected one, how far it has come. */
in vec3 about;
out vec2 at;
flat out vec3 look;
void main() {
  vec3 away = fromEye(place, low);
  float turned = facing(place, away);
  float room = about.x + 12.0;
  vec4 middle = project(away);
  middle.xy += corner * room * pixelRatio * 2.0 / resolution * middle.w;
  at = corner * room;
  look = vec3(about.xy, about.z * smoothstep(0.0, 0.12, turned));
  gl_Position = turned > 0.0 && about.z > 0.0 ? middle : vec4(2.0, 2.0, 0.0, 1.0);
}`;

const ringFragment = /* glsl */ `
in vec2 at;
flat in vec3 look;
uniform vec3 signal, text;
void main() {
  bool isSelected = look.y > 0.5;
  float radius = look.x + 3.5 + 5.0 * (1.0 - look.z) * (isSelected ? 1.0 : 0.4);
  float half_ = isSelected ? 1.0 : 0.65;
  float soft = 0.6 / pixelRatio;
  float off = abs(length(at) - radius);
  float ring = 1.0 - smoothstep(half_ - soft, half_ + soft, off);
  float shade = (1.0 - smoothstep(half_, half_ + 2.2, off)) * 0.5;
  float glow = isSelected ? exp(-off * 0.5) * 0.22 : 0.0;
  vec3 tone = isSelected ? signal : text;
  colour = vec4(tone * (ring + glow), max(ring, shade)) * look.z;
}`;

/** Around what is selected and what is under the pointer. */
export function createRings(shared: Shared, palette: Palette): RingsLayer {
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), 2));
  geometry.setIndex([0, 1, 2, 2, 1, 3]);
  const [place, low, about] = [0, 1, 2].map(() => new InstancedBufferAttribute(new Float32Array(6), 3));
  if (place) geometry.setAttribute('place', place);
  if (low) geometry.setAttribute('low', low);
  if (about) geometry.setAttribute('about', about);
  geometry.instanceCount = 2;
  const material = createMaterial(
    shared,
    { vertex: ringVertex, fragment: ringFragment },
    { signal: { value: new Vector3(...palette.signal) }, text: { value: new Vector3(...palette.text) } },
  );
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 7;
  const [high, rest] = [new Vector3(), new Vector3()];
  const kept = [
    { radius: 0, is: false },
    { radius: 0, is: false },
  ];
  return {
    object,
    set({ selected, hovered }) {
      for (const [index, ring] of [selected, hovered].entries()) {
        const slot = kept[index];
        if (slot) slot.is = ring !== null;
        if (!ring || !slot) continue;
        slot.radius = ring.radius;
        setSplit(high, rest, axesAt(ring).up);
        place?.setXYZ(index, high.x, high.y, high.z);
        low?.setXYZ(index, rest.x, rest.y, rest.z);
      }
      object.visible = selected !== null || hovered !== null;
      for (const attribute of [place, low]) if (attribute) attribute.needsUpdate = true;
    },
    setCome(selected, hovered) {
      for (const [index, come] of [selected, hovered].entries())
        about?.setXYZ(index, kept[index]?.radius ?? 0, index === 0 ? 1 : 0, kept[index]?.is ? come : 0);
      if (about) about.needsUpdate = true;
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

function setSplit(high: Vector3, low: Vector3, [x, y, z]: readonly [number, number, number]): void {
  const parts = [split(x), split(y), split(z)] as const;
  high.set(parts[0][0], parts[1][0], parts[2][0]);
  low.set(parts[0][1], parts[1][1], parts[2][1]);
}
