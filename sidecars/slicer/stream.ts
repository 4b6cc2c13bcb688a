import { EventEmitter } from 'node:events';

import {
  clockPayload,
  endPayload,
  readRecord,
  recordFlag,
  recordType,
  runPayload,
  statePayload,
  type ClockPayload,
  type RecordHeader,
  type RunPayload,
  type RunTrack,
  type StatePayload,
} from '#server/contracts/log-record.ts';
import type { SegmentRow, SlicerAssignment } from '#server/contracts/sidecar.ts';

import { chunksSince } from './chunks-since.ts';
import type { SegmentStore } from './disk/segment-store.ts';
import type { LogChunk, LogRun } from './disk/segment.ts';
import { KeyFrameWish } from './key-frame-wish.ts';
import type { LiveWindow } from './live-window.ts';
import { LogWriter, type CutFollower, type LogWriterOptions } from './log-writer.ts';
import { RecordSinks } from './record-sinks.ts';
import { restoreWindow } from './restore-window.ts';
import { ResumeGate } from './resume-gate.ts';
import { StreamEnding, type StreamEndingOptions } from './stream-ending.ts';
import { StreamMeter } from './stream-meter.ts';
import type { Waiters } from './waiters.ts';

export type StreamOptions = Omit<LogWriterOptions, 'runStarted' | 'segmentStored' | 'written' | 'cutWithoutKey'> & {
  /** What its folder says of its end; nothing unless told. */
  ending?: StreamEndingOptions;
};

interface StreamEvents {
  /** A segment is closed and on the disk. */
  segment: [SegmentRow];
  /** A writer has come or gone. */
  writer: [];
  /** The writer is to be asked for a key frame, to cut at `cutAt` where it can. */
  keyFrameWanted: [cutAt: number | null];
}

/** One stream as its doors see it: the writer's records in, the live window and the readers out. */
export class LiveStream extends EventEmitter<StreamEvents> {
  readonly id: string;
  readonly store: SegmentStore | null;
  readonly meter = new StreamMeter();
  readonly sinks = new RecordSinks();
  policy: SlicerAssignment['policy'];
  /** Epoch of the writer in force and the last of its records that is here. */
  writer: { epoch: number; seq: number };
  writing = false;
  /** Last record whose part the disk, or memory where nothing is recorded, holds. */
  writtenSeq: number;
  /** Chunks of the same number that came twice. */
  doubles = 0;
  /** Viewers of `tail.mp4`. */
  tails = 0;
  /** Chunks left out for readers that were too slow. */
  readerDrops = 0;
  readonly #log: LogWriter;
  readonly #ending: StreamEnding;
  #announced: { epoch: number; payload: RunPayload } | null = null;
  #report: StatePayload | null = null;
  readonly #keyFrames = new KeyFrameWish();
  readonly #resume = new ResumeGate();
  /** UTC ms of the last record of the writer in hand. */
  #heardMs = Number.POSITIVE_INFINITY;

  constructor(options: StreamOptions) {
    super();
    const { assignment, store, log } = options;
    this.id = assignment.streamId;
    this.policy = assignment.policy;
    this.store = store;
    this.writer = { epoch: store?.lastWriter?.epoch ?? 0, seq: store?.lastWriter?.seq ?? 0 };
    this.writtenSeq = this.writer.seq;
    this.#ending = new StreamEnding(options.ending ?? { kept: null, keep: () => {} });
    this.#log = new LogWriter({
      ...options,
      runStarted: (run) => {
        this.sinks.run(run);
        log.info(
          { action: 'run.started', run: run.run, codecs: run.tracks.map((track) => track.codec) },
          'run started',
        );
      },
      cutWithoutKey: (tfdt) => this.wantKeyFrame(tfdt),
      segmentStored: (row) => this.emit('segment', row),
      written: (epoch, seq) => {
        if (epoch !== this.writer.epoch) return;
        // What follows the last chunk, END above all, is in the log with it.
        this.writtenSeq = Math.max(this.writtenSeq, this.#log.isSettled ? this.writer.seq : seq);
      },
    });
  }

  get window(): LiveWindow {
    return this.#log.window;
  }

  get waiters(): Waiters {
    return this.#log.waiters;
  }

  /** Who cuts rungs of it where it is cut. */
  get followers(): Set<CutFollower> {
    return this.#log.followers;
  }

  get lead(): RunTrack | null {
    return this.#log.lead;
  }

  get run(): LogRun | null {
    return this.#log.run;
  }

  get hasRunStarted(): boolean {
    return this.#log.hasRunStarted;
  }

  get clock(): ClockPayload | null {
    return this.#log.clock;
  }

  /** It is over and its playlists grow no more: by word, or because its grace ran out. No camera's ever is. */
  get ended(): boolean {
    return this.#ending.isOver;
  }

  /** UTC ms. */
  get endedAtMs(): number | null {
    return this.#ending.overSinceMs;
  }

  get lastRun(): number {
    return this.#log.runNumber;
  }

  /** Dropped or lost, whoever did it. */
  get dropped(): number {
    return this.meter.dropped + (this.#report?.dropped ?? 0) + (this.#report?.lost ?? 0);
  }

  /** Chunks that are in no part yet. */
  get pendingChunks(): readonly LogChunk[] {
    return this.#log.pendingChunks;
  }

  /** How long no record came from a writer that is connected and said that its source is read: it would tell a STATE each second. */
  silentMs(nowMs: number): number {
    return this.writing && this.#report?.source === 'connected' ? Math.max(0, nowMs - this.#heardMs) : 0;
  }

  get durableSeq(): number {
    if (this.store?.state.state !== 'recording') return this.writtenSeq;
    const durable = this.store.durableThrough?.writer;
    return durable?.epoch === this.writer.epoch ? durable.seq : 0;
  }

  /** A playlist was handed out: what it promised holds for a while. */
  playlistGiven(): void {
    this.#log.playlistAt = performance.now();
  }

  /** Chunks in memory from the last key frame on, or from the last one at or before `fromMs` (UTC). */
  chunksSince(fromMs: number | null): LogChunk[] {
    const { segments } = this.window;
    const lead = this.lead?.track;
    return chunksSince({ segments, run: this.run?.run, lead, pending: this.#log.pendingChunks }, fromMs);
  }

  async restore(nowMs: number): Promise<void> {
    if (!this.store) return;
    // What is over shows its end, however long ago that was.
    if (this.policy.ended) this.endByWord('ended', nowMs);
    else this.lookForEnd(nowMs);
    const reachMs = this.ended ? (this.store.newestMs ?? nowMs) : nowMs;
    this.#resume.set(await restoreWindow(this.window, this.store, reachMs));
  }

  /** A writer of this epoch connects; a lower one is refused by the door. */
  beginWriter(epoch: number): void {
    if (epoch > this.writer.epoch) {
      this.writer = { epoch, seq: 0 };
      this.writtenSeq = 0;
      this.#announced = null;
    }
    this.#log.writerEpoch = epoch;
    this.writing = true;
    this.#ending.resume();
    this.#heardMs = Number.POSITIVE_INFINITY;
    this.emit('writer');
  }

  endWriter(): void {
    this.writing = false;
    this.emit('writer');
  }

  /** `cutAt`: to be cut there, where the writer can. */
  wantKeyFrame(cutAt: number | null = null): void {
    if (this.writing && this.#keyFrames.isDue(performance.now())) this.emit('keyFrameWanted', cutAt);
  }

  /** Calls back whenever the writer is to make a key frame; gives back what ends that. */
  onKeyFrameWanted(ask: (cutAt: number | null) => void): () => void {
    this.on('keyFrameWanted', ask);
    return () => this.off('keyFrameWanted', ask);
  }

  /** Takes one record as it came over the wire. Throws on what is none. */
  record(record: Buffer, nowMs = Date.now()): void {
    const { header, payload } = readRecord(record);
    if (this.ended) return;
    this.#heardMs = nowMs;
    const isDouble = header.seq > 0 && header.seq <= this.writer.seq;
    switch (header.type) {
      case recordType.run:
        // Sent again with its old number after a reconnection: taken by its content.
        this.#announce(runPayload.parse(JSON.parse(payload.toString())));
        break;
      case recordType.init:
        if (this.run && !this.hasRunStarted) this.run.inits.set(header.track, Buffer.from(payload));
        break;
      case recordType.chunk:
        if (isDouble) this.doubles += 1;
        else this.#chunk(header, payload, nowMs);
        break;
      case recordType.clock:
        this.#log.setClock(clockPayload.parse(JSON.parse(payload.toString())));
        break;
      case recordType.state:
        this.#report = statePayload.parse(JSON.parse(payload.toString()));
        break;
      case recordType.end:
        if (!isDouble) this.#log.end();
        // Sent again with the same number after a broken line: what the connection took back is said anew.
        if (!isDouble || header.seq === this.writer.seq) this.#sayEnd(payload, nowMs);
        break;
    }
    this.writer.seq = Math.max(this.writer.seq, header.seq);
    if (this.#log.isSettled) this.writtenSeq = this.writer.seq;
    if (!isDouble && header.type !== recordType.run && header.type !== recordType.init) {
      this.sinks.record(record, header);
    }
    // Its readers have heard the word by now.
    if (header.type === recordType.end) this.lookForEnd(nowMs);
  }

  /** Ended by word of who owns it. */
  endByWord(reason: string, nowMs = Date.now()): void {
    if (this.policy.graceMs === null) return;
    this.#ending.say(reason, 0, nowMs);
    this.lookForEnd(nowMs);
  }

  /** To be called now and then: what ends a stream may be that nothing happens. */
  lookForEnd(nowMs = Date.now()): void {
    const { writing } = this;
    const state = { graceMs: this.policy.graceMs, writing, hasMedia: this.lastRun > 0 };
    if (this.#ending.isDue(state, nowMs, performance.now())) this.#finish();
  }

  /** Closes what is open: the stream is let go. */
  flush(): void {
    this.#log.end();
    this.#announced = null;
  }

  /** Forgets a window that shows the past; numbers go on. */
  clear(): void {
    this.flush();
    this.window.clear();
    this.#resume.set(null);
  }

  close(): void {
    this.waiters.close();
    this.sinks.close();
  }

  #sayEnd(payload: Buffer, nowMs: number): void {
    const { reason, graceMs } = endPayload.parse(JSON.parse(payload.toString()));
    if (this.policy.graceMs !== null) this.#ending.say(reason, graceMs, nowMs);
  }

  #finish(): void {
    this.flush();
    // Playlists are made once a version; this one says that it is the last.
    this.window.version += 1;
    this.waiters.settleAll();
    this.sinks.close();
  }

  #announce(payload: RunPayload): void {
    const known = this.#announced;
    if (known?.epoch === this.writer.epoch && known.payload.run === payload.run) return;
    this.#announced = { epoch: this.writer.epoch, payload };
    this.#log.beginRun(payload.tracks, this.#resume.isClosed);
    this.meter.newRun();
  }

  #chunk(header: RecordHeader, payload: Buffer, nowMs: number): void {
    const { lead } = this;
    if (!lead) return;
    const { track, tfdt, duration, captureUs, seq, flags } = header;
    const isLead = track === lead.track;
    const key = (flags & recordFlag.key) !== 0;
    const synthetic = (flags & recordFlag.synthetic) !== 0;
    // What was made here says nothing of the source: it is neither live nor moving.
    if (!synthetic) this.meter.chunk(header, payload.length, { lead: isLead, nowMs, timescale: lead.timescale });
    if ((flags & recordFlag.lostBefore) !== 0) this.meter.dropped += 1;
    const passage = isLead ? this.#resume.pass(this.run, { tfdt, key }) : null;
    if (passage?.passes === false) return;
    if (passage?.resumes) this.#log.resumeRun(passage.resumes);
    this.#log.push({ track, data: payload, tfdt, duration, captureUs, key, synthetic, seq });
  }
}
