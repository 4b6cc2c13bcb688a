import type { Logger } from 'pino';

import type { ClockPayload, RunTrack } from '#server/contracts/log-record.ts';
import type { SegmentRow, SlicerAssignment } from '#server/contracts/sidecar.ts';

import { ClockMap } from './clock-map.ts';
import { codecFamily } from './codec-family.ts';
import type { SegmentStore } from './disk/segment-store.ts';
import type { LogChunk, LogRun } from './disk/segment.ts';
import { nextMediaSequence, runWithoutStore } from './first-numbers.ts';
import { joinPart } from './join-part.ts';
import type { LivePart, LiveSegment } from './live-segment.ts';
import { defaultWindowLimits, LiveWindow, type WindowLimits } from './live-window.ts';
import { targetDurationFor, targetDurationMin } from './part-target.ts';
import { Segmenter, type Cut } from './segmenter.ts';
import { Waiters } from './waiters.ts';

/** What a stream's playlists have promised and may not take back while somebody plays: kept over restarts. */
export interface PlaylistPromise {
  targetDuration: number;
  partTarget: number | null;
}

export interface LogWriterOptions {
  assignment: SlicerAssignment;
  log: Logger;
  store: SegmentStore | null;
  promise: PlaylistPromise | null;
  keepPromise: (promise: PlaylistPromise) => void;
  limits?: Partial<WindowLimits>;
  runStarted: (run: LogRun) => void;
  segmentStored: (row: SegmentRow) => void;
  /** A segment had to open on a picture that is no key frame. */
  cutWithoutKey: (tfdt: number) => void;
  /** Every chunk up to this seq of this epoch is in the log. */
  written: (epoch: number, seq: number) => void;
}

/** Somebody who cuts other pictures of the same stream where this log is cut. */
export interface CutFollower {
  opened: (segment: LiveSegment, first: LogChunk) => void;
  /** `duration`: seconds; `end`: decode time of the leading track at which the part ends. */
  part: (duration: number, end: number) => void;
  closed: (duration: number) => void;
}

/** Playlists handed out longer ago than this are forgotten by their players. */
const promiseMs = 60_000;

/** Chunks of one stream into the live window, to the disk, and to whoever waits for them. */
export class LogWriter {
  readonly window: LiveWindow;
  readonly waiters = new Waiters();
  readonly followers = new Set<CutFollower>();
  /** Last playlist handed out, on the clock of `performance.now()`. */
  playlistAt = Number.NEGATIVE_INFINITY;
  /** Epoch of the writer whose chunks come. */
  writerEpoch = 0;
  run: LogRun | null = null;
  /** The run has begun in the window. */
  hasRunStarted = false;
  runNumber: number;
  readonly #options: LogWriterOptions;
  readonly #store: SegmentStore | null;
  readonly #segmenter: Segmenter;
  #clock: ClockMap;
  /** Parts on their way to the disk. */
  #writes = 0;

  constructor(options: LogWriterOptions) {
    this.#options = options;
    const { assignment, store } = options;
    this.#store = store;
    const next = nextMediaSequence(assignment, store);
    const targetDuration = options.promise?.targetDuration ?? targetDurationMin;
    const partTarget = options.promise?.partTarget ?? null;
    this.#segmenter = new Segmenter({ nextMediaSequence: next, targetDuration, partTarget });
    const limits = { ...defaultWindowLimits, ...options.limits };
    this.window = new LiveWindow({ limits, nextMediaSequence: next, targetDuration, partTarget });
    this.runNumber = store ? store.lastRun : runWithoutStore(Date.now());
    this.#clock = new ClockMap({ timescale: 90_000, epochMs: assignment.epochMs });
  }

  get lead(): RunTrack | null {
    return this.#segmenter.lead;
  }

  get clock(): ClockPayload | null {
    return this.#clock.clock;
  }

  /** Nothing that came is still on its way. */
  get isSettled(): boolean {
    return this.#segmenter.pendingChunks.length === 0 && this.#writes === 0;
  }

  get pendingChunks(): readonly LogChunk[] {
    return this.#segmenter.pendingChunks;
  }

  /** `continues`: perhaps in the middle of a GOP, where the log broke off. */
  beginRun(tracks: RunTrack[], continues: boolean): void {
    this.#apply(this.#segmenter.beginRun(tracks, continues));
    // Without the disk nobody knows whether there was one before: a discontinuity too many does no harm.
    this.run = { run: this.runNumber + 1, tracks, inits: new Map(), discontinuity: this.runNumber > 0 };
    this.hasRunStarted = false;
    this.#clock = new ClockMap({
      timescale: this.lead?.timescale ?? 90_000,
      epochMs: this.#options.assignment.epochMs,
    });
  }

  /** The run that the disk ended with goes on. */
  resumeRun(run: LogRun): void {
    this.run = run;
    this.hasRunStarted = true;
    void this.#store?.putRun(run);
    this.#options.runStarted(run);
  }

  setClock(clock: ClockPayload): void {
    if (clock.track === this.lead?.track) this.#clock.set(clock);
  }

  push(chunk: LogChunk): void {
    this.#apply(this.#segmenter.push(chunk));
  }

  /** Closes what is open: the line ended. */
  end(): void {
    this.#apply(this.#segmenter.end());
  }

  #apply(cuts: Cut[]): void {
    for (const cut of cuts) {
      switch (cut.type) {
        case 'partTarget':
          this.window.partTarget = cut.seconds;
          this.window.partsFrom = this.#segmenter.nextMediaSequence - (this.window.open ? 1 : 0);
          this.#promise();
          break;
        case 'opened':
          this.#open(cut);
          break;
        case 'part':
          this.#part(cut);
          break;
        case 'closed':
          this.#closed(cut.duration);
          break;
      }
    }
  }

  #open(cut: Extract<Cut, { type: 'opened' }>): void {
    // A hole within a run: the same tracks and inits under a number of their own.
    if (cut.hole && this.run) {
      this.run = { ...this.run, run: this.runNumber + 1, discontinuity: true };
      this.hasRunStarted = false;
    }
    if (!cut.independent) this.#options.cutWithoutKey(cut.first.tfdt);
    const { run } = this;
    if (!run) return;
    const { last } = this.window;
    const discontinuity = !this.hasRunStarted && run.discontinuity;
    if (!this.hasRunStarted) this.#startRun(run);
    const before = last && this.window.runs.get(last.run);
    if (before && codecFamily(before.tracks) !== codecFamily(run.tracks)) {
      this.window.turn(cut.mediaSequence);
      this.waiters.settleAll();
    }
    const startMs = this.#clock.dateOf(cut.first, last ? last.startMs + last.duration * 1000 : 0);
    const segment: LiveSegment = {
      mediaSequence: cut.mediaSequence,
      run: run.run,
      discontinuity,
      // Every run but the first begins with a discontinuity, and only runs do.
      discontinuitySequence: run.run,
      startMs: last ? Math.max(startMs, last.startMs + 1) : startMs,
      independent: cut.independent,
      listsParts: cut.listsParts,
      synthetic: true,
      parts: [],
      duration: 0,
      bytes: 0,
      closed: false,
    };
    this.window.push(segment);
    for (const follower of this.followers) follower.opened(segment, cut.first);
  }

  #startRun(run: LogRun): void {
    this.hasRunStarted = true;
    this.runNumber = run.run;
    this.window.runs.set(run.run, run);
    void this.#store?.putRun(run);
    this.#options.runStarted(run);
  }

  #part(cut: Extract<Cut, { type: 'part' }>): void {
    const segment = this.window.open;
    if (!segment) return;
    const part = joinPart(cut);
    if (!cut.chunks.every((chunk) => chunk.synthetic)) segment.synthetic = false;
    this.window.addPart(segment, part);
    void this.#write(segment, part);
    const last = part.chunks.findLast((chunk) => chunk.track === this.lead?.track);
    // Before those who wait: one of them may become a follower, and has seen it then.
    if (last) for (const follower of this.followers) follower.part(part.duration, last.tfdt + last.duration);
    if (segment.listsParts) this.waiters.partArrived(segment.mediaSequence, part.part);
  }

  async #write(segment: LiveSegment, part: LivePart): Promise<void> {
    const { writerEpoch } = this;
    const seq = part.chunks.reduce((last, chunk) => Math.max(last, chunk.seq ?? 0), 0);
    const { mediaSequence, discontinuity } = segment;
    const { chunks, data } = part;
    const whole = data ? { chunks, data } : { chunks };
    this.#writes += 1;
    await this.#store?.appendPart({ mediaSequence, part: part.part, ...whole, writerEpoch, discontinuity });
    this.#writes -= 1;
    this.#options.written(writerEpoch, seq);
  }

  #closed(duration: number): void {
    const segment = this.window.open;
    if (!segment) return;
    this.window.close(segment, duration);
    void this.#storeSegment(segment);
    for (const follower of this.followers) follower.closed(duration);
    this.waiters.segmentClosed(segment.mediaSequence, segment.listsParts);
    this.#learnTargetDuration();
  }

  async #storeSegment(segment: LiveSegment): Promise<void> {
    const { mediaSequence, run, startMs, discontinuity, synthetic, independent, bytes } = segment;
    const durationMs = segment.duration * 1000;
    const close = { mediaSequence, run, startMs, durationMs, discontinuity, synthetic, independent };
    if (!(await this.#store?.closeSegment(close))) return;
    this.window.markStored(mediaSequence);
    const flags = (discontinuity ? 1 : 0) | (synthetic ? 2 : 0);
    this.#options.segmentStored([mediaSequence, startMs, durationMs, bytes, flags]);
  }

  /** TARGETDURATION is fixed for whoever plays; while nobody has asked for a playlist it follows the GOP. */
  #learnTargetDuration(): void {
    const gop = this.#segmenter.gopSeconds;
    if (gop === null || performance.now() - this.playlistAt < promiseMs) return;
    const targetDuration = targetDurationFor(gop, this.#segmenter.frameSeconds);
    if (targetDuration === this.window.targetDuration) return;
    // A shorter one would be broken by the segments that are still listed.
    if (this.window.segments.some((segment) => Math.round(segment.duration) > targetDuration)) return;
    this.window.targetDuration = targetDuration;
    this.#segmenter.targetDuration = targetDuration;
    this.#promise();
  }

  #promise(): void {
    const { targetDuration, partTarget } = this.window;
    this.#options.keepPromise({ targetDuration, partTarget });
  }
}
