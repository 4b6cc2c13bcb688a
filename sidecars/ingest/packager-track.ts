import type { RunTrack } from '#server/contracts/log-record.ts';
import type { TrackInit } from '#sidecars/cmaf/init-segment.ts';

import type { AccessUnit, SourceTrack } from './source.ts';
import type { TimelineClock } from './timeline/timeline-clock.ts';
import { Unwrapper } from './timeline/unwrap.ts';

/** A time line of the source within the run in force. */
export interface Timeline {
  clock: TimelineClock;
  /** Media time + this = µs since 1970 on the log's time line, fixed for a run; null where the run has not met it yet. */
  baseUs: number | null;
  /** Newest media time and when it came. */
  mediaUs: number;
  arrivalUs: number;
}

/** An access unit with its times unwrapped, in source ticks; no dts where the source tells presentation times only. */
export interface TimedUnit {
  unit: AccessUnit;
  pts: number;
  dts: number | null;
  /** Source ticks since the unit before, as the source told it. */
  step: number;
}

/** A jump the guard has to act on. */
export type Jump = 'none' | 'retimed' | 'broken';

const jumpMaxSeconds = 10;
const retimeMinSeconds = 0.5;

/** The ways of one track that picture and sound share: from wrapped source ticks to media time to tfdt. */
export class TrackTimes {
  readonly source: SourceTrack;
  /** track_ID in the log. */
  readonly id: number;
  /** Ticks a second of tfdt. */
  timescale: number;
  readonly timeline: Timeline;
  readonly #unwrapper: Unwrapper;
  #retime = 0;
  #lastStamp: number | null = null;
  /** Set by the guard for the unit last placed. */
  jump: Jump = 'none';
  /** tfdt of media tick `#origin`, fixed for a run. */
  #originTfdt = 0;
  #origin = 0;
  /** tfdt where the last run of this track ended. */
  endTfdt = Number.NEGATIVE_INFINITY;
  sequence = 0;
  lostBefore = false;

  constructor(source: SourceTrack, log: { id: number; timescale: number }, timeline: Timeline) {
    this.source = source;
    this.id = log.id;
    this.timescale = log.timescale;
    this.timeline = timeline;
    this.#unwrapper = new Unwrapper(source.wrapBits);
  }

  /** Unwraps and guards; null where the unit has no time and none can be told. `frameTicks`: what a frame usually lasts, in source ticks. */
  place(unit: AccessUnit, frameTicks: number): TimedUnit | null {
    const stamp = unit.dts ?? unit.pts;
    // libav leaves out the first stamps of RTSP with B-frames: those after a known one follow a frame later.
    if (stamp === null && this.#lastStamp === null) return null;
    let at = stamp === null ? (this.#lastStamp ?? 0) + frameTicks : this.#unwrapper.next(stamp) + this.#retime;
    this.jump = 'none';
    let step = 0;
    if (this.#lastStamp !== null) {
      step = at - this.#lastStamp;
      const { timescale } = this.source;
      if (Math.abs(step) > Math.max(jumpMaxSeconds * timescale, 4 * frameTicks)) this.jump = 'broken';
      else if (-step > Math.max(retimeMinSeconds * timescale, 4 * frameTicks)) {
        this.#retime += frameTicks - step;
        at = this.#lastStamp + frameTicks;
        this.jump = 'retimed';
      }
    }
    this.#lastStamp = at;
    const offset = unit.dts === null || unit.pts === null ? 0 : this.#unwrapper.distance(unit.pts, unit.dts);
    return { unit, pts: at + offset, dts: unit.dts === null && stamp !== null ? null : at, step };
  }

  /** Media time µs of unwrapped ticks. */
  mediaUs(ticks: number): number {
    return (ticks * 1e6) / this.source.timescale;
  }

  /** Media time µs of a wrapped stamp beside the stream: sender reports. */
  mediaUsNear(wrapped: number): number {
    return this.mediaUs(this.#unwrapper.near(wrapped) + this.#retime);
  }

  /** A run begins for this track: ticks `origin` lie at `tfdt`. */
  anchor(origin: number, tfdt: number): void {
    this.#origin = origin;
    this.#originTfdt = tfdt;
  }

  /** tfdt of unwrapped ticks, not rounded. Exact steps where both timescales agree. */
  tfdtOf(ticks: number): number {
    return this.#originTfdt + ((ticks - this.#origin) * this.timescale) / this.source.timescale;
  }

  /** The source's own time stamp of a tfdt of the run; only where its time stamps do not wrap. */
  stampOf(tfdt: number): number | null {
    if (this.source.wrapBits !== 64) return null;
    return this.#origin + ((tfdt - this.#originTfdt) * this.source.timescale) / this.timescale - this.#retime;
  }

  forget(): void {
    this.#lastStamp = null;
  }
}

/** What RUN and INIT need of a track that is ready. */
export interface TrackAnnouncement {
  run: RunTrack;
  init: TrackInit;
}
