import type { StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment, SlicerAssignment, ToSidecar } from '#server/contracts/sidecar.ts';
import type { StreamSource } from '#server/sources/service.ts';

export interface HeldLease {
  streamId: StreamId;
  role: 'ingest' | 'slicer';
  nodeId: string;
  epoch: number;
  firstMediaSequence: number;
}

/** What a node is to do, before its lease token is signed. */
export type Assignment =
  | { role: 'ingest'; stream: Omit<IngestAssignment, 'leaseToken'> }
  | { role: 'slicer'; stream: SlicerAssignment };

export interface DutyInput {
  sources: readonly StreamSource[];
  leases: readonly HeldLease[];
  /** Where the nodes answer. */
  urlOf: (nodeId: string) => string | null;
}

/** What each node is to do by the leases. A source is read only where somebody keeps its log. */
export function dutiesByNode({ sources, leases, urlOf }: DutyInput): Map<string, Map<StreamId, Assignment>> {
  const byStream = new Map(sources.map((source) => [source.streamId, source]));
  const logOf = new Map<StreamId, string>();
  for (const lease of leases) {
    const url = lease.role === 'slicer' ? urlOf(lease.nodeId) : null;
    if (url) logOf.set(lease.streamId, logUrl(url, lease.streamId));
  }
  const duties = new Map<string, Map<StreamId, Assignment>>();
  for (const lease of leases) {
    const source = byStream.get(lease.streamId);
    const assignment = source && assignmentOf(lease, source, logOf.get(lease.streamId));
    if (!assignment) continue;
    const ofNode = duties.get(lease.nodeId) ?? new Map<StreamId, Assignment>();
    ofNode.set(lease.streamId, assignment);
    duties.set(lease.nodeId, ofNode);
  }
  return duties;
}

function assignmentOf(lease: HeldLease, source: StreamSource, log: string | undefined): Assignment | null {
  const { streamId, epoch } = lease;
  const { epochMs, policy } = source;
  if (lease.role === 'slicer') {
    return {
      role: 'slicer',
      stream: { streamId, epoch, epochMs, firstMediaSequence: lease.firstMediaSequence, policy },
    };
  }
  if (!log || !source.source || source.deleted) return null;
  // Nothing comes after the end.
  if (policy.ended) return null;
  const { graceMs } = policy;
  const stream = { streamId, epoch, epochMs, logUrl: log, source: source.source };
  return { role: 'ingest', stream: { ...stream, ...(graceMs !== null && { graceMs }) } };
}

/** The writer's door of a slicer, from the address it told. */
export function logUrl(nodeUrl: string, streamId: StreamId): string {
  const url = new URL(`/log/v1/streams/${streamId}?rung=src`, nodeUrl);
  url.protocol = url.protocol === 'https:' || url.protocol === 'wss:' ? 'wss:' : 'ws:';
  return url.href;
}

/** What was told to a node; each stream by the text of its assignment. */
export type Told = Map<StreamId, string>;

/** The step from what a node was told to what it is to do. */
export function stepOf(told: Told | null, duty: ReadonlyMap<StreamId, Assignment>) {
  const next: Told = new Map();
  const changed: Assignment[] = [];
  for (const [streamId, assignment] of duty) {
    const text = JSON.stringify(assignment);
    next.set(streamId, text);
    if (told?.get(streamId) !== text) changed.push(assignment);
  }
  const released = told ? [...told.keys()].filter((streamId) => !duty.has(streamId)) : [];
  return { next, changed, released, full: told === null };
}

/** What became of a stream that a node is to let go. */
export interface Farewell {
  isErased: (id: StreamId) => boolean;
  /** The address of the slicer that keeps its log now. */
  keptAt: (id: StreamId) => string | null;
}

/** The messages of a step; `full` is told even when it is empty, so that the node lets go what it still holds. */
export function messagesOf(
  role: 'ingest' | 'slicer',
  step: { full: boolean; released: StreamId[] } & Farewell,
  streams: (IngestAssignment | SlicerAssignment)[],
): ToSidecar[] {
  const messages: ToSidecar[] = releasesOf(role, step);
  if (streams.length === 0 && !step.full) return messages;
  const { full } = step;
  if (role === 'ingest')
    messages.push({ type: 'ingest', full, streams: streams.filter((stream) => 'leaseToken' in stream) });
  else messages.push({ type: 'slice', full, streams: streams.filter((stream) => 'policy' in stream) });
  return messages;
}

function releasesOf(
  role: 'ingest' | 'slicer',
  { released, isErased, keptAt }: { released: StreamId[] } & Farewell,
): ToSidecar[] {
  const byFate = Map.groupBy(released, (id) => (isErased(id) ? null : (role === 'slicer' && keptAt(id)) || ''));
  const releaseOf = ([movedTo, streamIds]: [string | null, StreamId[]]): ToSidecar => {
    return { type: 'release', streamIds, erase: movedTo === null, ...(movedTo && { movedTo }) };
  };
  return [...byFate].map(releaseOf);
}
