import { AdditiveBlending, BufferAttribute, BufferGeometry, Points } from 'three';

import { normalized, type Vector } from './geodesy.ts';
import { createMaterial, type Layer, type Shared } from './layer.ts';

const count = 1500;
/** A third of the stars lie along a band, as ours do. */
const bandShare = 0.34;
const bandPole = normalized([0.35, -0.5, 0.79]);

const vertex = /* glsl */ `
in vec3 position;
in float brightness;
out float strength;
void main() {
  gl_Position = project(position);
  vec3 from = eye();
  float b = dot(from, position);
  // Nothing shines through the planet, and little through its air.
  float height = b < 0.0 ? sqrt(max(0.0, 1.0 + eyeBeyond - b * b)) - 1.0 : 1.0;
  strength = brightness * smoothstep(0.004, 0.05, height);
  gl_PointSize = max(1.0, (1.0 + brightness * 1.1) * pixelRatio);
  if (strength <= 0.0) gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
}`;

const fragment = /* glsl */ `
in float strength;
void main() {
  float r = length(gl_PointCoord - 0.5) * 2.0;
  float a = strength * (1.0 - smoothstep(0.2, 1.15, r)) * 0.85;
  colour = vec4(vec3(0.74, 0.82, 1.0) * a, a);
}`;

export function createStars(shared: Shared): Layer {
  let seed = 20_261_122;
  // The same sky every time: a Park–Miller generator.
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const positions = new Float32Array(count * 3);
  const brightness = new Float32Array(count);
  for (let index = 0; index < count; index++) {
    positions.set(index < count * bandShare ? inBand(random) : anywhere(random), index * 3);
    brightness[index] = 0.22 + 0.78 * random() ** 4;
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  geometry.setAttribute('brightness', new BufferAttribute(brightness, 1));
  const material = createMaterial(shared, { vertex, fragment });
  material.blending = AdditiveBlending;
  const object = new Points(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 1;
  return {
    object,
    dispose() {
      geometry.dispose();
      material.dispose();
    },
  };
}

function anywhere(random: () => number): Vector {
  const z = random() * 2 - 1;
  const angle = random() * 2 * Math.PI;
  const across = Math.sqrt(1 - z * z);
  return [across * Math.cos(angle), across * Math.sin(angle), z];
}

function inBand(random: () => number): Vector {
  const star = anywhere(random);
  const off = star[0] * bandPole[0] + star[1] * bandPole[1] + star[2] * bandPole[2];
  const kept = off * (1 - 0.82);
  return normalized([
    star[0] - bandPole[0] * (off - kept),
    star[1] - bandPole[1] * (off - kept),
    star[2] - bandPole[2] * (off - kept),
  ]);
}
