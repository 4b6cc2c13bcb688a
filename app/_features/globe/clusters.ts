import {
  BufferAttribute,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  Vector3,
} from 'three';

import { cameraStates, type CameraState } from '#server/contracts/camera-words.ts';
import type { EarthCluster } from '#server/contracts/earth.ts';

import { toVector } from './geodesy.ts';
import { createMaterial, split, stateColours, type Layer, type Shared } from './layer.ts';
import type { Palette } from './palette.ts';

export interface ClustersLayer extends Layer {
  set: (clusters: readonly EarthCluster[], nowSeconds: number) => void;
  readonly busyUntil: number;
}

/** The order of the shares around the ring, clockwise from the top: what is seen first. */
const ringOrder: readonly CameraState[] = ['live', 'delayed', 'still', 'demo', 'unchecked', 'offline', 'error'];

/** How far a cluster shines: where each pixel is dear, no farther than its soft edge. */
const glowPixels = 9;
const edgePixels = 1.5;

/** Radius in CSS pixels: grows by what the count says, not by what it is. */
export const clusterRadius = (count: number) => Math.min(30, 9.5 + 3.6 * Math.log10(count));

const vertex = /* glsl */ `
in vec2 corner;
in vec3 place, low;
/** Radius, when it came, which state is the most. */
in vec3 about;
in vec4 sharesA;
in vec3 sharesB;
uniform float reach;
out vec2 at;
flat out vec3 look;
flat out vec4 ringA;
flat out vec3 ringB;
void main() {
  vec3 away = fromEye(place, low);
  float turned = facing(place, away);
  float coming = smoothstep(0.0, 0.28, now - about.y);
  float radius = about.x * (0.75 + 0.25 * coming);
  float room = radius + reach;
  vec4 middle = project(away);
  at = corner * room;
  middle.xy += corner * room * pixelRatio * 2.0 / resolution * middle.w;
  look = vec3(radius, smoothstep(0.06, 0.34, turned) * coming, about.z);
  ringA = sharesA;
  ringB = sharesB;
  gl_Position = turned > 0.0 ? middle : vec4(2.0, 2.0, 0.0, 1.0);
}`;

const fragment = /* glsl */ `
in vec2 at;
flat in vec3 look;
flat in vec4 ringA;
flat in vec3 ringB;
uniform vec3 colours[7], space;
uniform float reach;
void main() {
  float soft = 0.6 / pixelRatio;
  float distance = length(at);
  float radius = look.x;
  float turn = fract(atan(at.x, at.y) / 6.28318530718);
  // Cumulative ends of the shares; the last one is 1.
  float ends[7] = float[7](ringA.x, ringA.y, ringA.z, ringA.w, ringB.x, ringB.y, ringB.z);
  int order[7] = int[7](0, 1, 2, 5, 4, 3, 6);
  vec3 tone = colours[order[6]];
  float gap = 1.0;
  float from = 0.0;
  for (int index = 0; index < 7; index++) {
    if (turn <= ends[index] && turn >= from && ends[index] > from) {
      tone = colours[order[index]];
      float share = ends[index] - from;
      float toEdge = min(turn - from, ends[index] - turn) * 6.2832 * radius;
      gap = share > 0.999 ? 1.0 : smoothstep(0.2, 1.1, toEdge);
      break;
    }
    from = max(from, ends[index]);
  }
  float line = 1.7;
  float ring = (1.0 - smoothstep(line * 0.5 - soft, line * 0.5 + soft, abs(distance - radius + line * 0.5))) * gap;
  float disc = 1.0 - smoothstep(radius - soft, radius + soft, distance);
  vec3 most = colours[int(look.z)];
  float glow = exp(-max(0.0, distance - radius) * 0.38) * (1.0 - disc) * 0.20 * (1.0 - smoothstep(radius + reach * 0.55, radius + reach, distance));
  vec3 core = mix(space, most, 0.10);
  float a = disc * 0.84;
  vec3 shade = core * a;
  shade = mix(shade, tone, ring);
  a = mix(a, 1.0, ring);
  colour = vec4(shade + most * glow, a + glow * 0.6) * look.y;
}`;

const floats = { place: 3, low: 3, about: 3, sharesA: 4, sharesB: 3 } as const;
const names = ['place', 'low', 'about', 'sharesA', 'sharesB'] as const;

export function createClusters(shared: Shared, palette: Palette, { hasGlow }: { hasGlow: boolean }): ClustersLayer {
  let current: readonly EarthCluster[] = [];
  let cameAt = new Map<number, number>();
  let busyUntil = 0;
  let capacity = 0;
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1]), 2));
  geometry.setIndex([0, 1, 2, 2, 1, 3]);
  const attributes = new Map<string, InstancedBufferAttribute>();
  const material = createMaterial(
    shared,
    { vertex, fragment },
    {
      colours: stateColours(palette),
      space: { value: new Vector3(...palette.ground) },
      reach: { value: hasGlow ? glowPixels : edgePixels },
    },
  );
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.visible = false;
  object.renderOrder = 5;

  const reserve = (count: number) => {
    if (count <= capacity) return;
    geometry.dispose();
    capacity = Math.ceil(count * 1.4) + 64;
    for (const name of names) {
      const attribute = new InstancedBufferAttribute(new Float32Array(capacity * floats[name]), floats[name]);
      attribute.setUsage(DynamicDrawUsage);
      attributes.set(name, attribute);
      geometry.setAttribute(name, attribute);
    }
  };

  return {
    object,
    get busyUntil() {
      return busyUntil;
    },
    set(clusters, nowSeconds) {
      if (clusters === current) return;
      current = clusters;
      reserve(clusters.length);
      const came = new Map<number, number>();
      for (const [index, cluster] of clusters.entries()) {
        const since = cameAt.get(cluster.id) ?? nowSeconds;
        if (since === nowSeconds) busyUntil = nowSeconds + 0.35;
        came.set(cluster.id, since);
        const parts = toVector(cluster).map(split);
        const write = (name: (typeof names)[number], values: number[]) =>
          attributes.get(name)?.array.set(values, index * floats[name]);
        write(
          'place',
          parts.map(([high]) => high),
        );
        write(
          'low',
          parts.map(([, low]) => low),
        );
        write('about', [clusterRadius(cluster.count), since, cameraStates.indexOf(mostOf(cluster))]);
        const ends = ringEnds(cluster);
        write('sharesA', ends.slice(0, 4));
        write('sharesB', ends.slice(4));
      }
      cameAt = came;
      for (const attribute of attributes.values()) {
        attribute.clearUpdateRanges();
        attribute.addUpdateRange(0, clusters.length * attribute.itemSize);
        attribute.needsUpdate = true;
      }
      geometry.instanceCount = clusters.length;
      object.visible = clusters.length > 0;
    },
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

function mostOf({ states }: EarthCluster): CameraState {
  return ringOrder.reduce((most, state) => ((states[state] ?? 0) > (states[most] ?? 0) ? state : most));
}

/** Where each state's share of the ring ends, 0…1. A state that is there is never too thin to be seen. */
export function ringEnds({ states }: EarthCluster): number[] {
  const total = ringOrder.reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const shares = ringOrder.map((state) => {
    const count = states[state] ?? 0;
    return count === 0 ? 0 : Math.max(0.04, count / Math.max(1, total));
  });
  const sum = shares.reduce((a, b) => a + b, 0) || 1;
  let end = 0;
  return shares.map((share) => Math.min(1, (end += share / sum)));
}
