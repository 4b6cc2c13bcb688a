import { z } from 'zod';

import { clockKind, clockKinds, type ClockKind } from './clock.ts';

/**
 * The record protocol between a writer (ingest) and the fragment log (slicer), and from the log to its readers in the house.
 * One binary WebSocket message a record: a 36-byte big-endian header, then the payload. Media contract §3.
 *
 * `type u8 | flags u8 | track u16 | seq u64 | tfdt i64 | duration u32 | captureUs i64 | clock u8 | 0 ×3`
 */
export const recordHeaderBytes = 36;

export const recordType = { run: 1, init: 2, chunk: 3, clock: 4, state: 5, end: 6 } as const;
export type RecordType = (typeof recordType)[keyof typeof recordType];
const recordTypes = Object.values(recordType);

export const recordFlag = {
  /** The chunk opens with a sync sample. */
  key: 1,
  /** Something before this chunk was dropped by the writer. */
  lostBefore: 4,
  /** Made here, not received: slate or silence. Recordings and exports leave it out. */
  synthetic: 8,
  /** The last chunk of its track in this run. */
  lastOfRun: 16,
} as const;

/** track_ID of the tracks every stream knows (media contract §1). 10+ transcoded rungs, 100+ tracks of a meeting. */
export const trackId = { video: 1, aac: 2, opus: 3 } as const;

export interface RecordHeader {
  type: RecordType;
  flags: number;
  track: number;
  /** Counts every record of one (epoch, rung) from 1. */
  seq: number;
  /** Decode time in the track's timescale since the stream's epoch. */
  tfdt: number;
  /** In the track's timescale; exact: the next chunk's tfdt is tfdt + duration within a run. */
  duration: number;
  /** UTC of the first access unit's pts in microseconds since 1970; 0 where unknown. */
  captureUs: number;
  clock: ClockKind;
}

const two32 = 4294967296;

function writeInt64(buffer: Buffer, value: number, offset: number): void {
  // Exact to 2^53, which is 3,170 years at 90 kHz; floor keeps negative values in two's complement.
  buffer.writeUInt32BE(Math.floor(value / two32) >>> 0, offset);
  buffer.writeUInt32BE((((value % two32) + two32) % two32) >>> 0, offset + 4);
}

function readInt64(buffer: Buffer, offset: number): number {
  return buffer.readInt32BE(offset) * two32 + buffer.readUInt32BE(offset + 4);
}

/** Writes the header into the first 36 bytes of `buffer`; the payload stands behind them already (no second copy). */
export function writeRecordHeader(buffer: Buffer, header: RecordHeader): Buffer {
  buffer.writeUInt8(header.type, 0);
  buffer.writeUInt8(header.flags, 1);
  buffer.writeUInt16BE(header.track, 2);
  writeInt64(buffer, header.seq, 4);
  writeInt64(buffer, header.tfdt, 12);
  buffer.writeUInt32BE(header.duration, 20);
  writeInt64(buffer, header.captureUs, 24);
  buffer.writeUInt32BE((clockKinds.indexOf(header.clock) << 24) >>> 0, 32);
  return buffer;
}

/** The header and a view (no copy) of the payload. Throws a RangeError on a message that is no record. */
export function readRecord(buffer: Buffer): { header: RecordHeader; payload: Buffer } {
  if (buffer.length < recordHeaderBytes) throw new RangeError(`a record has 36 bytes or more, got ${buffer.length}`);
  const type = recordTypes.find((known) => known === buffer.readUInt8(0));
  const clock = clockKinds[buffer.readUInt8(32)];
  if (!type) throw new RangeError(`unknown record type ${buffer.readUInt8(0)}`);
  if (!clock) throw new RangeError(`unknown clock kind ${buffer.readUInt8(32)}`);
  return {
    header: {
      type,
      flags: buffer.readUInt8(1),
      track: buffer.readUInt16BE(2),
      seq: readInt64(buffer, 4),
      tfdt: readInt64(buffer, 12),
      duration: buffer.readUInt32BE(20),
      captureUs: readInt64(buffer, 24),
      clock,
    },
    payload: buffer.subarray(recordHeaderBytes),
  };
}

/** A whole record from a header and a JSON or binary payload, for all but chunks. */
export function encodeRecord(header: RecordHeader, payload: Buffer | object): Buffer {
  const body = Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload));
  const record = Buffer.allocUnsafe(recordHeaderBytes + body.length);
  record.set(body, recordHeaderBytes);
  return writeRecordHeader(record, header);
}

/** A track of a run, as RUN announces it. */
export const runTrack = z.object({
  track: z.int().min(1).max(65535),
  kind: z.enum(['video', 'audio']),
  /** RFC 6381: `avc1.64002a`, `hvc1.1.6.L93.B0`, `av01.0.08M.08`, `mp4a.40.2`, `opus`. */
  codec: z.string(),
  timescale: z.int().positive(),
  width: z.int().positive().optional(),
  height: z.int().positive().optional(),
  /** Nominal; what was announced or measured over the first second. */
  fps: z.number().positive().optional(),
  /** Pictures that may be reordered (B-frames): 0 where decode order is display order. */
  reorder: z.int().min(0).optional(),
  channels: z.int().positive().optional(),
  sampleRate: z.int().positive().optional(),
  language: z.string().optional(),
});
export type RunTrack = z.infer<typeof runTrack>;

/** RUN: a stretch with one init a track and one clock mapping begins. INIT of each track and one CLOCK a track follow it. */
export const runPayload = z.object({
  run: z.int().positive(),
  reason: z.enum(['start', 'reconnect', 'parameters', 'clock', 'slate']),
  tracks: z.array(runTrack).min(1),
});
export type RunPayload = z.infer<typeof runPayload>;

/** CLOCK: from `tfdt` on, UTC = utcUs + (t − tfdt) / timescale × (1 + ppb / 1e9). */
export const clockPayload = z.object({
  track: z.int(),
  tfdt: z.number(),
  utcUs: z.number(),
  ppb: z.number(),
  errorUs: z.number(),
  clock: clockKind,
});
export type ClockPayload = z.infer<typeof clockPayload>;

/** STATE, each second: what the writer measures at the source. */
export const statePayload = z.object({
  fps: z.number(),
  /** Bits a second over the last second, all tracks. */
  bitrate: z.number(),
  /** RTP packets or TS continuity losses since the run began. */
  lost: z.int(),
  /** Access units dropped by the writer since the run began. */
  dropped: z.int(),
  source: z.enum(['starting', 'connected', 'reconnecting', 'failed']),
});
export type StatePayload = z.infer<typeof statePayload>;

export const endPayload = z.object({ reason: z.string(), graceMs: z.int().min(0) });
export type EndPayload = z.infer<typeof endPayload>;

/** What the log sends back, JSON text frames. */
export const logMessage = z.discriminatedUnion('type', [
  /** First, on open: where to resume. `lastSeqWritten` is 0 in an epoch the log has not seen. */
  z.object({ type: z.literal('hello'), lastRun: z.int(), lastSeqWritten: z.int() }),
  /** Each 200 ms or MiB: every record up to `written` is in the log, up to `durable` on the disk. */
  z.object({ type: z.literal('ack'), written: z.int(), durable: z.int() }),
  /** What the log asks of the writer; a writer that can't do it ignores it. */
  z.object({
    type: z.literal('request'),
    keyframe: z.boolean().optional(),
    cutAt: z.number().optional(),
    stop: z.boolean().optional(),
    drain: z.boolean().optional(),
  }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), retry: z.boolean() }),
]);
export type LogMessage = z.infer<typeof logMessage>;

/** Claims of the lease token in `Authorization: Bearer` (JWT, HS256 by the install's secret; `exp` in seconds). */
export const leaseClaims = z.object({
  stream: z.uuid(),
  epoch: z.int().positive(),
  writer: z.uuid(),
  exp: z.int(),
});
export type LeaseClaims = z.infer<typeof leaseClaims>;
