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
  return { role: 'ingest', stream: { streamId, epoch, epochMs, logUrl: log, source: source.source } };
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

/** The messages of a step; `full` is told even when it is empty, so that the node lets go what it still holds. */
export function messagesOf(
  role: 'ingest' | 'slicer',
  step: { full: boolean; released: StreamId[] },
  streams: (IngestAssignment | SlicerAssignment)[],
): ToSidecar[] {
  const messages: ToSidecar[] = [];
  if (step.released.length > 0) messages.push({ type: 'release', streamIds: step.released, erase: false });
  if (streams.length === 0 && !step.full) return messages;
  const { full } = step;
  if (role === 'ingest')
    messages.push({ type: 'ingest', full, streams: streams.filter((stream) => 'leaseToken' in stream) });
  else messages.push({ type: 'slice', full, streams: streams.filter((stream) => 'policy' in stream) });
  return messages;
}
