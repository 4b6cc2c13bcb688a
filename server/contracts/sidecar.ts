import { z } from 'zod';

import { cameraKind, sourceOptions } from './camera.ts';
import { discoveryAnswer, discoveryQuestion } from './discovery.ts';
import { doctorInput, doctorReport, sourceFault } from './doctor.ts';
import { nodeId, streamId } from './ids.ts';
import { lookReport } from './look.ts';
import { mediaState, streamPolicy } from './media-state.ts';
import { pictureRegions } from './picture-region.ts';

/**
 * The control link: one WebSocket from each sidecar to the gateway's internal door (`/internal/v1/control`, loopback, per-install secret in
 * `Authorization: Bearer`), JSON text frames. The sidecar sends `hello` first and reconnects for ever; work in hand goes on while the link is down.
 */
export const sidecarRole = z.enum(['ingest', 'slicer', 'inference', 'archivist', 'metadata']);
export type SidecarRole = z.infer<typeof sidecarRole>;

/** Where a stream comes from, and what is to be done with its picture before it leaves. */
const sourceOfStream = z.object({
  kind: cameraKind,
  /** With credentials; `file` holds a path; empty for `synthetic`. */
  address: z.string(),
  options: sourceOptions,
  /** Each picture has an address of its own, which a list names: another path is the same camera, and is asked at the next turn. */
  addressMoves: z.boolean().optional(),
  /** What is drawn into a synthetic picture. */
  label: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  timeZone: z.string(),
  /** Painted over, opaque, before anything is sent; left out where nothing is. */
  masks: pictureRegions.optional(),
});

/** A stream an ingest node is to read. The address is open here: loopback only, never logged. */
export const ingestAssignment = z.object({
  streamId,
  /** Of the ingest lease; higher than any before. */
  epoch: z.int().positive(),
  /** UTC ms of tfdt 0 of this stream. */
  epochMs: z.int(),
  /** `ws://host:port/log/v1/streams/{streamId}?rung=src` of the slicer that holds the stream. */
  logUrl: z.string(),
  leaseToken: z.string(),
  source: sourceOfStream,
  /** Of the stream's policy: so long a slate stands in for a source that is away, then the stream ends. Left out or null for cameras: an outage is a gap. */
  graceMs: z.int().min(0).nullable().optional(),
});
export type IngestAssignment = z.infer<typeof ingestAssignment>;

/** A stream a slicer node is to keep the log of. */
export const slicerAssignment = z.object({
  streamId,
  /** Of the slicer lease; the name of its blobs begins with it. */
  epoch: z.int().positive(),
  epochMs: z.int(),
  /** No media sequence number below this one may be given out. */
  firstMediaSequence: z.int().min(0),
  policy: streamPolicy,
});
export type SlicerAssignment = z.infer<typeof slicerAssignment>;

/** Health in three words apart: alive (answers), ready (does its work), stuck (has work and does not get on with it). */
export const nodeHealth = z.object({
  ready: z.boolean(),
  stuck: z.string().nullable(),
  uptimeSeconds: z.number(),
  rssBytes: z.number(),
  cpuSeconds: z.number(),
  eventLoopDelayP99Ms: z.number(),
  /** Role's own counters: `streams`, `cells`, `viewers`, `droppedRecords`… */
  counters: z.record(z.string(), z.number()),
});
export type NodeHealth = z.infer<typeof nodeHealth>;

export const diskHealth = z.object({
  path: z.string(),
  freeBytes: z.number(),
  totalBytes: z.number(),
  /** `evicting`: below 10 % free, oldest unpinned go first; until 12 % are free again. `paused`: below 5 %, live goes on from memory. */
  level: z.enum(['ok', 'evicting', 'paused']),
  /** Seconds of recording evicted before their age since the process began. */
  evictedSeconds: z.number(),
});
export type DiskHealth = z.infer<typeof diskHealth>;

/** One closed segment of the log: [mediaSequence, startMs (UTC), durationMs, bytes, flags: 1 discontinuity before, 2 synthetic]. */
export const segmentRow = z.tuple([z.int(), z.number(), z.number(), z.int(), z.int()]);
export type SegmentRow = z.infer<typeof segmentRow>;

/** What a sidecar tells the gateway. */
export const fromSidecar = z.discriminatedUnion('type', [
  /** First message. `url`: where others reach this node's own port (slicer). */
  z.object({
    type: z.literal('hello'),
    node: nodeId,
    role: sidecarRole,
    url: z.string().nullable(),
    /** Where its data lie (machine and folder): a successor at the same place finds the log on its disk. Left out: the url. */
    place: z.string().optional(),
    pid: z.int(),
    capacity: z.int().positive(),
  }),
  /** Each second; three missed and the node is taken for dead after 5 s. */
  z.object({ type: z.literal('heartbeat'), health: nodeHealth, disk: diskHealth.nullable() }),
  /** ingest: the life of a source, at each change. */
  z.object({
    type: z.literal('source'),
    streamId,
    state: z.enum(['starting', 'connected', 'reconnecting', 'failed']),
    fault: sourceFault.nullable(),
    message: z.string(),
    attempt: z.int().min(0),
    retryInMs: z.int().nullable(),
  }),
  /** slicer: somebody asks for a stream that has no writer. Repeated each 5 s while they do. */
  z.object({ type: z.literal('want'), streamId }),
  /** slicer: measured states, at each change and each 10 s. */
  z.object({ type: z.literal('states'), states: z.array(mediaState) }),
  /** slicer: closed segments of one stream-minute; PostgreSQL keeps them as a cache of the `.idx`. */
  z.object({
    type: z.literal('segments'),
    streamId,
    /** UTC ms of the minute's start. */
    minuteMs: z.int(),
    segments: z.array(segmentRow),
  }),
  /** slicer: the highest media sequence of each stream, each 10 s, so that a successor starts above it. */
  z.object({ type: z.literal('sequences'), sequences: z.array(z.object({ streamId, mediaSequence: z.int() })) }),
  /** ingest: the answer to `diagnose`. */
  z.object({ type: z.literal('diagnosed'), requestId: z.string(), report: doctorReport }),
  /** ingest: the answer to `discover`. */
  z.object({ type: z.literal('discovered'), requestId: z.string(), answer: discoveryAnswer }),
  /** ingest: the answer to `look`. */
  z.object({ type: z.literal('looked'), requestId: z.string(), streamId, report: lookReport }),
]);
export type FromSidecar = z.infer<typeof fromSidecar>;

/** What the gateway tells a sidecar. */
export const toSidecar = z.discriminatedUnion('type', [
  /** ingest: read these. `full`: whatever is not named is to be let go. */
  z.object({ type: z.literal('ingest'), full: z.boolean(), streams: z.array(ingestAssignment) }),
  /** slicer: keep the log of these. */
  z.object({ type: z.literal('slice'), full: z.boolean(), streams: z.array(slicerAssignment) }),
  /** both: let these go. `erase`: the stream was deleted, its log goes too. */
  z.object({
    type: z.literal('release'),
    streamIds: z.array(streamId),
    erase: z.boolean(),
    /** slicer: own address of the node that has them now, where it is known: writers that still come are sent there. */
    movedTo: z.url().optional(),
  }),
  /** slicer: why there is no picture, as ingest told it. */
  z.object({ type: z.literal('sourceState'), streamId, fault: sourceFault.nullable(), message: z.string() }),
  /** ingest: run the doctor; answered by `diagnosed` within 20 s. */
  z.object({ type: z.literal('diagnose'), requestId: z.string(), input: doctorInput }),
  /** ingest: look for devices of the local network, or ask one for its streams; answered by `discovered` within 17 s. */
  z.object({ type: z.literal('discover'), requestId: z.string(), question: discoveryQuestion }),
  /** ingest: take one picture of a source that nobody reads; answered by `looked` within 12 s. At most four at once a node. */
  z.object({ type: z.literal('look'), requestId: z.string(), streamId, source: sourceOfStream }),
  /** Finish what is in hand, take nothing new. */
  z.object({ type: z.literal('drain') }),
]);
export type ToSidecar = z.infer<typeof toSidecar>;
