import { displayShift } from '#sidecars/cmaf/chunk-samples.ts';

import type { LogChunk, LogRun } from '../disk/segment.ts';
import type { LiveSegment } from '../live-segment.ts';
import { LiveWindow } from '../live-window.ts';
import type { CutFollower } from '../log-writer.ts';
import type { LiveStream } from '../stream.ts';
import { Waiters } from '../waiters.ts';

/** What the source's log has cut, as far as this rung has not come yet. Times are display times: a rung has no others. */
type Cut =
  | {
      type: 'opened';
      segment: LiveSegment;
      start: number;
      targetDuration: number;
      partTarget: number | null;
      partsFrom: number;
    }
  | { type: 'part'; duration: number; end: number }
  | { type: 'closed'; duration: number };

interface RungChunk extends LogChunk {
  run: number;
}

/** No rung is recorded: what its playlist lists lies in memory. */
const limits = { windowSeconds: 20, ringSeconds: 20, unstoredSeconds: 20, ringBytes: 12 * 1024 * 1024 };
/** So far back a transcoder that died may have been: the next one makes it again out of the source's memory. */
const heldSeconds = 12;
/** A rung that is further behind is given up long before. */
const cutsMax = 2000;
const chunksMax = 2000;
const runsMax = 4;

/**
 * Cuts the chunks of a rung where the source was cut, under the same numbers. What its transcoder left out stands in the playlist as a gap, so that
 * numbers, dates and discontinuities stay those of the source.
 */
export class RungCutter implements CutFollower {
  readonly window: LiveWindow;
  readonly waiters = new Waiters();
  readonly #source: LiveStream;
  readonly #cuts: Cut[] = [];
  readonly #runs = new Map<number, LogRun>();
  #chunks: RungChunk[] = [];
  /** Display time up to which the transcoder has told. */
  #heard: { run: number; end: number; tolerance: number } | null = null;
  /** Display time up to which the source was cut into parts, and this rung. */
  #sourceEnd: number | null = null;
  #published: number | null = null;
  /** From decode to display time in the segment that the source has open. */
  #shift = 0;
  #hasBegun = false;

  /** `from`: no segment below this number may be published: one before it has been, by another encoder. */
  constructor(source: LiveStream, from: number) {
    this.#source = source;
    const { targetDuration, partTarget, nextMediaSequence } = source.window;
    const seeds = seedsOf(source.window.segments).filter((segment) => segment.mediaSequence >= from);
    this.window = new LiveWindow({
      limits,
      nextMediaSequence: seeds[0]?.mediaSequence ?? nextMediaSequence,
      targetDuration,
      partTarget,
    });
    for (const segment of seeds) this.#seed(segment);
    source.followers.add(this);
    source.window.heldSeconds = heldSeconds;
  }

  /** It has come as far as the source. */
  get isDrained(): boolean {
    return this.#cuts.length === 0;
  }

  /** Seconds of the source that were cut and are not here yet; 0 before it was first cut. */
  get lagSeconds(): number {
    const timescale = this.#source.lead?.timescale ?? 1;
    const end = this.#heard?.end ?? this.#cuts.find((cut) => cut.type === 'opened')?.start;
    return this.#sourceEnd === null || end === undefined ? 0 : Math.max(0, (this.#sourceEnd - end) / timescale);
  }

  /** Where a transcoder is to go on: the display time of the first picture that is in no part yet; null before the first part. */
  get resumeAt(): number | null {
    if (!this.#hasBegun) return null;
    const next = this.#cuts[0];
    return next?.type === 'opened' ? next.start : this.#published;
  }

  /** UTC ms of the key frame that leads to `resumeAt`, or to the first segment that may be published; null: the newest. */
  get readFromMs(): number | null {
    const wanted = this.#hasBegun ? this.window.last?.mediaSequence : this.#firstCut?.mediaSequence;
    const segment = wanted === undefined ? null : this.#source.window.find(wanted);
    const first = segment?.parts[0]?.chunks.find((chunk) => chunk.key);
    return first && first.captureUs > 0 ? Math.ceil(first.captureUs / 1000) : null;
  }

  /** A run that chunks come of; the one known by this number where there is one. */
  run(run: LogRun): LogRun {
    const known = this.#runs.get(run.run) ?? run;
    this.#runs.set(run.run, known);
    for (const [number] of this.#runs) {
      if (this.#runs.size <= runsMax) break;
      this.#runs.delete(number);
    }
    return known;
  }

  push(chunk: LogChunk, run: number): void {
    const { tfdt, duration, key } = chunk;
    // Behind a hole there is nothing to decode from up to the next key frame.
    if (!key && this.#heard && tfdt > this.#heard.end + duration) return;
    if (this.#chunks.length >= chunksMax) return;
    this.#chunks.push({ ...chunk, run });
    this.#heard = { run, end: tfdt + duration, tolerance: duration / 2 };
    this.#advance();
  }

  /** What is in no part yet comes again, out of another encoder. */
  forgetPending(): void {
    this.#chunks = [];
    this.#heard = null;
  }

  opened(segment: LiveSegment, first: LogChunk): void {
    if (first.key) this.#shift = displayShift(first.data);
    const { targetDuration, partTarget, partsFrom } = this.#source.window;
    const start = first.tfdt + this.#shift;
    this.#plan({ type: 'opened', segment, start, targetDuration, partTarget, partsFrom });
  }

  part(duration: number, end: number): void {
    this.#sourceEnd = end + this.#shift;
    this.#plan({ type: 'part', duration, end: this.#sourceEnd });
  }

  closed(duration: number): void {
    this.#plan({ type: 'closed', duration });
  }

  close(): void {
    const { followers, window } = this.#source;
    followers.delete(this);
    if (followers.size === 0) window.heldSeconds = 0;
    this.waiters.close();
    this.window.clear();
  }

  get #firstCut(): LiveSegment | null {
    const cut = this.#cuts.find((each) => each.type === 'opened');
    return cut?.segment ?? null;
  }

  #seed(segment: LiveSegment): void {
    const lead = this.#source.lead?.track;
    const ends = segment.parts.map((part) => part.chunks.findLast((chunk) => chunk.track === lead));
    const first = segment.parts[0]?.chunks.find((chunk) => chunk.track === lead);
    if (!first) return;
    this.opened(segment, first);
    segment.parts.forEach((part, at) => {
      const last = ends[at];
      if (last) this.part(part.duration, last.tfdt + last.duration);
    });
    if (segment.closed) this.closed(segment.duration);
  }

  #plan(cut: Cut): void {
    if (this.#cuts.length < cutsMax) this.#cuts.push(cut);
    this.#advance();
  }

  #advance(): void {
    for (let cut = this.#cuts[0]; cut; cut = this.#cuts[0]) {
      if (!this.#take(cut)) return;
      this.#cuts.shift();
    }
  }

  /** False where its pictures are not here yet. */
  #take(cut: Cut): boolean {
    const { window } = this;
    if (cut.type === 'opened') return this.#open(cut);
    const segment = window.open;
    // Of a segment that this rung came too late for.
    if (!segment) return true;
    if (cut.type === 'part') return this.#part(cut, segment);
    window.close(segment, cut.duration);
    this.waiters.segmentClosed(segment.mediaSequence, segment.listsParts);
    return true;
  }

  #open({ segment, start, ...promise }: Extract<Cut, { type: 'opened' }>): boolean {
    const { window } = this;
    if (!this.#hasBegun) {
      this.#dropBefore(segment.run, start);
      const first = this.#chunks[0];
      if (!first) return false;
      const isAtStart = first.run === segment.run && first.key && first.tfdt <= start + first.duration / 2;
      if (!isAtStart) return true;
      this.#hasBegun = true;
    }
    window.targetDuration = promise.targetDuration;
    window.partTarget = promise.partTarget;
    window.partsFrom = promise.partsFrom;
    const run = this.#runs.get(segment.run);
    if (run) window.runs.set(segment.run, run);
    const { mediaSequence, discontinuity, discontinuitySequence, startMs, listsParts, independent } = segment;
    const place = { mediaSequence, run: segment.run, discontinuity, discontinuitySequence, startMs };
    const empty = { synthetic: true, parts: [], duration: 0, bytes: 0, closed: false };
    window.push({ ...place, independent, listsParts, ...empty });
    return true;
  }

  #part({ duration, end }: Extract<Cut, { type: 'part' }>, segment: LiveSegment): boolean {
    const heard = this.#heard;
    if (!heard || heard.run < segment.run || (heard.run === segment.run && heard.end < end - heard.tolerance))
      return false;
    this.#dropBefore(segment.run, Number.NEGATIVE_INFINITY);
    const next = this.#chunks.findIndex((chunk) => chunk.run !== segment.run || chunk.tfdt >= end - chunk.duration / 2);
    const chunks = this.#chunks.splice(0, next < 0 ? this.#chunks.length : next);
    const run = this.#runs.get(segment.run);
    if (run) this.window.runs.set(segment.run, run);
    const data = Buffer.concat(chunks.map((chunk) => chunk.data));
    const independent = chunks.some((chunk) => chunk.key);
    const number = segment.parts.length;
    // A gap is told by the segment; its own parts keep what there is.
    if (chunks.length === 0) segment.gap = true;
    if (number === 0) segment.independent = chunks[0]?.key === true;
    if (chunks.some((chunk) => !chunk.synthetic)) segment.synthetic = false;
    const isGap = chunks.length === 0;
    this.window.addPart(segment, {
      part: number,
      duration,
      independent,
      chunks: [],
      data,
      bytes: data.length,
      ...(isGap && { gap: true }),
    });
    this.#published = end;
    if (segment.listsParts) this.waiters.partArrived(segment.mediaSequence, number);
    return true;
  }

  #dropBefore(run: number, start: number): void {
    const keep = this.#chunks.findIndex(
      (chunk) => chunk.run > run || (chunk.run === run && chunk.tfdt >= start - chunk.duration / 2),
    );
    this.#chunks.splice(0, keep < 0 ? this.#chunks.length : keep);
  }
}

/** The last whole segment and the open one, as far as they are in memory: a rung that begins with them has something to show at once. */
function seedsOf(segments: readonly LiveSegment[]): LiveSegment[] {
  const last = segments.slice(segments.at(-1)?.closed === false ? -2 : -1);
  const held = last.findIndex((segment) => segment.parts[0]?.chunks.length === 0 || segment.parts.length === 0);
  return held < 0 ? [...last] : last.slice(held + 1);
}
