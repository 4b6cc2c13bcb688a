import {
  encodeRecord,
  recordFlag,
  recordType,
  writeRecordHeader,
  type EndPayload,
  type RecordHeader,
  type RunPayload,
  type StatePayload,
} from '#server/contracts/log-record.ts';
import { writeChunk, type ChunkHead, type ChunkSample } from '#sidecars/cmaf/chunk-writer.ts';
import { writeInitSegment, type TrackInit } from '#sidecars/cmaf/init-segment.ts';

import type { Timeline, TrackTimes } from './packager-track.ts';

export interface ChunkOptions {
  tfdt: number;
  duration: number;
  flags: number;
  /** Made here, not received. */
  synthetic?: boolean;
}

/** Writes the records of one stream; sequence numbers are the uplink's. Header objects are used again: a chunk allocates its record only. */
export class RecordWriter {
  readonly #epochUs: number;
  readonly #emit: (record: Buffer) => void;
  readonly #header: RecordHeader = {
    type: recordType.chunk,
    flags: 0,
    track: 0,
    seq: 0,
    tfdt: 0,
    duration: 0,
    captureUs: 0,
    clock: 'arrival',
  };
  readonly #head: ChunkHead = { track: 0, kind: 'video', sequence: 0, tfdt: 0, captureUs: 0 };

  /** The decoder's record of the run before: what players that read on have. */
  videoConfig: Buffer | null = null;

  /** The run is made here: pictures and sound in place of a source that is away. */
  isSlate = false;

  /** The time line of the run itself; stands in for a track's own until the run has met it. */
  reference: Timeline | null = null;

  constructor(epochMs: number, emit: (record: Buffer) => void) {
    this.#epochUs = epochMs * 1000;
    this.#emit = emit;
  }

  run(payload: RunPayload): void {
    this.#plain(recordType.run, payload);
  }

  init(track: TrackInit): void {
    this.#plain(recordType.init, writeInitSegment(track), track.id);
  }

  state(payload: StatePayload): void {
    this.#plain(recordType.state, payload);
  }

  end(payload: EndPayload): void {
    this.#plain(recordType.end, payload);
  }

  /** The mapping in force of a track whose time line the run has met. */
  clock(times: TrackTimes): void {
    const { clock, baseUs } = this.#timelineOf(times);
    if (baseUs === null) return;
    const { line } = clock;
    const tfdt = Math.round(((line.mediaUs + baseUs - this.#epochUs) * times.timescale) / 1e6);
    const header = this.#fill(recordType.clock, times.id);
    header.tfdt = tfdt;
    header.captureUs = Math.round(line.utcUs);
    header.clock = line.clock;
    const { ppb, errorUs, clock: kind } = line;
    this.#emit(encodeRecord(header, { track: times.id, tfdt, utcUs: header.captureUs, ppb, errorUs, clock: kind }));
  }

  chunk(times: TrackTimes, samples: readonly ChunkSample[], options: ChunkOptions): void {
    const { tfdt } = options;
    const captureUs = this.#captureUs(times, tfdt + (samples[0]?.compositionOffset ?? 0));
    const head = this.#head;
    times.sequence += 1;
    head.track = times.id;
    head.kind = times.source.kind;
    head.sequence = times.sequence;
    head.tfdt = tfdt;
    head.captureUs = captureUs;
    const record = writeChunk(head, samples);
    const header = this.#fill(recordType.chunk, times.id);
    const isSynthetic = options.synthetic === true || this.isSlate;
    header.flags = this.isSlate ? options.flags | recordFlag.synthetic : options.flags;
    header.tfdt = tfdt;
    header.duration = options.duration;
    header.captureUs = captureUs;
    header.clock = isSynthetic ? 'synthetic' : times.timeline.clock.line.clock;
    this.#emit(writeRecordHeader(record, header));
  }

  /** Wall clock of a place on the log's time line, by the mapping in force. */
  #captureUs(times: TrackTimes, tfdt: number): number {
    const { clock, baseUs } = this.#timelineOf(times);
    if (baseUs === null) return 0;
    return Math.max(0, Math.round(clock.utcOf((tfdt * 1e6) / times.timescale + this.#epochUs - baseUs)));
  }

  #timelineOf(times: TrackTimes): Timeline {
    return times.timeline.baseUs === null ? (this.reference ?? times.timeline) : times.timeline;
  }

  #plain(type: RecordHeader['type'], payload: Buffer | object, track = 0): void {
    this.#emit(encodeRecord(this.#fill(type, track), payload));
  }

  #fill(type: RecordHeader['type'], track: number): RecordHeader {
    const header = this.#header;
    header.type = type;
    header.track = track;
    header.flags = 0;
    header.tfdt = 0;
    header.duration = 0;
    header.captureUs = 0;
    header.clock = 'arrival';
    return header;
  }
}
