import type { z } from 'zod';

import type {
  earthCoverageInput,
  EarthCoverage,
  EarthFilter,
  EarthFind,
  earthSearchInput,
  EarthView,
  EarthViewInput,
  GeoBounds,
  NearbyCamera,
  nearbyInput,
  PlaceLabel,
  surpriseInput,
} from '#server/contracts/earth.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { CameraId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { RecordingsService } from '#server/recordings/service.ts';
import type { SourcesService } from '#server/sources/service.ts';
import type { StreamsService } from '#server/streams/service.ts';

import { Gazetteer } from './gazetteer.ts';
import type { PastStates } from './planet-map.ts';
import { Planet } from './planet.ts';
import { searchPlanet } from './search.ts';
import { sunAt } from './sun.ts';
import { chooseCamera } from './surprise.ts';

const findsMax = 20;
const nearMax = 8;
const aroundTheWorldMetres = 20_100_000;
/** A list of coverage is asked for again and again by everybody who looks at the globe. */
const coverageForMs = 30_000;
const coveragesMax = 32;
/** Of one view: a screen full of cameras, and not the whole house. */
const hintsMax = 300;
const spanMsMax = 31 * 86_400_000;

interface Options {
  sources: Pick<SourcesService, 'map'>;
  streams: Pick<StreamsService, 'hint'> & { history: Pick<StreamsService['history'], 'statesAt' | 'numberOf'> };
  recordings: Pick<RecordingsService, 'planetCoverage'>;
  identity: Pick<IdentityService, 'isAllowed' | 'reachOf'>;
  events: Events;
  log: Logger;
  now?: () => Date;
  random?: () => number;
}

/** The globe: all cameras that somebody may see, where they are, what they were and are called, and how to find them. */
export class EarthService {
  readonly #options: Options;
  readonly #now: () => Date;
  readonly #planet: Planet;
  readonly #coverages = new Map<string, { until: number; coverage: ReturnType<RecordingsService['planetCoverage']> }>();
  #gazetteer: Promise<Gazetteer> | null = null;

  constructor(options: Options) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.#planet = new Planet({ ...options, cameras: options.sources.map, now: this.#now });
  }

  /** Has the globe ready before anybody asks; without it the first question waits. Returns how to stop. */
  start(): () => void {
    this.#planet.mapFor({ type: 'anonymous' }).catch((error: unknown) => {
      this.#options.log.warn({ action: 'earth.start', error }, 'the globe is made ready at the first question');
    });
    void this.#places();
    return () => this.#planet.stop();
  }

  /** Resolves when the globe knows what was told on the bus before. */
  settled(): Promise<void> {
    return this.#planet.settled();
  }

  async view(actor: Actor, { bounds, zoom, filter = {}, at }: EarthViewInput): Promise<EarthView> {
    checkBounds(bounds);
    const [map, past] = await Promise.all([this.#planet.mapFor(actor), at ? this.#past(new Date(at)) : null]);
    const view = map.view({ bounds, zoom, filter, past });
    // What somebody sees now is looked at before the rest.
    if (!past) this.#options.streams.hint(view.points.slice(0, hintsMax).map((point) => point.streamId));
    return view;
  }

  async search(actor: Actor, { query, limit = findsMax }: z.infer<typeof earthSearchInput>): Promise<EarthFind[]> {
    const [map, gazetteer] = await Promise.all([this.#planet.mapFor(actor), this.#places()]);
    return searchPlanet(query, { gazetteer, cameras: map.shown(), limit });
  }

  async nearby(actor: Actor, input: z.infer<typeof nearbyInput>): Promise<NearbyCamera[]> {
    const { latitude, longitude, limit = nearMax, withinMetres = aroundTheWorldMetres, exclude, ...filter } = input;
    const map = await this.#planet.mapFor(actor);
    const found = map.near({ latitude, longitude }, { limit, withinMetres, filter, exclude });
    const distances = new Map<string, number>(found.map(({ camera, distanceMetres }) => [camera.id, distanceMetres]));
    const views = await this.#options.sources.map.views(actor, [...distances.keys()]);
    return views.map((view) => Object.assign(view, { distanceMetres: distances.get(view.id) ?? 0 }));
  }

  async surprise(
    actor: Actor,
    { kind, exclude, at, ...filter }: z.infer<typeof surpriseInput>,
  ): Promise<{ id: CameraId; exact: boolean }> {
    const map = await this.#planet.mapFor(actor);
    const random = this.#options.random ?? Math.random;
    const passing = map.shown(filter);
    const others = passing.filter(({ id }) => id !== exclude);
    const choices = others.length > 0 ? others : passing;
    const chosen = chooseCamera(choices, { kind, sun: sunAt(at === undefined ? this.#now() : new Date(at)), random });
    if (!chosen) throw new AppError('NOT_FOUND', { message: 'no camera passes' });
    return { id: chosen.camera.id, exact: chosen.exact };
  }

  async labels({ bounds, zoom }: { bounds: GeoBounds; zoom: number }): Promise<PlaceLabel[]> {
    checkBounds(bounds);
    return (await this.#places()).labels({ bounds, zoom });
  }

  async countries(actor: Actor): Promise<{ country: string; cameras: number }[]> {
    const counts = new Map<string, number>();
    for (const { country } of (await this.#planet.mapFor(actor)).shown())
      if (country !== null) counts.set(country, (counts.get(country) ?? 0) + 1);
    return [...counts]
      .map(([country, cameras]) => ({ country, cameras }))
      .toSorted((a, b) => b.cameras - a.cameras || (a.country < b.country ? -1 : 1));
  }

  /** States and daylight of the filter are of a moment and narrow nothing here. */
  async coverage(actor: Actor, input: z.infer<typeof earthCoverageInput>): Promise<EarthCoverage> {
    const [fromMs, toMs] = [Date.parse(input.from), Date.parse(input.to)];
    if (toMs <= fromMs || toMs - fromMs > spanMsMax)
      throw new AppError('BAD_REQUEST', { message: 'coverage is told for up to 31 days', details: { field: 'to' } });
    // To a tenth of a bucket nobody sees the difference, and the same answer serves for a while.
    const step = Math.max(1000, (toMs - fromMs) / input.buckets / 10);
    const whole = (ms: number) => new Date(Math.floor(ms / step) * step);
    const from = whole(fromMs);
    const span = { from, to: new Date(from.getTime() + toMs - fromMs), buckets: input.buckets };
    const { recorded, oldest } = await this.#coverage({ ...span, scope: this.#scopeOf(actor, input.filter ?? {}) });
    return { from: input.from, to: input.to, recorded, oldest: oldest?.toISOString() ?? null };
  }

  #coverage(span: Parameters<RecordingsService['planetCoverage']>[0]): ReturnType<RecordingsService['planetCoverage']> {
    const key = JSON.stringify(span);
    const known = this.#coverages.get(key);
    if (known && known.until > this.#now().getTime()) return known.coverage;
    const coverage = this.#options.recordings.planetCoverage(span);
    this.#coverages.delete(key);
    this.#coverages.set(key, { until: this.#now().getTime() + coverageForMs, coverage });
    coverage.catch(() => this.#coverages.delete(key));
    for (const oldest of this.#coverages.keys()) {
      if (this.#coverages.size <= coveragesMax) break;
      this.#coverages.delete(oldest);
    }
    return coverage;
  }

  #scopeOf(actor: Actor, { kinds, country, demo }: EarthFilter) {
    const { identity } = this.#options;
    return {
      view: identity.reachOf(actor, 'camera:view', 'camera'),
      write: identity.reachOf(actor, 'camera:write', 'camera'),
      kinds: kinds?.toSorted() ?? null,
      country: country ?? null,
      demo: demo !== false,
    };
  }

  async #past(at: Date): Promise<PastStates | null> {
    // A clock that is a little ahead of ours asks for now.
    if (at.getTime() >= this.#now().getTime()) return null;
    const { history } = this.#options.streams;
    const { step, stateOf } = await history.statesAt(at);
    return { key: String(step), at, stateOf, numberOf: (id) => history.numberOf(id) };
  }

  #places(): Promise<Gazetteer> {
    this.#gazetteer ??= Gazetteer.open();
    return this.#gazetteer;
  }
}

function checkBounds([, south, , north]: GeoBounds): void {
  if (south > north)
    throw new AppError('BAD_REQUEST', { message: 'south is north of north', details: { field: 'bounds' } });
}
