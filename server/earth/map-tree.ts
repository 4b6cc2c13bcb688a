import KDBush from 'kdbush';
import Supercluster, { type ClusterFeature, type PointFeature } from 'supercluster';

/** Clusters nearer than this on the screen are one, in CSS pixels at `tilePixels · 2^zoom` for the equator. */
const radiusPixels = 40;
const tilePixels = 512;
/** From the next zoom on every camera stands alone. */
export const clusterZoomMax = 17;

/** Where cameras are, in the order that makes their number. */
export interface Positions {
  longitude: Float64Array;
  latitude: Float64Array;
}

/**
 * How cameras fall together as one looks from farther away: cameras are nodes 0 … cameras − 1, then clusters, each after its parent, and `root`
 * above all. Plain arrays, so that a worker can hand it over without copying.
 */
export interface MapTree {
  cameras: number;
  root: number;
  /** Of the root: −1. */
  parent: Int32Array<ArrayBuffer>;
  /** The nearest zoom at which the node is still one thing. */
  zoom: Int8Array<ArrayBuffer>;
  longitude: Float64Array<ArrayBuffer>;
  latitude: Float64Array<ArrayBuffer>;
  /** The children of node n: `child[firstChild[n]]` up to before `child[firstChild[n + 1]]`. */
  firstChild: Int32Array<ArrayBuffer>;
  child: Int32Array<ArrayBuffer>;
  /** West, south, east, north of all that is below each node. */
  box: Float64Array<ArrayBuffer>;
  /** Positions as kdbush keeps them, for the nearest neighbours. */
  kd: ArrayBuffer;
}

interface OneCamera {
  camera: number;
}
type Thing = ClusterFeature<OneCamera> | PointFeature<OneCamera>;

/** Positions alone decide: clusters stand still while the states of their cameras change. */
export function buildMapTree(positions: Positions): MapTree {
  const cameras = positions.longitude.length;
  const clusters = new Supercluster<OneCamera, OneCamera>({
    radius: radiusPixels,
    extent: tilePixels,
    maxZoom: clusterZoomMax,
  }).load(featuresOf(positions));
  const parents = Array.from({ length: cameras }, () => -1);
  const zooms = Array.from({ length: cameras }, () => clusterZoomMax + 1);
  const centres: number[] = [];

  // Number of a thing that is no child of any yet; the root's is not known before the last cluster has its own.
  const add = (thing: Thing, parent: number): void => {
    if ('camera' in thing.properties && !('cluster_id' in thing.properties)) {
      parents[thing.properties.camera] = parent;
      return;
    }
    if (!('cluster_id' in thing.properties)) return;
    const id = thing.properties.cluster_id;
    const node = parents.push(parent) - 1;
    zooms.push(clusters.getClusterExpansionZoom(id) - 1);
    centres.push(thing.geometry.coordinates[0] ?? 0, thing.geometry.coordinates[1] ?? 0);
    for (const child of clusters.getChildren(id)) add(child, node);
  };
  for (const thing of clusters.getClusters([-180, -90, 180, 90], 0)) add(thing, -1);

  const root = parents.length;
  const parent = Int32Array.from([...parents.map((above) => (above === -1 ? root : above)), -1]);
  const longitude = new Float64Array(root + 1);
  const latitude = new Float64Array(root + 1);
  longitude.set(positions.longitude);
  latitude.set(positions.latitude);
  for (let node = cameras; node < root; node += 1) {
    longitude[node] = centres[2 * (node - cameras)] ?? 0;
    latitude[node] = centres[2 * (node - cameras) + 1] ?? 0;
  }
  return {
    cameras,
    root,
    parent,
    zoom: Int8Array.from([...zooms, -1]),
    longitude,
    latitude,
    ...childrenOf(parent),
    box: boxesOf({ cameras, parent, longitude, latitude }),
    kd: kdOf(positions),
  };
}

/** What a worker hands over instead of copying it. */
export function buffersOf(tree: MapTree): ArrayBuffer[] {
  const { parent, zoom, longitude, latitude, firstChild, child, box, kd } = tree;
  return [...[parent, zoom, longitude, latitude, firstChild, child, box].map((part) => part.buffer), kd];
}

function featuresOf({ longitude, latitude }: Positions): PointFeature<OneCamera>[] {
  return Array.from(longitude, (east, camera) => ({
    type: 'Feature' as const,
    properties: { camera },
    geometry: { type: 'Point' as const, coordinates: [east, latitude[camera] ?? 0] },
  }));
}

function childrenOf(parent: Int32Array): Pick<MapTree, 'firstChild' | 'child'> {
  const firstChild = new Int32Array(parent.length + 1);
  for (const above of parent) if (above >= 0) firstChild[above + 1] = (firstChild[above + 1] ?? 0) + 1;
  for (let node = 1; node < firstChild.length; node += 1)
    firstChild[node] = (firstChild[node] ?? 0) + (firstChild[node - 1] ?? 0);
  const next = firstChild.slice();
  const child = new Int32Array(parent.length - 1);
  for (const [node, above] of parent.entries()) {
    if (above < 0) continue;
    const at = next[above] ?? 0;
    child[at] = node;
    next[above] = at + 1;
  }
  return { firstChild, child };
}

const sides = [Math.min, Math.min, Math.max, Math.max];

/** The node itself included: a cluster's place is rounded, and Mercator ends before the poles do. */
function boxesOf(tree: Pick<MapTree, 'cameras' | 'parent' | 'longitude' | 'latitude'>): MapTree['box'] {
  const { longitude, latitude } = tree;
  const box = new Float64Array(4 * longitude.length);
  for (const [node, east] of longitude.entries())
    box.set([east, latitude[node] ?? 0, east, latitude[node] ?? 0], 4 * node);
  const { cameras, parent } = tree;
  const root = parent.length - 1;
  const widen = (node: number) => {
    const above = parent[node] ?? root;
    for (const [side, widest] of sides.entries())
      box[4 * above + side] = widest(box[4 * above + side] ?? 0, box[4 * node + side] ?? 0);
  };
  for (let camera = 0; camera < cameras; camera += 1) widen(camera);
  // Clusters come after their parents: from the last to the first every one is complete when it is added.
  for (let cluster = root - 1; cluster >= cameras; cluster -= 1) widen(cluster);
  return box;
}

function kdOf({ longitude, latitude }: Positions): ArrayBuffer {
  const kd = new KDBush(longitude.length);
  for (const [camera, east] of longitude.entries()) kd.add(east, latitude[camera] ?? 0);
  kd.finish();
  if (!(kd.data instanceof ArrayBuffer)) throw new Error('kdbush keeps its data elsewhere');
  return kd.data;
}
