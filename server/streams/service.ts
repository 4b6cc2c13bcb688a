import { hostname } from 'node:os';

import type { DiscoveryAnswer, DiscoveryQuestion } from '#server/contracts/discovery.ts';
import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { ToSidecar } from '#server/contracts/sidecar.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database, Rows } from '#server/platform/transaction.ts';
import type { SourcesService } from '#server/sources/service.ts';

import { AssignmentTeller } from './assignment-teller.ts';
import { Endings } from './endings.ts';
import { KeptLogs } from './kept-logs.ts';
import type { LeaseChange, LeaseRole } from './lease-plan.ts';
import type { LookThumbnail } from './look-thumbnails.ts';
import { Looks } from './looks.ts';
import { MediaPlaces, type MediaPlace } from './media-places.ts';
import { NodeLinks, type Hello, type LinkedNode } from './node-links.ts';
import { NodeReports, type NodeReport } from './node-reports.ts';
import { PassLoop } from './pass-loop.ts';
import { PlacementPass } from './placement-pass.ts';
import { Planner } from './planner.ts';
import { processExists } from './process-exists.ts';
import { SourceBook } from './source-book.ts';
import { StateHistory } from './state-history.ts';
import { StateKeeper } from './state-keeper.ts';
import * as store from './store.ts';
import { Wishes } from './wishes.ts';

export type { LookThumbnail } from './look-thumbnails.ts';
export type { MediaPlace } from './media-places.ts';
export type { LinkedNode } from './node-links.ts';

const passEveryMs = 1000;

export interface StreamsOptions {
  database: Database;
  events: Events;
  sources: Pick<SourcesService, 'streamSources' | 'streamSource' | 'demoShown'>;
  log: Logger;
  /** Signs lease tokens. */
  secret: string;
  now?: () => Date;
  monotonicNow?: () => number;
  /** The clock of heartbeats and leases: the database's, unless a test has its own. */
  clock?: (rows: Rows) => Promise<Date>;
  processExists?: (pid: number) => boolean;
  onLeaseChange?: (role: LeaseRole) => void;
  /** Streams of an open-data feed that may be read at once, by its terms. */
  feedLimits?: ReadonlyMap<string, number>;
  /** The health rotation of what nobody reads; left out where none is to be. */
  looks?: { dir: string; perMinute: number; bytesPerSecond: number };
}

/** Lines of media: which node reads and which keeps each of them, and what was measured last. */
export class StreamsService {
  readonly links: NodeLinks;
  /** What streams were called before; the gateway starts it. */
  readonly history: StateHistory;
  readonly #options: StreamsOptions;
  readonly #log: Logger;
  readonly #states: StateKeeper;
  readonly #now: () => Date;
  readonly #monotonicNow: () => number;
  readonly #book: SourceBook;
  readonly #kept: KeptLogs;
  readonly #endings: Endings;
  readonly #reports: NodeReports;
  /** Single pictures of what nobody reads. */
  readonly looks: Looks;
  readonly #passes: PassLoop;
  readonly #places: MediaPlaces;
  readonly #pass: PlacementPass;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#log = options.log.child({ component: 'streams' });
    this.#now = options.now ?? (() => new Date());
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    this.links = new NodeLinks(this.#monotonicNow);
    this.history = new StateHistory({ ...options, now: this.#now });
    this.#states = new StateKeeper({ ...options, log: this.#log, now: this.#now });
    this.#book = new SourceBook({ sources: options.sources, monotonicNow: this.#monotonicNow });
    const { looks, feedLimits = new Map<string, number>() } = options;
    const clocks = { now: this.#now, monotonicNow: this.#monotonicNow };
    this.#kept = new KeptLogs(this.#monotonicNow);
    this.#endings = new Endings(this.#monotonicNow);
    const { clock = store.databaseNow } = options;
    const wishes = new Wishes({ ...options, clock, monotonicNow: this.#monotonicNow });
    this.looks = new Looks({
      ...options,
      links: this.links,
      states: this.#states,
      log: this.#log,
      now: this.#now,
      looks,
      feedLimits,
      readOfFeed: (feed) =>
        this.#book.all().filter((source) => source.feed === feed && this.#pass.read.has(source.streamId)).length,
      leads: () => this.#pass.firstIngest !== null && this.links.get(this.#pass.firstIngest) !== undefined,
    });
    this.#passes = new PassLoop({
      everyMs: passEveryMs,
      log: this.#log,
      pass: () => this.#pass.once(),
      onFailure: () => this.#book.spoil(),
    });
    this.#places = new MediaPlaces({
      book: this.#book,
      kept: this.#kept,
      states: this.#states,
      wishes,
      isRead: (id) => this.#pass.read.has(id),
      pass: () => this.#passes.kick(),
      isLate: () => this.#monotonicNow() - this.#pass.at > passEveryMs,
    });
    this.#reports = new NodeReports({
      database: options.database,
      log: this.#log,
      links: this.links,
      book: this.#book,
      kept: this.#kept,
      states: this.#states,
      endings: this.#endings,
      wishes,
      pass: () => void this.#passes.kick(),
    });
    const planner = new Planner({
      database: options.database,
      links: this.links,
      log: this.#log,
      host: hostname(),
      clock,
      monotonicNow: this.#monotonicNow,
      processExists: options.processExists ?? processExists,
      feedLimits,
      looksOfFeed: (feed) => this.looks.rotation.ofFeed(feed),
      onChanges: (changes) => this.#noteChanges(changes),
    });
    this.#pass = new PlacementPass({
      database: options.database,
      clock,
      monotonicNow: this.#monotonicNow,
      book: this.#book,
      endings: this.#endings,
      planner,
      kept: this.#kept,
      links: this.links,
      teller: new AssignmentTeller({ links: this.links, secret: options.secret, ...clocks }),
      states: this.#states,
    });
  }

  /** Plans each second, and at once when a camera changes. */
  start(): () => Promise<void> {
    const refresh = () => {
      this.#book.spoil();
      void this.#passes.kick();
    };
    const { events } = this.#options;
    const listening = [
      events.on('camera.changed', ({ streamId: id, change }) => {
        refresh();
        // What was seen of it may be what is not to be seen any more: a mask, another address.
        if (change !== 'added') void this.looks.rotation.forget(id);
      }),
      events.on('cameras.imported', refresh),
      events.onGap(refresh),
    ];
    const stopLooking = this.looks.start();
    this.#passes.start();
    return async () => {
      for (const stopListening of listening) stopListening();
      await stopLooking();
      await this.#passes.stop();
      await this.#states.settled();
    };
  }

  /** Resolves when a pass that began after the call is over, whatever came of it. */
  async pass(): Promise<void> {
    this.#book.spoil();
    await this.#passes.kick();
    await this.#states.settled();
  }

  linkOpened(hello: Hello, link: { host: string | null; send: (message: ToSidecar) => void }): LinkedNode {
    const node = this.links.open(hello, link);
    this.#log.info({ action: 'node.linked', nodeId: hello.node, role: hello.role, url: hello.url }, 'node linked');
    void this.#passes.kick();
    return node;
  }

  /** `clean`: it closed the link itself, as a node does that stops; else it is given time to come back. */
  async linkClosed(node: LinkedNode, clean: boolean): Promise<void> {
    if (!this.links.close(node)) return;
    const { node: nodeId, role } = node.hello;
    this.#log.info({ action: 'node.unlinked', nodeId, role, clean }, 'node unlinked');
    if (clean) await store.deleteNodes(this.#options.database, { ids: [nodeId] });
    void this.#passes.kick();
  }

  /** What a linked node tells. Throws when the database is away: the next report makes up for it. */
  received(node: LinkedNode, message: NodeReport): Promise<void> {
    return this.#reports.take(node, message);
  }

  /** Null when there is no such stream. One that is always read and that nobody keeps yet is given to a node first. */
  mediaPlace(id: StreamId): Promise<MediaPlace | null> {
    return this.#places.find(id);
  }

  /** Somebody who may see it wants its picture: it is read from now on until a minute after the last wish. */
  openMedia(place: MediaPlace): Promise<MediaPlace> {
    return this.#places.open(place);
  }

  /** The picture of the last look, of a source that is read on demand. Takes one first where there is none, which takes 3 s at most. */
  lookThumbnail(id: StreamId): Promise<LookThumbnail | null> {
    return this.looks.thumbnail(id);
  }

  /** These are in somebody's view: the rotation looks at them first. */
  hint(streamIds: readonly StreamId[]): void {
    this.looks.rotation.hint(streamIds);
  }

  /** A slicer was given the stream so lately that it may not know of it yet. */
  isSettling(id: StreamId): boolean {
    return this.#kept.isSettling(id);
  }

  states(streamIds: readonly StreamId[] | null): Promise<MediaState[]> {
    return this.#states.states(streamIds);
  }

  /** How many streams that are shown are in each state. */
  stateCounts(): Promise<Map<string, number>> {
    return this.#states.counts();
  }

  /** How many cannot be read that somebody here has to see to. */
  failingCount(): Promise<number> {
    return this.#states.failing();
  }

  /** What is measured at this moment by the nodes linked here. */
  measuredNow(): MediaState[] {
    return this.#states.allFresh();
  }

  diagnose(input: DoctorInput): Promise<DoctorReport> {
    return this.links.diagnose(input);
  }

  /** Devices of the ingest node's own network, or the streams of one. */
  discover(question: DiscoveryQuestion): Promise<DiscoveryAnswer> {
    return this.links.discover(question);
  }

  /** Has the log of a deleted stream taken off the disks; false while no slicer is linked that could. */
  erase(id: StreamId): boolean {
    this.#states.forget(id);
    void this.looks.rotation.forget(id);
    const isErased = this.links.erase(id);
    if (isErased) this.#endings.erase(id);
    return isErased;
  }

  #noteChanges(changes: readonly LeaseChange[]): void {
    for (const { streamId: id, role, nodeId, epoch } of changes) {
      const action = nodeId ? 'lease.given' : 'lease.released';
      this.#log.info({ action, streamId: id, role, nodeId, epoch }, 'lease changed');
      if (nodeId) this.#options.onLeaseChange?.(role);
    }
  }
}
