import type { SlicerAssignment } from '#server/contracts/sidecar.ts';

import type { SegmentStore } from './disk/segment-store.ts';

/**
 * Where the disk can't be asked which runs there were. Their inits are cached for ever under their numbers, so none may come again: a run lasts more
 * than a second on average, so seconds are ahead of any count, and fit the 32 bits of a blob's frame for a century.
 */
export function runWithoutStore(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}

/** Where the disk can not be asked: more segments than can have come since a sequence was last told to the gateway (10 s). */
const unknownMargin = 100;

/** A number is never given out twice: above what this disk knows, and above what the lease says unless no other node can have written since. */
export function nextMediaSequence(assignment: SlicerAssignment, store: SegmentStore | null): number {
  if (!store) return assignment.firstMediaSequence + unknownMargin;
  const own = store.lastMediaSequence + 1;
  const lastEpoch = store.blobs.at(-1)?.epoch;
  const isSuccessor = lastEpoch !== undefined && assignment.epoch - lastEpoch <= 1;
  return isSuccessor ? own : Math.max(own, assignment.firstMediaSequence);
}
