import type { RunTrack } from '#server/contracts/log-record.ts';

/** A chunk (moof+mdat of one track) on its way into the log. */
export interface LogChunk {
  track: number;
  data: Buffer;
  /** In the track's timescale, as is `duration`. */
  tfdt: number;
  duration: number;
  /** UTC of its first access unit in µs; 0 where unknown. */
  captureUs: number;
  key: boolean;
  synthetic: boolean;
  /** The record's seq of the writer; what a restart resumes after. */
  seq?: number;
}

export interface LogPart {
  mediaSequence: number;
  part: number;
  /** In order of arrival: the order in which they are served. */
  chunks: LogChunk[];
  /** The bytes of all of them in one piece, where they are: one write, not a dozen. */
  data?: Buffer;
  /** Epoch of the writer whose `seq` the chunks carry. */
  writerEpoch?: number;
  /** The segment that this part belongs to opens after a DISCONTINUITY. */
  discontinuity?: boolean;
}

export interface LogRun {
  run: number;
  tracks: RunTrack[];
  /** ftyp+moov of each track by its id. */
  inits: Map<number, Buffer>;
  discontinuity: boolean;
}

export interface SegmentClose {
  mediaSequence: number;
  run: number;
  /** UTC of its first picture by the run's clock mapping: what PROGRAM-DATE-TIME says. */
  startMs: number;
  durationMs: number;
  discontinuity: boolean;
  /** All of it was made here: slate. */
  synthetic: boolean;
  /** Opens with a key frame. */
  independent: boolean;
  /** Bits a second, all tracks; bytes over duration unless told. */
  bandwidth?: number;
}

export interface TrackSegment {
  track: number;
  tfdt: number;
  duration: number;
  bytes: number;
  sha256: string;
}

/** A closed segment as the index knows it. */
export interface SegmentMeta {
  mediaSequence: number;
  run: number;
  startMs: number;
  durationMs: number;
  bytes: number;
  bandwidth: number;
  discontinuity: boolean;
  synthetic: boolean;
  independent: boolean;
  /** Closed by recovery, shorter than its writer meant it. */
  recovered: boolean;
  tracks: TrackSegment[];
}

/** What the log has of a writer: every record up to `seq` of this epoch. */
export interface WriterPosition {
  epoch: number;
  seq: number;
}

/** Where a segment lies: byte ranges in order of arrival. */
export interface StoredSegment extends SegmentMeta {
  offset: number;
  /** From `offset` to the end of its last chunk, frames between them included. */
  span: number;
  ranges: { track: number; offset: number; length: number }[];
  /** The last record of it. */
  writer: WriterPosition | null;
}

export type SpanKind = 'recorded' | 'slate' | 'dropped' | 'off' | 'retention';

/** A stretch of one kind, UTC ms. */
export interface Span {
  fromMs: number;
  toMs: number;
  kind: SpanKind;
}

export type PauseReason =
  /** The disk is full (ENOSPC, EDQUOT). */
  | 'full'
  /** The disk answers with another error. */
  | 'fault'
  /** The disk takes less than the stream brings. */
  | 'slow'
  /** Less than 5 % free: the disk watch asked for it. */
  | 'space';

export type RecordingState =
  | { state: 'recording' }
  /** The policy keeps nothing; the media sequence is still remembered. */
  | { state: 'off' }
  | { state: 'paused'; reason: PauseReason; sinceMs: number; message: string };

/** Up to where the disk holds everything, come what may. */
export interface Durable {
  mediaSequence: number;
  part: number;
  writer: WriterPosition | null;
}

/** Recording stands still since then. */
export interface Hole {
  fromMs: number;
  kind: 'dropped' | 'off';
}
