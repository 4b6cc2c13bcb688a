import { EventEmitter } from 'node:events';

import { readRecord, recordType, type ClockPayload, type RunTrack } from '#server/contracts/log-record.ts';
import type { SegmentRow, SlicerAssignment } from '#server/contracts/sidecar.ts';

import { chunksSince } from './chunks-since.ts';
import type { SegmentStore } from './disk/segment-store.ts';
import type { LogChunk, LogRun } from './disk/segment.ts';
import { KeyFrameWish } from './key-frame-wish.ts';
import type { LiveWindow } from './live-window.ts';
import { LogWriter, type CutFollower, type LogWriterOptions } from './log-writer.ts';
import { RecordIntake } from './record-intake.ts';
import { RecordSinks } from './record-sinks.ts';
import { restoreWindow } from './restore-window.ts';
import { StreamEnding, type StreamEndingOptions } from './stream-ending.ts';
import type { StreamMeter } from './stream-meter.ts';
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
  readonly sinks = new RecordSinks();
  policy: SlicerAssignment['policy'];
  /** Viewers of `tail.mp4`. */
  tails = 0;
  /** Chunks left out for readers that were too slow. */
  readerDrops = 0;
  readonly #log: LogWriter;
  readonly #intake: RecordIntake;
  readonly #ending: StreamEnding;
  readonly #keyFrames = new KeyFrameWish();

  constructor(options: StreamOptions) {
    super();
    const { assignment, store, log } = options;
    this.id = assignment.streamId;
    this.policy = assignment.policy;
    this.store = store;
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
      written: (epoch, seq) => this.#intake.written(epoch, seq),
    });
    this.#intake = new RecordIntake({
      log: this.#log,
      sinks: this.sinks,
      lastWriter: store?.lastWriter ?? null,
      saysEnd: ({ reason, graceMs }, nowMs) => {
        if (this.policy.graceMs !== null) this.#ending.say(reason, graceMs, nowMs);
      },
    });
  }

  get window(): LiveWindow {
    return this.#log.window;
  }

  get waiters(): Waiters {
    return this.#log.waiters;
  }

  get meter(): StreamMeter {
    return this.#intake.meter;
  }

  /** Epoch of the writer in force and the last of its records that is here. */
  get writer(): { readonly epoch: number; readonly seq: number } {
    return this.#intake.writer;
  }

  /** A writer is connected. */
  get writing(): boolean {
    return this.#intake.writing;
  }

  /** Last record whose part the disk, or memory where nothing is recorded, holds. */
  get writtenSeq(): number {
    return this.#intake.writtenSeq;
  }

  get durableSeq(): number {
    if (this.store?.state.state !== 'recording') return this.writtenSeq;
    const durable = this.store.durableThrough?.writer;
    return durable?.epoch === this.writer.epoch ? durable.seq : 0;
  }

  /** Chunks of the same number that came twice. */
  get doubles(): number {
    return this.#intake.doubles;
  }

  /** Dropped or lost, whoever did it. */
  get dropped(): number {
    return this.#intake.dropped;
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

  /** Chunks that are in no part yet. */
  get pendingChunks(): readonly LogChunk[] {
    return this.#log.pendingChunks;
  }

  /** See `RecordIntake.silentMs`. */
  silentMs(nowMs: number): number {
    return this.#intake.silentMs(nowMs);
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
    this.#intake.resume.set(await restoreWindow(this.window, this.store, reachMs));
  }

  /** A writer of this epoch connects; a lower one is refused by the door. */
  beginWriter(epoch: number): void {
    this.#intake.begin(epoch);
    this.#ending.resume();
    this.emit('writer');
  }

  endWriter(): void {
    this.#intake.writing = false;
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
    const read = readRecord(record);
    if (this.ended) return;
    this.#intake.take(record, read, nowMs);
    // Its readers have heard the word by now.
    if (read.header.type === recordType.end) this.lookForEnd(nowMs);
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
    this.#intake.forgetRun();
  }

  /** Forgets a window that shows the past; numbers go on. */
  clear(): void {
    this.flush();
    this.window.clear();
    this.#intake.resume.set(null);
  }

  close(): void {
    this.waiters.close();
    this.sinks.close();
  }

  #finish(): void {
    this.flush();
    // Playlists are made once a version; this one says that it is the last.
    this.window.version += 1;
    this.waiters.settleAll();
    this.sinks.close();
  }
}
