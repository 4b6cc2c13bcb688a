import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { cameraStates } from '#server/contracts/camera.ts';
import type { GeoBounds } from '#server/contracts/earth.ts';

import {
  allStates,
  contains,
  countsOf,
  countWanted,
  expansionZoom,
  gone,
  moveState,
  queryMap,
  stateOf,
  tallyOf,
  wantedStates,
  type Standing,
} from './map-index.ts';
import { buildMapTree, clusterZoomMax, type MapTree } from './map-tree.ts';

const world: GeoBounds = [-180, -90, 180, 90];
const treeOf = (places: readonly (readonly [number, number])[]) =>
  buildMapTree({
    longitude: Float64Array.from(places, ([longitude]) => longitude),
    latitude: Float64Array.from(places, ([, latitude]) => latitude),
  });
/** Cameras below a node. */
function below(tree: MapTree, node: number): number[] {
  if (node < tree.cameras) return [node];
  return [...tree.child.subarray(tree.firstChild[node], tree.firstChild[node + 1])].flatMap((child) =>
    below(tree, child),
  );
}
const all = { bounds: world, wanted: allStates, itemsMax: 1_000_000 };
const inOrder = ({ cameras, clusters }: Standing) => [cameras, clusters].map((list) => list.toSorted((a, b) => a - b));

/** Clumps of cameras, some at the very same place, and the ends of the map. */
const place = fc.oneof(
  fc.tuple(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: -90, max: 90, noNaN: true })),
  fc.tuple(fc.double({ min: 139, max: 140, noNaN: true }), fc.double({ min: 35, max: 36, noNaN: true })),
  fc.constantFrom([139.7, 35.66] as const, [180, 0] as const, [-180, 0] as const, [0, 90] as const),
);
const places = fc.array(place, { maxLength: 120 });
const state = fc.nat(cameraStates.length - 1);

describe('counts', () => {
  test('are always what counting the cameras one by one gives, whatever changes in whatever order', () => {
    fc.assert(
      fc.property(
        places,
        fc.array(fc.tuple(fc.nat(), fc.nat(cameraStates.length)), { maxLength: 60 }),
        fc.array(state, { minLength: 120, maxLength: 120 }),
        fc.array(fc.boolean(), { minLength: 120, maxLength: 120 }),
        fc.nat(allStates),
        (at, changes, first, passes, wanted) => {
          const tree = treeOf(at);
          const states = Uint8Array.from(at, (_, camera) => first[camera] ?? 0);
          const mask = Uint8Array.from(at, (_, camera) => (passes[camera] ? 1 : 0));
          const tallies = [tallyOf(tree, states, null), tallyOf(tree, states, mask)];
          for (const [pick, to] of changes) {
            if (at.length === 0) break;
            const camera = pick % at.length;
            for (const tally of tallies) moveState(tree, tally, { camera, to });
            states[camera] = to;
          }
          for (const tally of tallies) {
            for (let node = 0; node <= tree.root; node += 1) {
              const counted = below(tree, node).filter(
                (camera) => (!tally.mask || tally.mask[camera]) && wanted & (1 << (states[camera] ?? gone)) & allStates,
              );
              expect(countWanted(tree, tally, node, wanted)).toBe(counted.length);
              if (node < tree.cameras) continue;
              expect(countsOf(tree, tally, node, wanted)).toEqual(
                Object.fromEntries(
                  cameraStates
                    .map((name) => [name, counted.filter((camera) => stateOf(states[camera] ?? 0) === name).length])
                    .filter(([, count]) => count !== 0),
                ),
              );
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a view', () => {
  test('shows every wanted camera exactly once, alone or in a cluster, at every zoom', () => {
    fc.assert(
      fc.property(
        places,
        fc.nat(18),
        fc.nat(allStates),
        fc.array(state, { minLength: 120, maxLength: 120 }),
        (at, zoom, wanted, codes) => {
          const tree = treeOf(at);
          const tally = tallyOf(
            tree,
            Uint8Array.from(at, (_, camera) => codes[camera] ?? 0),
            null,
          );
          const { cameras, clusters } = queryMap(tree, tally, { ...all, zoom, wanted });
          const isWanted = (camera: number) => (wanted & (1 << (codes[camera] ?? 0))) !== 0;
          const shown = [...cameras, ...clusters.flatMap((cluster) => below(tree, cluster)).filter(isWanted)];
          expect(shown.toSorted((a, b) => a - b)).toEqual(at.map((_, camera) => camera).filter(isWanted));
          for (const cluster of clusters) {
            expect(countWanted(tree, tally, cluster, wanted)).toBeGreaterThanOrEqual(2);
            // At the zoom before the one it names it is still one; at that zoom it is not.
            const apart = expansionZoom(tree, tally, cluster, wanted);
            expect(apart).toBeGreaterThan(zoom);
            const within = new Set(below(tree, cluster));
            const things = queryMap(tree, tally, { ...all, zoom: apart, wanted });
            const parts = [...things.cameras, ...things.clusters].filter((node) =>
              below(tree, node).some((camera) => within.has(camera)),
            );
            expect(parts.length).toBeGreaterThan(1);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('holds what the whole planet holds inside its bounds, over the date line too', () => {
    const longitude = fc.double({ min: -180, max: 180, noNaN: true });
    const latitude = fc.double({ min: -90, max: 90, noNaN: true });
    fc.assert(
      fc.property(places, fc.nat(18), longitude, longitude, latitude, latitude, (at, zoom, west, east, a, b) => {
        const tree = treeOf(at);
        const tally = tallyOf(tree, new Uint8Array(at.length), null);
        const bounds: GeoBounds = [west, Math.min(a, b), east, Math.max(a, b)];
        const inside = (node: number) => contains(bounds, tree.longitude[node] ?? 0, tree.latitude[node] ?? 0);
        const { cameras, clusters } = queryMap(tree, tally, { ...all, zoom });
        expect(inOrder(queryMap(tree, tally, { ...all, zoom, bounds }))).toEqual(
          inOrder({ cameras: cameras.filter(inside), clusters: clusters.filter(inside) }),
        );
      }),
      { numRuns: 100 },
    );
  });

  test('never has more than it may: it is seen from farther away then', () => {
    const at = Array.from(
      { length: 3000 },
      (_, n) => [((n * 7919) % 36_000) / 100 - 180, ((n * 104_729) % 14_000) / 100 - 70] as const,
    );
    const tree = treeOf(at);
    const tally = tallyOf(tree, new Uint8Array(at.length), null);
    const { cameras, clusters } = queryMap(tree, tally, { ...all, zoom: 18, itemsMax: 500 });
    expect(cameras.length + clusters.length).toBeLessThanOrEqual(500);
    expect(cameras.length + clusters.length).toBeGreaterThan(100);
    expect(
      cameras.length + clusters.reduce((sum, cluster) => sum + countWanted(tree, tally, cluster, allStates), 0),
    ).toBe(3000);
  });
});

test('no camera is deeper than there are zooms, so that a change of state is a short walk', () => {
  const tree = treeOf(
    Array.from({ length: 2000 }, (_, n) => [139 + (n % 50) ** 3 / 1e6, 35 + (n % 40) ** 4 / 1e8] as const),
  );
  for (let camera = 0; camera < tree.cameras; camera += 1) {
    let steps = 0;
    for (let node = tree.parent[camera] ?? -1; node >= 0; node = tree.parent[node] ?? -1) steps += 1;
    expect(steps).toBeLessThanOrEqual(clusterZoomMax + 2);
  }
});

test('an empty planet has nothing and totals nothing', () => {
  const tree = treeOf([]);
  const tally = tallyOf(tree, new Uint8Array(0), null);
  expect(queryMap(tree, tally, { ...all, zoom: 3 })).toEqual({ cameras: [], clusters: [] });
  expect(countsOf(tree, tally, tree.root, allStates)).toEqual({});
  expect(wantedStates(['live', 'error'])).toBe(0b1000001);
});
