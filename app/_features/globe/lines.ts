import {
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  BufferAttribute,
  DynamicDrawUsage,
  Mesh,
} from 'three';

import { dot, toVector, type Vector } from './geodesy.ts';
import { createMaterial, type Layer, type Shared } from './layer.ts';
import { decodeLines, type GeoLine } from './line-file.ts';
import { boundsOf, type Pose } from './pose.ts';

export interface Lines extends Layer {
  /** Takes the lines that this view wants; call when the view has changed noticeably. */
  update: (pose: Pose) => void;
}

/** Six floats of two ends and the kind. */
const stride = 7;
/** Lines are kept and drawn by parcels of about this many degrees: what is behind the planet is not drawn. */
const parcelDegrees = 15;
const tileDegrees = 15;
/** Of a tile all segments are one parcel. */
const wholeTile = 1000;
const tilesKeptMax = 60;
const sliceMs = 8;
const segmentsMax = 120_000;

const vertex = /* glsl */ `
in vec2 corner;
in vec3 start, end;
in float kind;
uniform float strength;
out float across, alpha;
void main() {
  vec3 a = fromEye(start, vec3(0.0)), b = fromEye(end, vec3(0.0));
  vec4 from = project(a), to = project(b);
  vec2 along = (to.xy / to.w - from.xy / from.w) * resolution;
  float size = length(along);
  vec2 side = size > 1e-4 ? vec2(-along.y, along.x) / size : vec2(0.0, 1.0);
  // Half a pixel more on every side for the soft edge.
  float half_ = 0.5 * pixelRatio * (kind < 0.5 ? 0.95 : 0.75) + 0.7;
  bool isEnd = corner.x > 0.5;
  vec4 here = isEnd ? to : from;
  vec3 point = isEnd ? end : start;
  float turned = facing(point, isEnd ? b : a);
  alpha = strength * (kind < 0.5 ? 1.0 : 0.52) * smoothstep(0.0, 0.22, turned);
  across = corner.y * half_;
  here.xy += (side * corner.y * half_) * 2.0 / resolution * here.w;
  bool isHidden = from.w <= 0.0 || to.w <= 0.0 || facing(start, a) < 0.0 || facing(end, b) < 0.0;
  gl_Position = isHidden ? vec4(2.0, 2.0, 0.0, 1.0) : here;
}`;

const fragment = /* glsl */ `
in float across, alpha;
void main() {
  float half_ = 0.5 * pixelRatio * 0.9;
  float a = alpha * (1.0 - smoothstep(half_ - 0.55, half_ + 0.65, abs(across)));
  colour = vec4(vec3(0.55, 0.66, 0.84) * a, a);
}`;

interface Parcel {
  centre: Vector;
  floats: Float32Array;
}

export function createLines(
  shared: Shared,
  options: { baseUrl: string; onChange: () => void; onError: (error: unknown) => void },
): Lines {
  const abort = new AbortController();
  const sets: Partial<Record<'110m' | '50m', Parcel[]>> = {};
  const asked = new Set<string>();
  /** The least recently seen tile first. */
  const tiles = new Map<string, Parcel>();
  const strength = { value: 0.3 };

  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('corner', new BufferAttribute(new Float32Array([0, -1, 1, -1, 0, 1, 1, 1]), 2));
  geometry.setIndex([0, 1, 2, 2, 1, 3]);
  let buffer = bufferOf(12_000);
  const attach = () => {
    geometry.setAttribute('start', new InterleavedBufferAttribute(buffer, 3, 0));
    geometry.setAttribute('end', new InterleavedBufferAttribute(buffer, 3, 3));
    geometry.setAttribute('kind', new InterleavedBufferAttribute(buffer, 1, 6));
  };
  attach();
  geometry.instanceCount = 0;
  const material = createMaterial(shared, { vertex, fragment }, { strength });
  const object = new Mesh(geometry, material);
  object.frustumCulled = false;
  object.renderOrder = 2;

  const ask = (name: string, degrees: number, take: (parcels: Parcel[]) => void) => {
    if (asked.has(name)) return;
    asked.add(name);
    const fetchThem = async () => {
      try {
        const lines = await fetchLines(`${options.baseUrl}/${name}.bin`, abort.signal);
        take(await parcelsOf(lines, degrees));
        options.onChange();
      } catch (error) {
        if (!abort.signal.aborted) options.onError(error);
      }
    };
    void fetchThem();
  };

  const parcelsFor = (pose: Pose): Parcel[] => {
    const { zoom } = pose.view;
    ask('lines-110m', parcelDegrees, (parcels) => (sets['110m'] = parcels));
    if (zoom > 2.8) ask('lines-50m', parcelDegrees, (parcels) => (sets['50m'] = parcels));
    const coarse = (zoom > 3.1 ? sets['50m'] : undefined) ?? sets['110m'] ?? [];
    return zoom > 6.4 ? withTiles(pose, coarse) : coarse;
  };

  /** Near the ground finer tiles, where all that are seen are there. */
  const withTiles = (pose: Pose, coarse: Parcel[]): Parcel[] => {
    const names = tileNames(pose);
    for (const name of names)
      ask(`lines-10m/${name}`, wholeTile, ([parcel]) => {
        tiles.set(name, parcel ?? { centre: pose.target, floats: new Float32Array() });
        for (const old of [...tiles.keys()].slice(0, Math.max(0, tiles.size - tilesKeptMax))) {
          tiles.delete(old);
          asked.delete(`lines-10m/${old}`);
        }
      });
    const seen: Parcel[] = [];
    for (const name of names) {
      const tile = tiles.get(name);
      if (!tile) return coarse;
      tiles.delete(name);
      tiles.set(name, tile);
      seen.push(tile);
    }
    return seen;
  };

  return {
    object,
    update(pose) {
      strength.value = 0.3 + 0.16 * Math.min(1, Math.max(0, (pose.view.zoom - 3) / 5));
      const reach = horizonReach(pose);
      const seen = parcelsFor(pose).filter(({ centre }) => dot(centre, pose.target) > reach);
      let count = 0;
      for (const { floats } of seen) count += floats.length / stride;
      count = Math.min(count, segmentsMax);
      if (count > buffer.count) {
        buffer = bufferOf(Math.min(segmentsMax, Math.ceil(count * 1.4)));
        geometry.dispose();
        attach();
      }
      let at = 0;
      for (const { floats } of seen) {
        if (at + floats.length > buffer.array.length) break;
        buffer.array.set(floats, at);
        at += floats.length;
      }
      buffer.clearUpdateRanges();
      buffer.addUpdateRange(0, at);
      buffer.needsUpdate = true;
      geometry.instanceCount = at / stride;
    },
    dispose() {
      abort.abort();
      geometry.dispose();
      material.dispose();
    },
  };
}

function bufferOf(segments: number): InstancedInterleavedBuffer {
  const buffer = new InstancedInterleavedBuffer(new Float32Array(segments * stride), stride);
  buffer.setUsage(DynamicDrawUsage);
  return buffer;
}

async function fetchLines(url: string, signal: AbortSignal): Promise<GeoLine[]> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]) });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return decodeLines(await response.arrayBuffer());
}

/** Segments by where they are. Many thousand of them: the page has its turn in between. */
async function parcelsOf(lines: readonly GeoLine[], degrees: number): Promise<Parcel[]> {
  const groups = new Map<number, number[]>();
  let turnMs = performance.now();
  for (const { kind, points } of lines) {
    if (performance.now() - turnMs > sliceMs) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      turnMs = performance.now();
    }
    let last: Vector | null = null;
    for (let index = 0; index + 1 < points.length; index += 2) {
      const [longitude = 0, latitude = 0] = [points[index], points[index + 1]];
      const point = toVector({ latitude, longitude });
      if (last) {
        const key = Math.floor(longitude / degrees) * 1000 + Math.floor(latitude / degrees);
        let group = groups.get(key);
        if (!group) groups.set(key, (group = []));
        group.push(last[0], last[1], last[2], point[0], point[1], point[2], kind === 'coast' ? 0 : 1);
      }
      last = point;
    }
  }
  return [...groups.values()].map((group) => ({
    centre: [group[0] ?? 1, group[1] ?? 0, group[2] ?? 0],
    floats: Float32Array.from(group),
  }));
}

/** Cosine of how far from the target a parcel can begin and still be seen. */
function horizonReach(pose: Pose): number {
  const horizon = Math.acos(1 / Math.sqrt(1 + pose.eyeBeyond));
  const window = Math.hypot(pose.viewport.width, pose.viewport.height) / pose.focal;
  // Tilted, the eye sees as far as the horizon, measured from the ground below it.
  const ahead = pose.view.tilt > 0 ? horizon * 2 : pose.range * window * 1.2;
  return Math.cos(Math.min(Math.PI, Math.min(horizon * 2, ahead) + (parcelDegrees * 1.6 * Math.PI) / 180));
}

function tileNames(pose: Pose): string[] {
  const [west, south, east, north] = boundsOf(pose);
  const columns = 360 / tileDegrees;
  const first = Math.floor((west + 180) / tileDegrees);
  const last = Math.floor(((west > east ? east + 360 : east) + 180) / tileDegrees);
  const names: string[] = [];
  for (let row = Math.floor((south + 90) / tileDegrees); row <= Math.floor((north + 90) / tileDegrees); row++)
    for (let column = first; column <= last; column++)
      names.push(`${String(column % columns)}-${String(Math.min(180 / tileDegrees - 1, row))}`);
  return [...new Set(names)];
}
