import type { StreamId } from '#server/contracts/ids.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { Logger } from '#server/platform/log.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';
import type { StreamSource } from '#server/sources/service.ts';

import { admit, type Refusal } from './admission.ts';
import type { HeldLease } from './assignments.ts';
import { deadAfterMs, planLeases, type LeaseChange, type LeaseRole, type PlanNode } from './lease-plan.ts';
import type { LinkedNode, NodeLinks } from './node-links.ts';
import * as store from './store.ts';

/** An on-demand source is read until this long after somebody last wanted it. */
export const wantedForMs = 60_000;
/** Its log is kept for whoever comes back; what it recorded, as long as that is to be kept. */
const logKeptForMs = 600_000;
/** Numbers a log elsewhere may have given out since it last told (each 10 s), with room. */
const sequenceMargin = 100;
/** Longer between two passes, and it was we who were away. */
const awayAfterMs = 3000;
const forgetNodesAfterMs = 3_600_000;
/** A node has let a source go by then. */
const leavesWithinMs = 6000;

export interface Placement {
  leases: HeldLease[];
  urls: Map<string, string | null>;
  /** Streams that are to be read and whose log nobody keeps, for long enough to say so. */
  unkept: StreamId[];
  /** Wanted, and not read all the same; null where another gateway decides. */
  refused: Map<StreamId, Refusal> | null;
  /** The living ingest node with the lowest id: whose gateway looks at what nobody reads. */
  firstIngest: string | null;
}

/** What takes part: sources that are always read, and those that somebody wanted or a node holds. */
export interface Field {
  sources: readonly StreamSource[];
  /** When somebody last wanted each of those that are read on demand. */
  wantedAt: ReadonlyMap<StreamId, Date>;
}

interface PlannerOptions {
  database: Database;
  links: NodeLinks;
  log: Logger;
  /** This machine. */
  host: string;
  clock: (rows: Rows) => Promise<Date>;
  monotonicNow: () => number;
  processExists: (pid: number) => boolean;
  onChanges: (changes: LeaseChange[]) => void;
  /** Streams of a feed that may be read at once. */
  feedLimits: ReadonlyMap<string, number>;
  /** Looks at cameras of a feed that are under way. */
  looksOfFeed: (feed: string) => number;
}

/** Writes the heartbeats of this process's sidecars and, one gateway at a time, gives streams to living nodes. */
export class Planner {
  readonly #options: PlannerOptions;
  #lastPassAt: number;
  #judgeFrom: number;
  /** When a stream of a feed was taken from its reader. */
  #leaving: { feed: string; at: number }[] = [];

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#lastPassAt = options.monotonicNow();
    // Sidecars that ran before this process come back to it first.
    this.#judgeFrom = this.#lastPassAt + deadAfterMs;
  }

  async pass(field: Field): Promise<Placement> {
    const startedAt = this.#options.monotonicNow();
    if (startedAt - this.#lastPassAt > awayAfterMs) this.#judgeFrom = startedAt + deadAfterMs;
    const judge = startedAt >= this.#judgeFrom;
    const placement = await inTransaction(this.#options.database, (rows) => this.#place(rows, field, judge));
    this.#lastPassAt = startedAt;
    return placement;
  }

  async #place(rows: Rows, field: Field, judge: boolean): Promise<Placement> {
    const { links, clock, onChanges } = this.#options;
    const now = await clock(rows);
    // Our own first, so that nobody is judged by a heartbeat that only waits for us.
    const heard = links.heardWithin(deadAfterMs).filter(holdsStreams);
    await store.writeHeartbeats(
      rows,
      heard.map((node) => toNodeRow(node, new Date(now.getTime() - links.silentMs(node)))),
    );
    const leads = await store.tryLead(rows);
    const nodeRows = await store.listNodes(rows);
    const ids = field.sources.map((source) => source.streamId);
    let leaseRows = await store.listLeases(rows, ids);
    const nodes = nodeRows.map((row) => this.#toPlanNode(row));
    const wanted = this.#wanted(field, { leases: leaseRows, nodes, now });
    if (leads) {
      await store.deleteNodes(rows, { before: new Date(now.getTime() - forgetNodesAfterMs) });
      const changes = planLeases({ now, nodes, leases: leaseRows.map(toPlanLease), wanted, judge });
      if (changes.length > 0) {
        await store.writeLeases(rows, changes.map(toValues), now);
        leaseRows = await store.listLeases(rows, ids);
        this.#noteLeaving(changes, field.sources);
        onChanges(changes);
      }
    }
    const alive = new Set(
      nodeRows.filter((row) => now.getTime() - row.heartbeatAt.getTime() <= 2 * deadAfterMs).map((row) => row.id),
    );
    const kept = new Set(
      leaseRows
        .filter(({ role, nodeId }) => role === 'slicer' && nodeId && alive.has(nodeId))
        .map((row) => row.streamId),
    );
    return {
      leases: leaseRows.flatMap(toHeld),
      urls: new Map(nodeRows.map((row) => [row.id, row.url])),
      unkept: judge && leads ? [...wanted.ingest].filter((id) => !kept.has(id)) : [],
      refused: leads ? wanted.refused : null,
      firstIngest: nodeRows.find((row) => row.role === 'ingest' && alive.has(row.id))?.id ?? null,
    };
  }

  #wanted({ sources, wantedAt }: Field, { leases, nodes, now }: Situation) {
    const held = (role: LeaseRole) =>
      new Set(leases.filter((lease) => lease.role === role && lease.nodeId !== null).map((lease) => lease.streamId));
    const [isRead, isKept] = [held('ingest'), held('slicer')];
    const ageMs = (id: StreamId) => now.getTime() - (wantedAt.get(id)?.getTime() ?? -Infinity);
    const readable = sources.filter(
      (source) => !source.deleted && !source.hidden && source.source !== null && !source.policy.ended,
    );
    const always = sources.filter((source) => !source.policy.onDemand);
    const alwaysRead = readable.filter((source) => !source.policy.onDemand);
    const alwaysOfFeed = new Map<string, number>();
    for (const { feed } of alwaysRead) if (feed !== null) alwaysOfFeed.set(feed, (alwaysOfFeed.get(feed) ?? 0) + 1);
    const applicants = readable
      .filter((source) => source.policy.onDemand && ageMs(source.streamId) <= wantedForMs)
      .map(({ streamId: id, feed }) => {
        return { streamId: id, feed, wantedAtMs: now.getTime() - ageMs(id), isRead: isRead.has(id) };
      });
    const room = Math.min(
      roomOf(nodes, 'ingest', now) - alwaysRead.length,
      roomOf(nodes, 'slicer', now) - always.length,
    );
    const { feedLimits: feeds } = this.#options;
    const limits = { feeds, alwaysOfFeed, busyOfFeed: this.#busyOfFeed(), capacity: Math.max(0, room) };
    const { admitted, refused } = admit(applicants, { nowMs: now.getTime(), ...limits });
    if (alwaysRead.length > roomOf(nodes, 'ingest', now)) {
      for (const { streamId: id } of alwaysRead) if (!isRead.has(id)) refused.set(id, 'capacity');
    }
    // Logs of those that sleep stay where there is room, the longest unwanted go first.
    const asleep = sources
      .filter((source) => source.policy.onDemand && !admitted.has(source.streamId) && isKept.has(source.streamId))
      .filter((source) => ageMs(source.streamId) <= logKeptMs(source))
      .toSorted((a, b) => ageMs(a.streamId) - ageMs(b.streamId))
      .slice(0, Math.max(0, roomOf(nodes, 'slicer', now) - always.length - admitted.size));
    return {
      slicer: new Set([...[...always, ...asleep].map((source) => source.streamId), ...admitted]),
      ingest: new Set([...alwaysRead.map((source) => source.streamId), ...admitted]),
      refused,
    };
  }

  #noteLeaving(changes: readonly LeaseChange[], sources: readonly StreamSource[]): void {
    const at = this.#options.monotonicNow();
    const gone = new Set(
      changes.filter((change) => change.role === 'ingest' && change.nodeId === null).map((change) => change.streamId),
    );
    for (const { streamId: id, feed } of sources) if (feed !== null && gone.has(id)) this.#leaving.push({ feed, at });
  }

  #busyOfFeed(): Map<string, number> {
    const { feedLimits, looksOfFeed, monotonicNow } = this.#options;
    this.#leaving = this.#leaving.filter(({ at }) => monotonicNow() - at < leavesWithinMs);
    return new Map(
      [...feedLimits.keys()].map((feed) => {
        return [feed, looksOfFeed(feed) + this.#leaving.filter((one) => one.feed === feed).length];
      }),
    );
  }

  #toPlanNode(row: store.NodeRow): PlanNode {
    const linked = this.#options.links.get(row.id);
    const here = !linked && row.host === this.#options.host;
    return {
      ...row,
      // Only nodes of these two roles are written.
      role: row.role === 'ingest' ? 'ingest' : 'slicer',
      gone: here && !this.#options.processExists(row.pid),
      draining: linked?.draining ?? false,
    };
  }
}

interface Situation {
  leases: readonly store.LeaseRow[];
  nodes: readonly PlanNode[];
  now: Date;
}

/** Streams that the nodes of a role take together; while none is there nobody is refused for it. */
function roomOf(nodes: readonly PlanNode[], role: LeaseRole, now: Date): number {
  const isThere = (node: PlanNode) => !node.gone && now.getTime() - node.heartbeatAt.getTime() <= 2 * deadAfterMs;
  const there = nodes.filter((node) => node.role === role && isThere(node));
  return there.length === 0 ? Infinity : there.reduce((sum, node) => sum + node.capacity, 0);
}

function logKeptMs({ policy: { record } }: StreamSource): number {
  return logKeptForMs + (record.mode === 'always' ? record.maxAgeSeconds * 1000 : 0);
}

function holdsStreams(node: LinkedNode): boolean {
  return node.hello.role === 'ingest' || node.hello.role === 'slicer';
}

function toNodeRow({ hello, host }: LinkedNode, heartbeatAt: Date): store.NodeRow {
  const { node, role, url, pid, capacity } = hello;
  return { id: node, role, url, place: hello.place ?? url, pid, host, capacity, heartbeatAt };
}

const toRole = (role: string): LeaseRole => (role === 'ingest' ? 'ingest' : 'slicer');

function toPlanLease(row: store.LeaseRow) {
  return { ...row, streamId: streamId.parse(row.streamId), role: toRole(row.role) };
}

function toHeld(row: store.LeaseRow): HeldLease[] {
  if (row.nodeId === null) return [];
  const firstMediaSequence = Number(row.firstMediaSequence);
  return [{ ...toPlanLease(row), nodeId: row.nodeId, firstMediaSequence }];
}

function toValues({ samePlace, ...change }: LeaseChange): store.LeaseValues {
  // At the same place the log itself knows its last number and goes on by one.
  return { ...change, margin: change.role === 'slicer' && !samePlace ? sequenceMargin : null };
}
