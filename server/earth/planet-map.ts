import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';

import type { CameraKind, CameraState, Visibility } from '#server/contracts/camera.ts';
import { earthItemsMax, type EarthFilter, type EarthView, type GeoBounds } from '#server/contracts/earth.ts';
import type { CameraId, StreamId } from '#server/contracts/ids.ts';

import {
  countsOf,
  countWanted,
  expansionZoom,
  gone,
  moveState,
  queryMap,
  stateCode,
  stateOf,
  tallyOf,
  allStates,
  wantedStates,
  type Tally,
} from './map-index.ts';
import type { MapTree } from './map-tree.ts';
import { daylightOf, sunAt, sunHeight, type Direction } from './sun.ts';

/** A camera as it stands in memory. */
export interface MapCamera {
  id: CameraId;
  streamId: StreamId;
  ownerId: string | null;
  visibility: Visibility;
  name: string;
  nameJa: string | null;
  place: string | null;
  placeJa: string | null;
  latitude: number;
  longitude: number;
  bearing: number | null;
  kind: CameraKind;
  country: string | null;
  demo: boolean;
  state: CameraState;
  /** Names and places, folded, a line each. */
  text: string;
  direction: Direction;
}

/** States of a moment that is over. */
export interface PastStates {
  /** Names the moment. */
  key: string;
  at: Date;
  numberOf: (id: StreamId) => number;
  /** Null: not known yet at that time. */
  stateOf: (streamNumber: number) => CameraState | null;
}

export interface ViewQuery {
  bounds: GeoBounds;
  zoom: number;
  filter: EarthFilter;
  past: PastStates | null;
}

/** Filters in use at a time: each costs 28 bytes a node and a walk at every change of a state. */
const talliesMax = 12;
const pastsMax = 6;
/** The sun moves a quarter of a degree in it. */
const daylightMs = 60_000;

/** The cameras that some people may see, as a map: their places in a tree, their states counted at every node of it. */
export class PlanetMap {
  readonly cameras: readonly MapCamera[];
  readonly tree: MapTree;
  readonly #states: Uint8Array;
  readonly #numbers = new Map<StreamId, number>();
  readonly #nearest: KDBush;
  readonly #tallies = new Map<string, Tally>();
  readonly #pasts = new Map<string, Tally>();
  readonly #now: () => Date;
  /** The history's numbers of the cameras' streams. */
  #streamNumbers: Int32Array | null = null;

  constructor(cameras: readonly MapCamera[], tree: MapTree, now: () => Date) {
    this.cameras = cameras;
    this.tree = tree;
    this.#now = now;
    this.#states = new Uint8Array(cameras.length);
    for (const [number, camera] of cameras.entries()) {
      this.#states[number] = stateCode(camera.state);
      this.#numbers.set(camera.streamId, number);
    }
    this.#nearest = KDBush.from(tree.kd);
  }

  /** The tree depends on places and their order alone. */
  hasPlacesOf(cameras: readonly MapCamera[]): boolean {
    if (cameras.length !== this.cameras.length) return false;
    return cameras.every((camera, number) => {
      const other = this.cameras[number];
      return other?.id === camera.id && other.latitude === camera.latitude && other.longitude === camera.longitude;
    });
  }

  stateChanged(streamId: StreamId, state: CameraState): void {
    this.#move(streamId, stateCode(state));
  }

  /** Counted and shown no more, at once; its place in the tree goes when the tree is built again. */
  hide(streamId: StreamId): void {
    this.#move(streamId, gone);
  }

  /** Those that are not hidden and pass. */
  shown(filter: EarthFilter = {}): MapCamera[] {
    const passes = this.#passes(filter);
    return this.cameras.filter((_, number) => passes(number));
  }

  view({ bounds, zoom, filter, past }: ViewQuery): EarthView {
    const tally = past ? this.#past(past, filter) : this.#tally(filter);
    const wanted = wantedStates(filter.states);
    const standing = queryMap(this.tree, tally, { bounds, zoom, wanted, itemsMax: earthItemsMax });
    return {
      points: standing.cameras.flatMap((number) => {
        const camera = this.cameras[number];
        if (!camera) return [];
        const { id, streamId, latitude, longitude, bearing } = camera;
        return [{ id, streamId, latitude, longitude, bearing, state: stateOf(tally.states[number] ?? gone) }];
      }),
      clusters: standing.clusters.map((id) => ({
        id,
        latitude: this.tree.latitude[id] ?? 0,
        longitude: this.tree.longitude[id] ?? 0,
        count: countWanted(this.tree, tally, id, wanted),
        states: countsOf(this.tree, tally, id, wanted),
        expansionZoom: expansionZoom(this.tree, tally, id, wanted),
      })),
      totals: countsOf(this.tree, tally, this.tree.root, allStates),
      at: past?.at.toISOString() ?? null,
      measuredAt: this.#now().toISOString(),
    };
  }

  /** Nearest first. */
  near(
    place: { latitude: number; longitude: number },
    {
      limit,
      withinMetres,
      filter,
      exclude,
    }: { limit: number; withinMetres: number; filter: EarthFilter; exclude: string | undefined },
  ): { camera: MapCamera; distanceMetres: number }[] {
    const { latitude, longitude } = place;
    const passes = this.#passes(filter);
    const isFit = (number: number) => this.cameras[number]?.id !== exclude && passes(number);
    return around(this.#nearest, longitude, latitude, limit, withinMetres / 1000, isFit).flatMap((number) => {
      const camera = this.cameras[number];
      if (!camera) return [];
      const distanceMetres = Math.round(1000 * distance(longitude, latitude, camera.longitude, camera.latitude));
      return [{ camera, distanceMetres }];
    });
  }

  #move(streamId: StreamId, to: number): void {
    const camera = this.#numbers.get(streamId);
    const from = camera === undefined ? undefined : this.#states[camera];
    if (camera === undefined || from === undefined || from === to || from === gone) return;
    for (const tally of this.#tallies.values()) moveState(this.tree, tally, { camera, to });
    this.#states[camera] = to;
    // Whoever is hidden is hidden in the past as well.
    if (to === gone) this.#pasts.clear();
  }

  #passes(filter: EarthFilter): (number: number) => boolean {
    const { mask } = this.#tally(filter);
    const wanted = wantedStates(filter.states);
    return (number) => {
      const state = this.#states[number] ?? gone;
      return state !== gone && (wanted & (1 << state)) !== 0 && (mask === null || mask[number] === 1);
    };
  }

  #tally(filter: EarthFilter): Tally {
    const { key, mask } = this.#maskOf(filter, this.#now());
    return kept(this.#tallies, key, talliesMax, () => tallyOf(this.tree, this.#states, mask()));
  }

  #past(past: PastStates, filter: EarthFilter): Tally {
    const { key, mask } = this.#maskOf(filter, past.at);
    return kept(this.#pasts, `${past.key} ${key}`, pastsMax, () => {
      const numbers = (this.#streamNumbers ??= Int32Array.from(this.cameras, (camera) =>
        past.numberOf(camera.streamId),
      ));
      const states = new Uint8Array(this.cameras.length);
      for (let number = 0; number < states.length; number += 1) {
        const before = this.cameras[number]?.demo ? 'demo' : past.stateOf(numbers[number] ?? -1);
        states[number] = this.#states[number] === gone ? gone : stateCode(before ?? 'unchecked');
      }
      return tallyOf(this.tree, states, mask());
    });
  }

  /** Which cameras pass what does not change by itself, and daylight minute by minute. */
  #maskOf({ kinds, country, demo, daylight }: EarthFilter, at: Date): { key: string; mask: () => Uint8Array | null } {
    const minute = daylight ? Math.floor(at.getTime() / daylightMs) : null;
    const key = JSON.stringify([kinds?.toSorted() ?? null, country ?? null, demo ?? true, daylight ?? null, minute]);
    const mask = () => {
      if (!kinds && !country && demo !== false && !daylight) return null;
      const sun = sunAt(new Date((minute ?? 0) * daylightMs));
      const passing = new Uint8Array(this.cameras.length);
      for (const [number, camera] of this.cameras.entries()) {
        const passes =
          (!kinds || kinds.includes(camera.kind)) &&
          (!country || camera.country === country) &&
          (demo !== false || !camera.demo) &&
          (!daylight || daylightOf(sunHeight(sun, camera.direction)) === daylight);
        passing[number] = passes ? 1 : 0;
      }
      return passing;
    };
    return { key, mask };
  }
}

/** The newest uses stay. */
function kept<T>(values: Map<string, T>, key: string, lengthMax: number, make: () => T): T {
  const value = values.get(key) ?? make();
  values.delete(key);
  values.set(key, value);
  for (const oldest of values.keys()) {
    if (values.size <= lengthMax) break;
    values.delete(oldest);
  }
  return value;
}
