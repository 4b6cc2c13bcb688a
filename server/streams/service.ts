import { hostname } from 'node:os';

import type { DoctorInput, DoctorReport } from '#server/contracts/doctor.ts';
import { nodeId as nodeIdSchema, streamId, type StreamId } from '#server/contracts/ids.ts';
import type { MediaState } from '#server/contracts/media-state.ts';
import type { FromSidecar, IngestAssignment, SlicerAssignment, ToSidecar } from '#server/contracts/sidecar.ts';
import type { Events } from '#server/platform/events.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Database, Rows } from '#server/platform/transaction.ts';
import type { SourcesService, StreamSource } from '#server/sources/service.ts';

import { dutiesByNode, messagesOf, stepOf, type Assignment } from './assignments.ts';
import type { LeaseRole } from './lease-plan.ts';
import { leaseTokenSeconds, signLeaseToken } from './lease-token.ts';
import { NodeLinks, type Hello, type LinkedNode } from './node-links.ts';
import { Planner } from './planner.ts';
import { StateKeeper } from './state-keeper.ts';
import * as store from './store.ts';

export type { LinkedNode } from './node-links.ts';

const passEveryMs = 1000;
const sourcesForMs = 5000;
/** One viewer's wish is told each 5 s; it need not be written more often. */
const wantWriteEveryMs = 5000;
/** By then a slicer that is there has taken up a stream it was given. */
const settlesWithinMs = 5000;

export interface StreamsOptions {
  database: Database;
  events: Events;
  sources: Pick<SourcesService, 'streamSources'>;
  log: Logger;
  /** Signs lease tokens. */
  secret: string;
  now?: () => Date;
  monotonicNow?: () => number;
  /** The clock of heartbeats and leases: the database's, unless a test has its own. */
  clock?: (rows: Rows) => Promise<Date>;
  processExists?: (pid: number) => boolean;
  onLeaseChange?: (role: LeaseRole) => void;
}

/** Where the media of a stream are, and who may see them. */
export interface MediaPlace {
  url: string | null;
  source: StreamSource;
}

/** Lines of media: which node reads and which keeps each of them, and what was measured last. */
export class StreamsService {
  readonly links: NodeLinks;
  readonly #options: StreamsOptions;
  readonly #log: Logger;
  readonly #planner: Planner;
  readonly #states: StateKeeper;
  readonly #now: () => Date;
  readonly #monotonicNow: () => number;
  #sources = new Map<StreamId, StreamSource>();
  /** `since`: when this process first saw it there. */
  #slicers = new Map<StreamId, { nodeId: string; url: string | null; since: number }>();
  readonly #wantWritten = new Map<StreamId, number>();
  #passing: Promise<void> | null = null;
  #again = false;
  #timer: NodeJS.Timeout | null = null;
  #failing = false;
  #stopped = false;
  #sourcesStale = true;
  #sourcesReadAt = -Infinity;
  #passedAt = -Infinity;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#log = options.log.child({ component: 'streams' });
    this.#now = options.now ?? (() => new Date());
    this.#monotonicNow = options.monotonicNow ?? (() => performance.now());
    this.links = new NodeLinks(this.#monotonicNow);
    this.#states = new StateKeeper({ ...options, log: this.#log, now: this.#now });
    this.#planner = new Planner({
      database: options.database,
      links: this.links,
      log: this.#log,
      host: hostname(),
      clock: options.clock ?? store.databaseNow,
      monotonicNow: this.#monotonicNow,
      processExists: options.processExists ?? processExists,
      onChanges: (changes) => {
        for (const { streamId: id, role, nodeId, epoch } of changes) {
          this.#log.info(
            { action: nodeId ? 'lease.given' : 'lease.released', streamId: id, role, nodeId, epoch },
            'lease changed',
          );
          if (nodeId) options.onLeaseChange?.(role);
        }
      },
    });
  }

  /** Plans each second, and at once when a camera changes. */
  start(): () => Promise<void> {
    const refresh = () => {
      this.#sourcesStale = true;
      this.kick();
    };
    const stopListening = this.#options.events.on('camera.changed', refresh);
    const stopGaps = this.#options.events.onGap(refresh);
    this.#timer = setInterval(() => this.kick(), passEveryMs);
    this.kick();
    return async () => {
      this.#stopped = true;
      stopListening();
      stopGaps();
      if (this.#timer) clearInterval(this.#timer);
      await this.#passing;
      await this.#states.settled();
    };
  }

  /** A pass soon; several wishes are one pass. */
  kick(): void {
    if (this.#stopped) return;
    this.#again = true;
    this.#passing ??= this.#passLoop().finally(() => (this.#passing = null));
  }

  /** Resolves when a pass that began after the call is over, whatever came of it. */
  async pass(): Promise<void> {
    await this.#passing;
    this.#sourcesStale = true;
    this.kick();
    await this.#passing;
    await this.#states.settled();
  }

  linkOpened(hello: Hello, link: { host: string | null; send: (message: ToSidecar) => void }): LinkedNode {
    const node = this.links.open(hello, link);
    this.#log.info({ action: 'node.linked', nodeId: hello.node, role: hello.role, url: hello.url }, 'node linked');
    this.kick();
    return node;
  }

  /** `clean`: it closed the link itself, as a node does that stops; else it is given time to come back. */
  async linkClosed(node: LinkedNode, clean: boolean): Promise<void> {
    if (!this.links.close(node)) return;
    const { node: nodeId, role } = node.hello;
    this.#log.info({ action: 'node.unlinked', nodeId, role, clean }, 'node unlinked');
    if (clean) await store.deleteNodes(this.#options.database, { ids: [nodeId] });
    this.kick();
  }

  /** What a linked node tells. Throws when the database is away: the next report makes up for it. */
  async received(node: LinkedNode, message: Exclude<FromSidecar, { type: 'hello' | 'segments' }>): Promise<void> {
    switch (message.type) {
      case 'heartbeat':
        return this.links.beat(node, message.health, message.disk);
      case 'want':
        return this.#want([message.streamId]);
      case 'states':
        return this.#measured(node, message.states);
      case 'sequences':
        return store.raiseSequences(
          this.#options.database,
          message.sequences.filter((entry) => this.#keeps(node, entry.streamId)),
        );
      case 'diagnosed':
        return this.links.diagnosed(message.requestId, message.report);
      case 'source': {
        const { streamId: id, fault, message: text } = message;
        const level = message.state === 'failed' ? 'warn' : 'info';
        this.#log[level]({ action: `source.${message.state}`, streamId: id, fault, attempt: message.attempt }, text);
        const keeper = this.#slicers.get(id);
        if (keeper) this.links.get(keeper.nodeId)?.send({ type: 'sourceState', streamId: id, fault, message: text });
      }
    }
  }

  /** Null when there is no such stream. A stream that nobody keeps yet is given to a node first. */
  async mediaPlace(id: StreamId): Promise<MediaPlace | null> {
    // Not at each request: anybody can ask for streams that are not there.
    if (!this.#slicers.get(id)?.url && this.#monotonicNow() - this.#passedAt > passEveryMs) await this.pass();
    const source = this.#sources.get(id);
    return source ? { url: this.#slicers.get(id)?.url ?? null, source } : null;
  }

  /** A slicer was given the stream so lately that it may not know of it yet. */
  isSettling(id: StreamId): boolean {
    const keeper = this.#slicers.get(id);
    return !keeper || this.#monotonicNow() - keeper.since < settlesWithinMs;
  }

  states(streamIds: readonly StreamId[] | null): Promise<MediaState[]> {
    return this.#states.states(streamIds);
  }

  /** What is measured at this moment by the nodes linked here. */
  measuredNow(): MediaState[] {
    return this.#states.allFresh();
  }

  diagnose(input: DoctorInput): Promise<DoctorReport> {
    return this.links.diagnose(input);
  }

  /** Has the log of a deleted stream taken off the disks; false while no slicer is linked that could. */
  erase(id: StreamId): boolean {
    this.#states.forget(id);
    return this.links.erase(id);
  }

  async #passLoop(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      try {
        await this.#passOnce();
        if (this.#failing) this.#log.info({ action: 'plan.back' }, 'leases are planned again');
        this.#failing = false;
      } catch (error) {
        // Nodes go on with what they have; the next second tries again.
        this.#sourcesStale = true;
        if (!this.#failing) this.#log.warn({ action: 'plan.failed', error }, 'leases can not be planned at the moment');
        this.#failing = true;
      }
    }
  }

  async #passOnce(): Promise<void> {
    const sources = await this.#readSources();
    const { leases, urls, unkept } = await this.#planner.pass(sources);
    this.#sources = new Map(sources.map((source) => [source.streamId, source]));
    this.#slicers = new Map(
      leases
        .filter((lease) => lease.role === 'slicer')
        .map(({ streamId: id, nodeId }) => {
          const before = this.#slicers.get(id);
          const since = before?.nodeId === nodeId ? before.since : this.#monotonicNow();
          return [id, { nodeId, url: urls.get(nodeId) ?? null, since }];
        }),
    );
    const urlOf = (nodeId: string) => this.links.get(nodeId)?.hello.url ?? urls.get(nodeId) ?? null;
    const duties = dutiesByNode({ sources, leases, urlOf });
    for (const node of this.links.all())
      await this.#tell(node, duties.get(node.hello.node) ?? new Map<StreamId, Assignment>());
    this.#passedAt = this.#monotonicNow();
    await this.#states.unkept(unkept);
  }

  /** Cameras change rarely and say so; they are read again now and then in case a word was lost. */
  async #readSources(): Promise<StreamSource[]> {
    const fresh = this.#monotonicNow() - this.#sourcesReadAt < sourcesForMs;
    if (fresh && !this.#sourcesStale) return [...this.#sources.values()];
    // Before the reading: a change during it asks for another.
    this.#sourcesStale = false;
    const sources = await this.#options.sources.streamSources();
    this.#sourcesReadAt = this.#monotonicNow();
    return sources;
  }

  /** Tells a node what has changed for it, with lease tokens that last. */
  async #tell(node: LinkedNode, duty: ReadonlyMap<StreamId, Assignment>): Promise<void> {
    const { role } = node.hello;
    if (role !== 'ingest' && role !== 'slicer') return;
    const renew = node.told !== null && this.#monotonicNow() - node.tokensSignedAt > (leaseTokenSeconds * 1000) / 2;
    const step = stepOf(node.told, duty);
    const assignments = renew && role === 'ingest' ? [...duty.values()] : step.changed;
    const streams = await Promise.all(assignments.map((assignment) => this.#signed(assignment, node.hello.node)));
    if (this.links.get(node.hello.node) !== node) return;
    if (renew || step.full) node.tokensSignedAt = this.#monotonicNow();
    node.told = step.next;
    for (const message of messagesOf(role, step, streams)) node.send(message);
  }

  async #signed(assignment: Assignment, writer: string): Promise<IngestAssignment | SlicerAssignment> {
    if (assignment.role === 'slicer') return assignment.stream;
    const { streamId: id, epoch } = assignment.stream;
    const claims = { stream: id, epoch, writer: nodeIdSchema.parse(writer) };
    const leaseToken = await signLeaseToken(claims, { secret: this.#options.secret, now: this.#now() });
    return { ...assignment.stream, leaseToken };
  }

  #keeps(node: LinkedNode, id: string): boolean {
    return this.#slicers.get(streamId.parse(id))?.nodeId === node.hello.node;
  }

  async #measured(node: LinkedNode, states: readonly MediaState[]): Promise<void> {
    // A slicer that slept through a takeover must not speak for its successor.
    const own = states.filter((state) => this.#keeps(node, state.streamId));
    for (const state of own) this.#states.measured(state);
    await this.#want(own.filter((state) => state.viewers > 0).map((state) => streamId.parse(state.streamId)));
  }

  async #want(streamIds: readonly StreamId[]): Promise<void> {
    const at = this.#monotonicNow();
    const due = streamIds.filter(
      (id) =>
        this.#sources.get(id)?.policy.onDemand && at - (this.#wantWritten.get(id) ?? -Infinity) >= wantWriteEveryMs,
    );
    if (due.length === 0) return;
    for (const id of due) this.#wantWritten.set(id, at);
    const { database, clock = store.databaseNow } = this.#options;
    await store.markWanted(database, due, await clock(database));
    this.kick();
  }
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
