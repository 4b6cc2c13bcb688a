import { cameraKind, cameraState, visibility, type CameraState } from '#server/contracts/camera.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { cameraId, streamId, type StreamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { MapRow, SourcesService } from '#server/sources/service.ts';

import type { MapCamera, PlanetMap } from './planet-map.ts';
import { PlanetMaps } from './planet-maps.ts';
import { directionOf } from './sun.ts';
import { foldText } from './text-fold.ts';

/** A page is turned into cameras in some ten milliseconds; between pages others have their turn. Shorter ones cost more: 150 half as much again. */
const pageLength = 500;
/** More changes than this are a reading of everything. */
const changesMax = 2000;
const settleMs = 1000;
const refreshEveryMs = 5000;
/** Events can be lost; the rows can not. */
const reconcileEveryMs = 300_000;

interface Options {
  cameras: Pick<SourcesService['map'], 'page' | 'some'>;
  identity: Pick<IdentityService, 'isAllowed' | 'reachOf'>;
  events: Events;
  log: Logger;
  now: () => Date;
}

/** All cameras in memory, kept in step with the rows by events. */
export class Planet {
  readonly #options: Options;
  readonly #log: Logger;
  readonly #maps: PlanetMaps;
  #cameras = new Map<string, MapCamera>();
  #ofStream = new Map<StreamId, MapCamera>();
  /** What changed since the last reading; `all`: too much of it, or unknown. */
  #changed: Set<string> | 'all' = 'all';
  /** States told while rows are being read: they are newer than those. */
  #heard: Map<StreamId, CameraState> | null = null;
  /** Streams that were deleted while rows were being read. */
  #deleted = new Set<StreamId>();
  #timer: NodeJS.Timeout | null = null;
  #reconcile: NodeJS.Timeout | null = null;
  #refreshedAt = -Infinity;
  #refreshing: Promise<void> = Promise.resolve();
  #started: Promise<void> | null = null;
  #stops: (() => void)[] = [];

  constructor(options: Options) {
    this.#options = options;
    this.#log = options.log.child({ component: 'earth' });
    this.#maps = new PlanetMaps({ ...options, log: this.#log, cameras: () => this.#cameras });
  }

  /** The cameras in lists of `actor`, as they stand on the map. The first call begins to listen and waits for all cameras. */
  async mapFor(actor: Actor): Promise<PlanetMap> {
    this.#started ??= this.#start();
    await this.#started;
    return this.#maps.mapFor(actor);
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#reconcile) clearInterval(this.#reconcile);
    this.#timer = null;
    this.#started = null;
  }

  /** Resolves when what was told of before the call is in the maps. */
  async settled(): Promise<void> {
    if (this.#timer) this.#refresh();
    await this.#refreshing;
  }

  async #start(): Promise<void> {
    const { events } = this.#options;
    this.#stops = [
      events.on('stream.state', (event) => this.#stateChanged(event.streamId, event.state)),
      events.on('camera.changed', (event) => {
        if (event.change === 'deleted') {
          this.#deleted.add(event.streamId);
          this.#maps.hide(event.streamId);
        }
        this.#stale(event.cameraId);
      }),
      events.on('cameras.imported', () => this.#stale('all')),
      events.onGap(() => this.#stale('all')),
    ];
    this.#reconcile = setInterval(() => this.#stale('all'), reconcileEveryMs);
    this.#reconcile.unref();
    this.#changed = 'all';
    try {
      await this.#read();
    } catch (error) {
      // The next question begins again.
      this.stop();
      throw error;
    }
  }

  #stale(what: string): void {
    if (what === 'all' || this.#changed === 'all' || this.#changed.size >= changesMax) this.#changed = 'all';
    else this.#changed.add(what);
    if (this.#timer) return;
    const wait = Math.max(settleMs, this.#refreshedAt + refreshEveryMs - performance.now());
    this.#timer = setTimeout(() => this.#refresh(), wait);
    this.#timer.unref();
  }

  /** One after the other. */
  #refresh(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#refreshing = this.#refreshAfter(this.#refreshing);
  }

  async #refreshAfter(before: Promise<void>): Promise<void> {
    await before;
    try {
      await this.#read();
      await this.#maps.rebuild();
    } catch (error) {
      this.#log.warn({ action: 'map.refresh', error }, 'the map could not be brought up to date; it is tried again');
      if (this.#started) this.#stale('all');
    } finally {
      this.#refreshedAt = performance.now();
    }
  }

  /** Brings the cameras in step with the rows. */
  async #read(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    this.#deleted = new Set();
    const heard = (this.#heard = new Map<StreamId, CameraState>());
    try {
      const cameras = changed === 'all' ? await this.#readEverything() : await this.#readChanges(changed);
      for (const [id, camera] of this.#cameras) if (!cameras.has(id)) this.#maps.hide(camera.streamId);
      const ofStream = new Map<StreamId, MapCamera>();
      for (const camera of cameras.values()) {
        ofStream.set(camera.streamId, camera);
        camera.state = heard.get(camera.streamId) ?? camera.state;
      }
      this.#cameras = cameras;
      this.#ofStream = ofStream;
      this.#maps.keepHidden((id) => this.#deleted.has(id));
    } catch (error) {
      this.#changed = 'all';
      throw error;
    } finally {
      this.#heard = null;
    }
  }

  async #readEverything(): Promise<Map<string, MapCamera>> {
    const cameras = new Map<string, MapCamera>();
    for (let after: string | null = null; ;) {
      const page: MapRow[] = await this.#options.cameras.page(after, pageLength);
      for (const row of page) cameras.set(row.id, toMapCamera(row));
      after = page.at(-1)?.id ?? null;
      if (page.length < pageLength) return cameras;
    }
  }

  async #readChanges(changed: ReadonlySet<string>): Promise<Map<string, MapCamera>> {
    const cameras = new Map(this.#cameras);
    const ids = [...changed];
    for (let at = 0; at < ids.length; at += pageLength) {
      const part = ids.slice(at, at + pageLength);
      const rows = new Map((await this.#options.cameras.some(part)).map((row) => [row.id, row]));
      for (const id of part) {
        const row = rows.get(id);
        if (row) cameras.set(id, toMapCamera(row));
        else cameras.delete(id);
      }
    }
    return cameras;
  }

  #stateChanged(id: StreamId, state: CameraState): void {
    this.#heard?.set(id, state);
    const camera = this.#ofStream.get(id);
    if (!camera) return;
    camera.state = state;
    this.#maps.stateChanged(id, state);
  }
}

function toMapCamera(row: MapRow): MapCamera {
  const { name, nameJa, place, placeJa, latitude, longitude } = row;
  return {
    ...row,
    id: cameraId.parse(row.id),
    streamId: streamId.parse(row.streamId),
    visibility: visibility.parse(row.visibility),
    kind: cameraKind.parse(row.kind),
    state: cameraState.parse(row.state),
    text: [name, nameJa, place, placeJa].map((part) => foldText(part ?? '')).join('\n'),
    direction: directionOf(latitude, longitude),
  };
}
