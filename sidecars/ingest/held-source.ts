import type { StreamId } from '#server/contracts/ids.ts';
import type { IngestAssignment } from '#server/contracts/sidecar.ts';

import type { CellHandle } from './cell-handle.ts';
import type { SourceReport } from './cell-protocol.ts';

/** Where an assigned stream is. `leaving`: its cell was told to let it go and has not said that it did. */
type Place =
  | { state: 'waiting'; timer: NodeJS.Timeout | null }
  | { state: 'placed'; cell: CellHandle }
  | { state: 'leaving'; cell: CellHandle; deadline: NodeJS.Timeout };

/** A stream that was assigned to this node, until nothing of it is read any more. */
export interface HeldSource {
  streamId: StreamId;
  assignment: IngestAssignment;
  place: Place;
  /** False: it goes for good, as soon as its cell has let it go. */
  wanted: boolean;
  lastReport: SourceReport | null;
  gone: PromiseWithResolvers<void>;
}

export function holdSource(assignment: IngestAssignment): HeldSource {
  const { streamId } = assignment;
  const place: Place = { state: 'waiting', timer: null };
  return { streamId, assignment, place, wanted: true, lastReport: null, gone: Promise.withResolvers<void>() };
}
