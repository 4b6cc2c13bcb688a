import { z } from 'zod';

import { doctorInput, doctorReport, sourceFault } from '#server/contracts/doctor.ts';
import { streamId } from '#server/contracts/ids.ts';
import { ingestAssignment, type FromSidecar } from '#server/contracts/sidecar.ts';

/** IPC between the ingest process and its cells. Addresses with credentials travel here only, never in arguments or environment. */

/** `end`: END is written, viewers are told that it is over. `outage`: the line just ends, because the source goes on elsewhere. */
const pullEnding = z.enum(['end', 'outage']);
export type PullEnding = z.infer<typeof pullEnding>;

/** The life of a source at each change; goes on to the gateway as it is. */
export type SourceReport = Extract<FromSidecar, { type: 'source' }>;
const sourceReport = z.object({
  type: z.literal('source'),
  streamId,
  state: z.enum(['starting', 'connected', 'reconnecting', 'failed']),
  fault: sourceFault.nullable(),
  message: z.string(),
  attempt: z.int().min(0),
  retryInMs: z.int().nullable(),
}) satisfies z.ZodType<SourceReport>;

export const cellCounters = z.object({
  droppedRecords: z.int(),
  reconnects: z.int(),
  unacknowledgedBytes: z.int(),
});
export type CellCounters = z.infer<typeof cellCounters>;

/** From the ingest process to a cell. */
export const toCell = z.discriminatedUnion('type', [
  /** Read this; a stream that is read already takes the newer epoch, token and log address. */
  z.object({ type: z.literal('pull'), assignment: ingestAssignment }),
  /** Let it go; answered by `released`. */
  z.object({ type: z.literal('release'), streamId, ending: pullEnding }),
  /** To a child that holds no sources: examine one, answered by `diagnosed`. */
  z.object({ type: z.literal('diagnose'), input: doctorInput, deadlineMs: z.int().positive() }),
]);
export type ToCell = z.infer<typeof toCell>;

/** From a cell to the ingest process. `ready` comes before all of these (server/supervisor/child.ts). */
export const fromCell = z.discriminatedUnion('type', [
  sourceReport,
  /** Nothing of the source is left in the cell. */
  z.object({ type: z.literal('released'), streamId }),
  /** The log refuses this epoch for good: another writer holds the stream. */
  z.object({ type: z.literal('fenced'), streamId, epoch: z.int() }),
  /** Each second; a cell that keeps silent for 5 s is frozen. */
  z.object({ type: z.literal('heartbeat'), counters: cellCounters }),
  z.object({ type: z.literal('diagnosed'), report: doctorReport }),
]);
export type FromCell = z.infer<typeof fromCell>;
