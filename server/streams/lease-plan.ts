import type { StreamId } from '#server/contracts/ids.ts';

export type LeaseRole = 'ingest' | 'slicer';

export interface PlanNode {
  id: string;
  role: LeaseRole;
  url: string | null;
  /** Where its data lie. */
  place: string | null;
  capacity: number;
  heartbeatAt: Date;
  /** Known to be gone (it said good-bye, or its process on this machine is not there), whatever its heartbeat says. */
  gone: boolean;
  /** Takes nothing new: it is about to stop. */
  draining: boolean;
}

export interface PlanLease {
  streamId: StreamId;
  role: LeaseRole;
  nodeId: string | null;
  epoch: number;
  place: string | null;
}

export interface LeaseChange extends PlanLease {
  /** The successor stands where the last holder stood and finds its log on the disk. */
  samePlace: boolean;
}

export interface PlanInput {
  now: Date;
  nodes: readonly PlanNode[];
  leases: readonly PlanLease[];
  wanted: Record<LeaseRole, ReadonlySet<StreamId>>;
  /** After an outage of ours heartbeats are old for our own fault: nobody is judged by them until they could come again. */
  judge: boolean;
}

/** A node is dead when its heartbeat is older. */
export const deadAfterMs = 5000;

/**
 * Who is to hold what: wanted streams without a living holder go to the least loaded living node of the role, with the epoch one higher.
 * What lives keeps what it has, so a new node changes nothing by coming.
 */
export function planLeases(input: PlanInput): LeaseChange[] {
  return (['slicer', 'ingest'] as const).flatMap((role) => planRole(role, input));
}

function planRole(role: LeaseRole, input: PlanInput): LeaseChange[] {
  const wanted = input.wanted[role];
  const leases = new Map(input.leases.filter((lease) => lease.role === role).map((lease) => [lease.streamId, lease]));
  const nodes = input.nodes.filter((node) => node.role === role);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const isStale = (node: PlanNode) => input.now.getTime() - node.heartbeatAt.getTime() > deadAfterMs;
  const candidates = nodes.filter((node) => !node.gone && !node.draining && !isStale(node));
  const load = new Map(candidates.map((node) => [node.id, 0]));
  for (const lease of leases.values()) {
    if (lease.nodeId !== null && wanted.has(lease.streamId)) {
      const count = load.get(lease.nodeId);
      if (count !== undefined) load.set(lease.nodeId, count + 1);
    }
  }

  const leastLoaded = (among: readonly PlanNode[]) => {
    let best: PlanNode | null = null;
    for (const node of among) {
      const count = load.get(node.id) ?? 0;
      if (count < node.capacity && (!best || count < (load.get(best.id) ?? 0))) best = node;
    }
    return best;
  };

  /** The node that is to take the stream over, or null while its holder is to keep it or nobody can take it. */
  const successorOf = (lease: PlanLease | undefined): PlanNode | null => {
    const holder = lease?.nodeId ? byId.get(lease.nodeId) : undefined;
    const late = holder !== undefined && input.judge && isStale(holder);
    if (holder && !holder.gone && !late) {
      // Another process that answers at the holder's own address can only be there because the holder is not.
      return leastLoaded(
        candidates.filter((node) => node.id !== holder.id && node.url !== null && node.url === holder.url),
      );
    }
    const there =
      role === 'slicer' && lease?.place ? leastLoaded(candidates.filter((node) => node.place === lease.place)) : null;
    if (there) return there;
    // A log is worth waiting for: a slicer that is back in time finds its disk. A source is not.
    if (role === 'slicer' && holder && !late) return null;
    return leastLoaded(candidates);
  };

  const changes: LeaseChange[] = [];
  for (const streamId of wanted) {
    const lease = leases.get(streamId);
    const node = successorOf(lease);
    if (!node) continue;
    load.set(node.id, (load.get(node.id) ?? 0) + 1);
    const samePlace = lease?.place !== null && lease?.place !== undefined && lease.place === node.place;
    changes.push({ streamId, role, nodeId: node.id, place: node.place, epoch: (lease?.epoch ?? 0) + 1, samePlace });
  }
  for (const lease of leases.values()) {
    if (lease.nodeId !== null && !wanted.has(lease.streamId)) changes.push({ ...lease, nodeId: null, samePlace: true });
  }
  return changes;
}
