import type { StreamId } from '#server/contracts/ids.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { Logger } from '#server/platform/log.ts';
import { inTransaction, type Database, type Rows } from '#server/platform/transaction.ts';
import type { StreamSource } from '#server/sources/service.ts';

import type { HeldLease } from './assignments.ts';
import { deadAfterMs, planLeases, type LeaseChange, type LeaseRole, type PlanNode } from './lease-plan.ts';
import type { LinkedNode, NodeLinks } from './node-links.ts';
import * as store from './store.ts';

/** An on-demand source is read until this long after somebody last wanted it. */
const wantedForMs = 60_000;
/** Numbers a log elsewhere may have given out since it last told (each 10 s), with room. */
const sequenceMargin = 100;
/** Longer between two passes, and it was we who were away. */
const awayAfterMs = 3000;
const forgetNodesAfterMs = 3_600_000;

export interface Placement {
  leases: HeldLease[];
  urls: Map<string, string | null>;
  /** Streams whose log nobody keeps, for long enough to say so. */
  unkept: StreamId[];
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
}

/** Writes the heartbeats of this process's sidecars and, one gateway at a time, gives streams to living nodes. */
export class Planner {
  readonly #options: PlannerOptions;
  #lastPassAt: number;
  #judgeFrom: number;

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#lastPassAt = options.monotonicNow();
    // Sidecars that ran before this process come back to it first.
    this.#judgeFrom = this.#lastPassAt + deadAfterMs;
  }

  async pass(sources: readonly StreamSource[]): Promise<Placement> {
    const startedAt = this.#options.monotonicNow();
    if (startedAt - this.#lastPassAt > awayAfterMs) this.#judgeFrom = startedAt + deadAfterMs;
    const judge = startedAt >= this.#judgeFrom;
    const placement = await inTransaction(this.#options.database, (rows) => this.#place(rows, sources, judge));
    this.#lastPassAt = startedAt;
    return placement;
  }

  async #place(rows: Rows, sources: readonly StreamSource[], judge: boolean): Promise<Placement> {
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
    let leaseRows = await store.listLeases(rows);
    if (leads) {
      await store.deleteNodes(rows, { before: new Date(now.getTime() - forgetNodesAfterMs) });
      const wanted = await this.#wanted(rows, sources, now);
      const nodes = nodeRows.map((row) => this.#toPlanNode(row));
      const changes = planLeases({ now, nodes, leases: leaseRows.map(toPlanLease), wanted, judge });
      if (changes.length > 0) {
        await store.writeLeases(rows, changes.map(toValues), now);
        leaseRows = await store.listLeases(rows);
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
      unkept:
        judge && leads ? sources.filter((source) => !kept.has(source.streamId)).map((source) => source.streamId) : [],
    };
  }

  async #wanted(rows: Rows, sources: readonly StreamSource[], now: Date): Promise<Record<LeaseRole, Set<StreamId>>> {
    const asked = new Set(await store.listWanted(rows, new Date(now.getTime() - wantedForMs)));
    const read = sources.filter(
      (source) => !source.deleted && source.source !== null && (!source.policy.onDemand || asked.has(source.streamId)),
    );
    return {
      slicer: new Set(sources.map((source) => source.streamId)),
      ingest: new Set(read.map((source) => source.streamId)),
    };
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
