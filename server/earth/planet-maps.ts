import { setImmediate as yieldTurn } from 'node:timers/promises';

import type { CameraState } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import type { Logger } from '#server/platform/log.ts';
import { cameraSubject } from '#server/sources/service.ts';

import { buildApart } from './map-builder.ts';
import { PlanetMap, type MapCamera } from './planet-map.ts';

/** Maps of people who see other cameras than everybody does are made when they come, and the least used one goes. */
const mapsMax = 6;
/** Cameras looked through without a pause. */
const turnLength = 10_000;

interface Entry {
  actor: Actor;
  made: Promise<PlanetMap>;
  current: PlanetMap | null;
}

interface Options {
  identity: Pick<IdentityService, 'isAllowed' | 'reachOf'>;
  log: Logger;
  now: () => Date;
  /** All there are at this moment. */
  cameras: () => ReadonlyMap<string, MapCamera>;
}

/** One map for each kind of people: who sees the same cameras shares it. */
export class PlanetMaps {
  readonly #options: Options;
  readonly #entries = new Map<string, Entry>();
  /** Gone since the cameras were last read: a map that is only being made must not bring them back. */
  readonly #hidden = new Set<StreamId>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** The cameras in lists of `actor`, as they stand on the map. */
  mapFor(actor: Actor): Promise<PlanetMap> {
    const key = this.#keyOf(actor);
    const entry = this.#entries.get(key) ?? this.#open(key, actor);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= mapsMax) break;
      this.#entries.delete(oldest);
    }
    return entry.made;
  }

  stateChanged(id: StreamId, state: CameraState): void {
    for (const { current } of this.#entries.values()) current?.stateChanged(id, state);
  }

  hide(id: StreamId): void {
    this.#hidden.add(id);
    for (const { current } of this.#entries.values()) current?.hide(id);
  }

  /** The cameras were read again: only what was deleted during that stays hidden. */
  keepHidden(isHidden: (id: StreamId) => boolean): void {
    for (const id of this.#hidden) if (!isHidden(id)) this.#hidden.delete(id);
  }

  /** Every map that is in use is made again, one after the other; the old ones answer meanwhile. */
  async rebuild(): Promise<void> {
    // A request puts its entry last: the list as it is would never end.
    const entries = [...this.#entries.values()];
    for (const entry of entries) {
      await entry.made;
      entry.made = Promise.resolve(await this.#make(entry));
    }
  }

  #open(key: string, actor: Actor): Entry {
    const place: Pick<Entry, 'actor' | 'current'> = { actor, current: null };
    const entry = Object.assign(place, { made: this.#make(place) });
    entry.made.catch(() => this.#entries.delete(key));
    return entry;
  }

  async #make(entry: Pick<Entry, 'actor' | 'current'>): Promise<PlanetMap> {
    const cameras = await this.#camerasOf(entry.actor);
    const tree = this.#knownTree(cameras) ?? (await this.#build(cameras));
    await yieldTurn();
    // In one go: between the reading of the states and the map's hearing of changes there must be no gap.
    const map = new PlanetMap(cameras, tree, this.#options.now);
    for (const id of this.#hidden) map.hide(id);
    entry.current = map;
    return map;
  }

  async #camerasOf(actor: Actor): Promise<MapCamera[]> {
    const cameras: MapCamera[] = [];
    let looked = 0;
    for (const camera of this.#options.cameras().values()) {
      if (this.#isShown(actor, camera)) cameras.push(camera);
      looked += 1;
      if (looked % turnLength === 0) await yieldTurn();
    }
    return cameras;
  }

  #knownTree(cameras: readonly MapCamera[]) {
    for (const { current } of this.#entries.values()) if (current?.hasPlacesOf(cameras)) return current.tree;
    return null;
  }

  async #build(cameras: readonly MapCamera[]) {
    const { log } = this.#options;
    const startedAt = performance.now();
    const tree = await buildApart(
      {
        longitude: Float64Array.from(cameras, (camera) => camera.longitude),
        latitude: Float64Array.from(cameras, (camera) => camera.latitude),
      },
      log,
    );
    const durationMs = Math.round(performance.now() - startedAt);
    log.debug({ action: 'map.built', cameras: cameras.length, durationMs }, 'map built');
    return tree;
  }

  #isShown(actor: Actor, camera: MapCamera): boolean {
    const { identity } = this.#options;
    const subject = cameraSubject(camera);
    const isInSight = camera.visibility !== 'unlisted' && identity.isAllowed(actor, 'camera:view', subject);
    return isInSight || identity.isAllowed(actor, 'camera:write', subject);
  }

  #keyOf(actor: Actor): string {
    const { identity } = this.#options;
    const [view, write] = [
      identity.reachOf(actor, 'camera:view', 'camera'),
      identity.reachOf(actor, 'camera:write', 'camera'),
    ];
    // Two keys of one person, or one person before and after a grant, see different cameras.
    return JSON.stringify([view, write]);
  }
}
