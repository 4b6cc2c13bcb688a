import { cameraStates, type CameraState } from '#server/contracts/camera.ts';
import type { GeoBounds, StateCounts } from '#server/contracts/earth.ts';

import type { MapTree } from './map-tree.ts';

const stateCount = cameraStates.length;
/** State of a camera that has gone since the tree was built: counted nowhere. */
export const gone = stateCount;

const codes = new Map<CameraState, number>(cameraStates.map((state, code) => [state, code]));
export const stateCode = (state: CameraState): number => codes.get(state) ?? gone;
export const stateOf = (code: number): CameraState => cameraStates[code] ?? 'unchecked';

/** How many cameras of each state are below each cluster, of those that a filter lets through. */
export interface Tally {
  /** The state of each camera. */
  states: Uint8Array;
  /** 1 for each camera that counts; null: all do. */
  mask: Uint8Array | null;
  /** `counts[(node - cameras) * states + state]`, the root's at the end: the whole planet. */
  counts: Int32Array;
}

/** What stands in a view, as numbers of nodes. */
export interface Standing {
  cameras: number[];
  clusters: number[];
}

interface ViewQuery {
  bounds: GeoBounds;
  zoom: number;
  /** Bit n: state n is wanted. */
  wanted: number;
  itemsMax: number;
}

export const allStates = (1 << stateCount) - 1;
export const wantedStates = (states: readonly CameraState[] | undefined): number =>
  states ? states.reduce((bits, state) => bits | (1 << stateCode(state)), 0) : allStates;

export function tallyOf(tree: MapTree, states: Uint8Array, mask: Uint8Array | null): Tally {
  const { cameras, root, parent } = tree;
  const counts = new Int32Array((root + 1 - cameras) * stateCount);
  for (let camera = 0; camera < cameras; camera += 1) {
    const state = states[camera] ?? gone;
    if (state === gone || (mask && mask[camera] === 0)) continue;
    const at = ((parent[camera] ?? root) - cameras) * stateCount + state;
    counts[at] = (counts[at] ?? 0) + 1;
  }
  // Clusters come after their parents: from the last to the first every one is complete when it is added.
  for (let cluster = root - 1; cluster >= cameras; cluster -= 1) {
    const from = (cluster - cameras) * stateCount;
    const to = ((parent[cluster] ?? root) - cameras) * stateCount;
    for (let state = 0; state < stateCount; state += 1)
      counts[to + state] = (counts[to + state] ?? 0) + (counts[from + state] ?? 0);
  }
  return { states, mask, counts };
}

/** One walk up the tree: as many steps as there are zooms, at most. Called before the camera's state is changed in `states`. */
export function moveState(tree: MapTree, tally: Tally, { camera, to }: { camera: number; to: number }): void {
  const { states, mask, counts } = tally;
  if (mask && mask[camera] === 0) return;
  const from = states[camera] ?? gone;
  for (let node = tree.parent[camera] ?? -1; node >= 0; node = tree.parent[node] ?? -1) {
    const base = (node - tree.cameras) * stateCount;
    if (from !== gone) counts[base + from] = (counts[base + from] ?? 0) - 1;
    if (to !== gone) counts[base + to] = (counts[base + to] ?? 0) + 1;
  }
}

/** The cameras and clusters in the bounds; from farther away where there would be too many. */
export function queryMap(tree: MapTree, tally: Tally, query: ViewQuery): Standing {
  const found = collect(tree, tally, query);
  if (found) return found;
  // Fewer things stand at each zoom farther out; the nearest that fits is found by halving.
  let [near, far] = [query.zoom, -1];
  let best: Standing = { cameras: [], clusters: [] };
  while (near - far > 1) {
    const zoom = (near + far) >> 1;
    const fewer = collect(tree, tally, { ...query, zoom });
    if (fewer) [far, best] = [zoom, fewer];
    else near = zoom;
  }
  return best;
}

/** Null: there are more than `itemsMax`. */
function collect(tree: MapTree, tally: Tally, { bounds, zoom, wanted, itemsMax }: ViewQuery): Standing | null {
  const cameras: number[] = [];
  const clusters: number[] = [];
  const stack = [tree.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const count = countWanted(tree, tally, node, wanted);
    if (count === 0 || !touches(tree, node, bounds)) continue;
    if (node < tree.cameras) cameras.push(node);
    else if (count > 1 && (tree.zoom[node] ?? 0) >= zoom) {
      if (contains(bounds, tree.longitude[node] ?? 0, tree.latitude[node] ?? 0)) clusters.push(node);
    } else
      for (let at = tree.firstChild[node] ?? 0; at < (tree.firstChild[node + 1] ?? 0); at += 1)
        stack.push(tree.child[at] ?? 0);
    if (cameras.length + clusters.length > itemsMax) return null;
  }
  return { cameras, clusters };
}

export function countWanted(tree: MapTree, { states, mask, counts }: Tally, node: number, wanted: number): number {
  if (node < tree.cameras) return mask && mask[node] === 0 ? 0 : (wanted >> (states[node] ?? gone)) & 1;
  const base = (node - tree.cameras) * stateCount;
  let count = 0;
  for (let state = 0; state < stateCount; state += 1) if (wanted & (1 << state)) count += counts[base + state] ?? 0;
  return count;
}

/** Of a cluster, or of the root. */
export function countsOf(tree: MapTree, { counts }: Tally, cluster: number, wanted: number): StateCounts {
  const base = (cluster - tree.cameras) * stateCount;
  const found: StateCounts = {};
  for (const [state, name] of cameraStates.entries()) {
    const count = counts[base + state] ?? 0;
    if (wanted & (1 << state) && count > 0) found[name] = count;
  }
  return found;
}

/** The zoom at which a cluster is no longer one thing: below it may be but one that has any of the wanted. */
export function expansionZoom(tree: MapTree, tally: Tally, cluster: number, wanted: number): number {
  let node = cluster;
  for (;;) {
    let only = -1;
    let several = false;
    for (let at = tree.firstChild[node] ?? 0; at < (tree.firstChild[node + 1] ?? 0); at += 1) {
      const below = tree.child[at] ?? 0;
      if (countWanted(tree, tally, below, wanted) === 0) continue;
      several = only >= 0;
      only = below;
      if (several) break;
    }
    if (several || only < tree.cameras) return (tree.zoom[node] ?? 0) + 1;
    node = only;
  }
}

export function contains([west, south, east, north]: GeoBounds, longitude: number, latitude: number): boolean {
  if (latitude < south || latitude > north) return false;
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
}

function touches({ box }: MapTree, node: number, [west, south, east, north]: GeoBounds): boolean {
  const [boxWest = 0, boxSouth = 0, boxEast = 0, boxNorth = 0] = [
    box[4 * node],
    box[4 * node + 1],
    box[4 * node + 2],
    box[4 * node + 3],
  ];
  if (boxNorth < south || boxSouth > north) return false;
  return west <= east ? boxEast >= west && boxWest <= east : boxEast >= west || boxWest <= east;
}
