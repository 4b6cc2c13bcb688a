import { BufferAttribute, DynamicDrawUsage, InstancedBufferAttribute, InstancedBufferGeometry, Mesh } from 'three';

import type { EarthCluster } from '#server/contracts/earth.ts';

import type { Cover } from '../../_lib/earth-surface.ts';
import { clusterRadius } from './clusters.ts';
import { dot, toVector, type Vector } from './geodesy.ts';
import { arrangeLabels, clearOfEachOther, type LabelSpot } from './label-layout.ts';
import {
  facing,
  labelsMax,
  labelsThatSuit,
  liesOnPlanet,
  offsetsOf,
  strengthOf,
  type GlobeLabel,
} from './label-place.ts';
import { createMaterial, split, type Layer, type Shared } from './layer.ts';
import type { Palette, Rgb } from './palette.ts';
import { screenOf, type Pose } from './pose.ts';
import { createTextAtlas, type TextBox, type TextStyle } from './text-atlas.ts';

export interface Words extends Layer {
  /** No name is written on `covers`. */
  set: (
    labels: readonly GlobeLabel[],
    clusters: readonly EarthCluster[],
    covers: readonly Cover[],
    format: (count: number) => string,
  ) => void;
  /** Chooses what fits and fades the rest. True while something is still fading or loading. */
  update: (pose: Pose, pixelRatio: number, elapsedMs: number, isCut: boolean) => boolean;
  /** Before the first frame. */
  prepare: () => void;
}

const countriesMax = 40;
const runsMax = 1400;
const fadeMs = 180;
const countFacingMin = 0.16;
const countDigitWidth = 6.8;
const countHeight = 12;
/** Per run: place, low, offset and size, place in the atlas, colour. */
const floats = { place: 3, low: 3, box: 4, cell: 4, tint: 4 } as const;
type Name = keyof typeof floats;

const vertex = /* glsl */ `
in vec2 corner;
in vec3 place, low;
in vec4 box, cell, tint;
out vec2 uv;
flat out vec4 ink;
void main() {
  vec3 away = fromEye(place, low);
  float turned = facing(place, away);
  vec4 anchor = project(away);
  vec2 pixel = (anchor.xy / anchor.w * 0.5 + 0.5) * resolution;
  // Letters sit on whole pixels, or they blur.
  pixel = floor(pixel + vec2(box.x, -box.y - box.w) * pixelRatio + 0.5) + corner * floor(box.zw * pixelRatio + 0.5);
  uv = cell.xy + vec2(corner.x, 1.0 - corner.y) * cell.zw;
  ink = tint * vec4(1.0, 1.0, 1.0, smoothstep(0.06, 0.26, turned));
  gl_Position = turned > 0.0 && anchor.w > 0.0 ? vec4(pixel / resolution * 2.0 - 1.0, 0.0, 1.0) : vec4(2.0, 2.0, 0.0, 1.0);
}`;

const fragment = /* glsl */ `
in vec2 uv;
flat in vec4 ink;
uniform sampler2D atlas;
void main() {
  vec2 seen = texture(atlas, uv).rg;
  float shade = seen.g * 0.62;
  colour = vec4(ink.rgb * seen.r, max(seen.r, shade)) * ink.a;
}`;

interface Run {
  place: Vector;
  box: TextBox;
  offsetX: number;
  offsetY: number;
  tint: Rgb;
  alpha: number;
}

export function createWords(shared: Shared, palette: Palette, element: Element, onReady: () => void): Words {
  const style = getComputedStyle(element);
  const sans = style.getPropertyValue('--font-sans').trim() || 'sans-serif';
  const mono = style.getPropertyValue('--font-mono').trim() || 'monospace';
  const styles = {
    city: { font: (scale) => `450 ${String(12 * scale)}px ${sans}`, letterSpacing: 0.1 },
    country: { font: (scale) => `500 ${String(11 * scale)}px ${sans}`, letterSpacing: 1.2 },
    count: { font: (scale) => `500 ${String(11 * scale)}px ${mono}`, letterSpacing: -0.2 },
  } satisfies Record<string, TextStyle>;
  const atlas = createTextAtlas(onReady);
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([0, 0, 1, 0, 0, 1, 1, 1]), 2));
  geometry.setIndex([0, 1, 2, 2, 1, 3]);
  const attributes: Record<Name, InstancedBufferAttribute> = {
    place: instanced(3),
    low: instanced(3),
    box: instanced(4),
    cell: instanced(4),
    tint: instanced(4),
  };
  for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute);
  geometry.instanceCount = 0;
  const material = createMaterial(shared, { vertex, fragment }, { atlas: { value: atlas.texture } });
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 6;

  let labels: { label: GlobeLabel; place: Vector }[] = [];
  let counts: { place: Vector; text: string; radius: number }[] = [];
  let covers: readonly Cover[] = [];
  let given: { labels: readonly GlobeLabel[]; clusters: readonly EarthCluster[] } | null = null;
  const shown = new Map<string | number, { alpha: number; corner: number }>();

  /** At the planet's edge and where clusters crowd, the largest say how many they are. */
  const readableCounts = (pose: Pose) =>
    clearOfEachOther(
      counts.flatMap(({ place, text }) => {
        const at = dot(place, pose.eye) < 1 || facing(pose, place) < countFacingMin ? null : screenOf(pose, place);
        const width = text.length * countDigitWidth;
        return at ? [{ place, text, x: at.x - width / 2, y: at.y - countHeight / 2, width, height: countHeight }] : [];
      }),
      covers,
    );

  const chosenLabels = (pose: Pose): Map<string | number, number> => {
    const spots: Record<GlobeLabel['kind'], LabelSpot[]> = { city: [], country: [] };
    const clusters = counts.flatMap(({ place, radius }) => {
      const at = screenOf(pose, place);
      return at ? [{ x: at.x - radius, y: at.y - radius, width: radius * 2, height: radius * 2 }] : [];
    });
    const blocked = [...covers, ...clusters];
    for (const { label, place } of labels) {
      if (strengthOf(label, pose) === 0) continue;
      const at = screenOf(pose, place);
      // At the planet's edge places stand too close for names.
      if (!at || facing(pose, place) < 0.32) continue;
      if (at.x < 0 || at.y < 0 || at.x > pose.viewport.width || at.y > pose.viewport.height) continue;
      const box = atlas.box(label.text, styles[label.kind]);
      if (!box || (label.kind === 'country' && !liesOnPlanet(pose, at, box.width))) continue;
      spots[label.kind].push({
        id: label.id,
        corners: offsetsOf(label, box).map(({ x, y }) => ({ x: at.x + x, y: at.y + y })),
        width: box.width,
        height: box.height - 6,
        rank: label.rank,
        standing: shown.get(label.id)?.corner ?? null,
      });
    }
    const max = labelsThatSuit(pose);
    const countries = arrangeLabels(spots.country, blocked, Math.min(countriesMax, Math.ceil(max / 2)));
    const named = spots.country.flatMap(({ id, corners, width, height }) => {
      const corner = corners[countries.get(id) ?? -1];
      return corner ? [{ ...corner, width, height }] : [];
    });
    const cities = arrangeLabels(spots.city, [...blocked, ...named], max - countries.size);
    return new Map([...countries, ...cities]);
  };

  return {
    object,
    set(nextLabels, clusters, nextCovers, format) {
      covers = nextCovers;
      if (given?.labels !== nextLabels)
        labels = nextLabels
          .toSorted((a, b) => a.rank - b.rank)
          .slice(0, 400)
          .map((label) => ({ label, place: toVector(label) }));
      if (given?.clusters !== clusters)
        counts = clusters
          .toSorted((a, b) => b.count - a.count)
          .map((cluster) => ({
            place: toVector(cluster),
            text: format(cluster.count),
            radius: clusterRadius(cluster.count),
          }));
      given = { labels: nextLabels, clusters };
    },
    update(pose, pixelRatio, elapsedMs, isCut) {
      atlas.beginFrame(pixelRatio);
      const { generation } = atlas;
      const runs: Run[] = [];
      for (const { place, text } of readableCounts(pose)) {
        if (runs.length >= runsMax - labelsMax * 2) break;
        const box = atlas.box(text, styles.count);
        if (box)
          runs.push({ place, box, offsetX: -box.width / 2, offsetY: -box.height / 2, tint: palette.text, alpha: 0.95 });
      }
      const chosen = chosenLabels(pose);
      let isFading = false;
      for (const { label, place } of labels) {
        const wanted = chosen.has(label.id) ? 1 : 0;
        const { alpha: before, corner: stood } = shown.get(label.id) ?? { alpha: 0, corner: 0 };
        const corner = chosen.get(label.id) ?? stood;
        const step = isCut ? 1 : elapsedMs / fadeMs;
        const alpha = wanted === 1 ? Math.min(1, before + step) : Math.max(0, before - step);
        if (alpha > 0) shown.set(label.id, { alpha, corner });
        else shown.delete(label.id);
        if (alpha !== wanted) isFading = true;
        if (alpha <= 0 || runs.length >= runsMax) continue;
        const box = atlas.box(label.text, styles[label.kind]);
        if (!box) continue;
        const { x, y } = offsetsOf(label, box)[corner] ?? { x: 0, y: 0 };
        const isCountry = label.kind === 'country';
        runs.push({
          place,
          box,
          offsetX: x,
          offsetY: y,
          tint: isCountry ? palette.quiet : palette.text,
          alpha: alpha * (isCountry ? 0.72 * strengthOf(label, pose) : 0.62),
        });
      }
      // The atlas was full and began anew: this frame's first boxes point into the old one.
      if (atlas.generation !== generation) return true;
      write(runs);
      return isFading || atlas.isWaiting;
    },
    prepare() {
      atlas.prepare();
    },
    dispose() {
      atlas.dispose();
      geometry.dispose();
      material.dispose();
    },
  };

  function write(runs: readonly Run[]): void {
    for (const [index, { place, box, offsetX, offsetY, tint, alpha }] of runs.entries()) {
      const parts = place.map(split);
      put(
        'place',
        index,
        parts.map(([high]) => high),
      );
      put(
        'low',
        index,
        parts.map(([, low]) => low),
      );
      put('box', index, [offsetX, offsetY, box.width, box.height]);
      put('cell', index, [box.u, box.v, box.uWidth, box.vHeight]);
      put('tint', index, [...tint, alpha]);
    }
    for (const attribute of Object.values(attributes)) {
      attribute.clearUpdateRanges();
      attribute.addUpdateRange(0, runs.length * attribute.itemSize);
      attribute.needsUpdate = true;
    }
    geometry.instanceCount = runs.length;
    object.visible = runs.length > 0;
  }

  function put(name: Name, index: number, values: readonly number[]): void {
    attributes[name].array.set(values, index * floats[name]);
  }
}

function instanced(size: number): InstancedBufferAttribute {
  const attribute = new InstancedBufferAttribute(new Float32Array(runsMax * size), size);
  attribute.setUsage(DynamicDrawUsage);
  return attribute;
}
