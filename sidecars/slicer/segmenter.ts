import type { RunTrack } from '#server/contracts/log-record.ts';

import type { LogChunk } from './disk/segment.ts';
import { firstPartIsFull, firstPartTarget, nextPartTarget, partShareMin, targetDurationSlack } from './part-target.ts';

/** What the chunks of a stream are cut into, in order. */
export type Cut =
  /** A segment opens. `hole`: its leading track does not follow on from the one before, within the run. */
  | { type: 'opened'; mediaSequence: number; first: LogChunk; independent: boolean; listsParts: boolean; hole: boolean }
  /** The next part of the open segment. */
  | { type: 'part'; part: number; chunks: LogChunk[]; duration: number; independent: boolean }
  /** The open segment is whole. `duration` is what EXTINF says, in seconds. */
  | { type: 'closed'; duration: number }
  /** PART-TARGET in seconds: first, and when the frame rate has changed so that no part could keep to the old one. Counts from the next segment. */
  | { type: 'partTarget'; seconds: number };

interface OpenSegment {
  ticks: number;
  parts: number;
  listsParts: boolean;
}

/** GOPs are joined up to this; a longer GOP is a segment of its own. */
const segmentSecondsAim = 2.05;
const historyLength = 64;

/**
 * Chunks → parts → segments of one stream. The leading track (video, else the first audio) decides; the others ride in whatever part is open, so
 * parts never wait for audio. Segments open on key frames: at each where the GOP to come would carry the segment past 2 s, so a GOP of 1 s gives
 * segments of 2 s and a GOP of 1.5 s segments of 1.5 s. A GOP beyond TARGETDURATION is cut where it stands.
 *
 * Where a frame rate that changes within a run leaves no legal part (a frame longer than PART-TARGET, or 12 fps with a target of 0.2 s), the
 * segment ends there, since its last part may be short, and what follows up to the next key frame is a segment without parts: low latency
 * is lost for one GOP, the rules are kept. From then on PART-TARGET is what the measured rate allows.
 */
export class Segmenter {
  targetDuration: number;
  /** Chunks left out because no key frame had come yet, or because nothing of the leading track was there to carry them. */
  dropped = 0;
  nextMediaSequence: number;
  #partTarget: number | null;
  #lead: RunTrack | null = null;
  #open: OpenSegment | null = null;
  #chunks: LogChunk[] = [];
  #partTicks = 0;
  #partKey = false;
  #durations: number[] = [];
  #lastKey: number | null = null;
  #gops: number[] = [];
  #lastEnd: number | null = null;
  #awaitKey = true;
  /** The newest segment lists no parts. */
  #withoutParts = false;

  constructor(options: { nextMediaSequence: number; targetDuration: number; partTarget: number | null }) {
    this.nextMediaSequence = options.nextMediaSequence;
    this.targetDuration = options.targetDuration;
    this.#partTarget = options.partTarget;
  }

  get lead(): RunTrack | null {
    return this.#lead;
  }

  /** Chunks that are in no part yet. */
  get pendingChunks(): readonly LogChunk[] {
    return this.#chunks;
  }

  /** Longest of the last GOPs in seconds; null before the second key frame. */
  get gopSeconds(): number | null {
    return this.#lead && this.#gops.length > 0 ? Math.max(...this.#gops) / this.#lead.timescale : null;
  }

  /** Seconds of the longest frame among the usual ones. */
  get frameSeconds(): number {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    return (sorted[sorted.length >> 1] ?? 0) / (this.#lead?.timescale ?? 1);
  }

  /** Closes what is open; the next segment opens with a key frame of the new tracks. `continues`: in the middle of a GOP, where the log broke off. */
  beginRun(tracks: readonly RunTrack[], continues = false): Cut[] {
    const cuts = this.end();
    this.#lead = tracks.find((track) => track.kind === 'video') ?? tracks[0] ?? null;
    this.#lastKey = null;
    this.#gops = [];
    this.#durations = [];
    this.#awaitKey = !continues;
    return cuts;
  }

  /** Closes the open part and segment: the line ended. */
  end(): Cut[] {
    const cuts: Cut[] = [];
    if (this.#open) this.#close(cuts);
    this.dropped += this.#chunks.length;
    this.#chunks = [];
    this.#lastEnd = null;
    this.#awaitKey = true;
    return cuts;
  }

  push(chunk: LogChunk): Cut[] {
    const cuts: Cut[] = [];
    const lead = this.#lead;
    if (!lead) {
      this.dropped += 1;
    } else if (chunk.track !== lead.track) {
      // Before a run's first key frame there is nothing to carry it, unless the run goes on where the log broke off.
      if (this.#open || !this.#awaitKey) this.#chunks.push(chunk);
      else this.dropped += 1;
    } else if (this.#awaitKey && !chunk.key && lead.kind === 'video') {
      this.dropped += 1;
    } else {
      this.#awaitKey = false;
      this.#pushLead(chunk, lead, cuts);
    }
    return cuts;
  }

  #pushLead(chunk: LogChunk, lead: RunTrack, cuts: Cut[]): void {
    const { timescale } = lead;
    const key = chunk.key || lead.kind === 'audio';
    const hole = this.#lastEnd !== null && Math.abs(chunk.tfdt - this.#lastEnd) > timescale;
    this.#lastEnd = chunk.tfdt + chunk.duration;
    if (lead.kind === 'video' && chunk.key) this.#noteKey(chunk.tfdt);
    this.#durations.push(chunk.duration);
    if (this.#durations.length > historyLength) this.#durations.shift();

    const limit = (this.targetDuration + targetDurationSlack) * timescale;
    const open = this.#open;
    // A frame that outlasts TARGETDURATION is listed with it; the discontinuity behind it, with its own date, tells the hole.
    const overlong = open !== null && open.ticks > limit;
    if (!open) this.#openSegment(chunk, { key, hole: false, listsParts: true }, cuts);
    else if (
      hole ||
      overlong ||
      open.ticks + chunk.duration > limit ||
      (key && this.#endsAtKey(open.ticks, timescale))
    ) {
      this.#close(cuts);
      this.#openSegment(chunk, { key, hole: hole || overlong, listsParts: key || open.listsParts }, cuts);
    }
    this.#addToPart(chunk, { key, timescale }, cuts);
  }

  #noteKey(tfdt: number): void {
    if (this.#lastKey !== null && tfdt > this.#lastKey) {
      this.#gops.push(tfdt - this.#lastKey);
      if (this.#gops.length > 4) this.#gops.shift();
    }
    this.#lastKey = tfdt;
  }

  #endsAtKey(ticks: number, timescale: number): boolean {
    const gop = this.#gops.length > 0 ? Math.max(...this.#gops) : 0;
    return ticks + gop > segmentSecondsAim * timescale;
  }

  #addToPart(chunk: LogChunk, frame: { key: boolean; timescale: number }, cuts: Cut[]): void {
    const target = this.#targetTicks(frame.timescale);
    const listed = this.#open?.listsParts === true;
    if (target !== null && this.#partTicks + chunk.duration > target) {
      const isLong = this.#partKey || this.#partTicks >= target * partShareMin;
      if (this.#partTicks > 0 && (isLong || !listed)) this.#cutPart(frame.timescale, cuts);
      if (listed && this.#partTicks + chunk.duration > target) {
        // Another rate than before: the next target is learnt from what comes, not from what was.
        this.#durations = [chunk.duration];
        const started = (this.#open?.ticks ?? 0) > 0;
        if (started) {
          this.#close(cuts);
          this.#openSegment(chunk, { key: frame.key, hole: false, listsParts: false }, cuts);
        } else this.#withdrawParts(cuts);
      }
    }
    this.#chunks.push(chunk);
    this.#partTicks += chunk.duration;
    this.#partKey ||= chunk.key && frame.key;
    if (this.#open) this.#open.ticks += chunk.duration;
    this.#cutFullPart(chunk.duration, frame.timescale, cuts);
  }

  /** A part goes out with its last frame, not with the first of the next. */
  #cutFullPart(frameTicks: number, timescale: number, cuts: Cut[]): void {
    let target = this.#targetTicks(timescale);
    if (target === null) {
      const lead = this.#chunks.filter((chunk) => chunk.track === this.#lead?.track).map((chunk) => chunk.duration);
      if (!firstPartIsFull(lead, timescale)) return;
      target = firstPartTarget(lead, timescale);
      this.#setPartTarget(target / timescale, cuts);
    }
    if (this.#partTicks + frameTicks > target && this.#partTicks >= target * partShareMin)
      this.#cutPart(timescale, cuts);
  }

  /** Half a tick of room: a target in seconds is rounded where it came from another timescale. */
  #targetTicks(timescale: number): number | null {
    return this.#partTarget === null ? null : this.#partTarget * timescale + 0.5;
  }

  #setPartTarget(seconds: number, cuts: Cut[]): void {
    this.#partTarget = seconds;
    cuts.push({ type: 'partTarget', seconds });
  }

  #withdrawParts(cuts: Cut[]): void {
    const opened = cuts.at(-1);
    if (opened?.type === 'opened') opened.listsParts = false;
    if (this.#open) this.#open.listsParts = false;
    this.#withoutParts = true;
  }

  #openSegment(first: LogChunk, how: { key: boolean; hole: boolean; listsParts: boolean }, cuts: Cut[]): void {
    const timescale = this.#lead?.timescale ?? 1;
    if (this.#partTarget !== null && how.key && this.#durations.length >= 2) {
      const current = this.#partTarget * timescale + 0.5;
      const next = nextPartTarget(this.#durations, timescale, current);
      if (next !== current && this.#withoutParts) this.#setPartTarget(next / timescale, cuts);
    }
    this.#open = { ticks: 0, parts: 0, listsParts: how.listsParts };
    this.#withoutParts = !how.listsParts;
    const { listsParts, hole } = how;
    cuts.push({ type: 'opened', mediaSequence: this.nextMediaSequence, first, independent: how.key, listsParts, hole });
    this.nextMediaSequence += 1;
  }

  #cutPart(timescale: number, cuts: Cut[]): void {
    if (!this.#open) return;
    const duration = this.#partTicks / timescale;
    cuts.push({ type: 'part', part: this.#open.parts, chunks: this.#chunks, duration, independent: this.#partKey });
    this.#open.parts += 1;
    this.#chunks = [];
    this.#partTicks = 0;
    this.#partKey = false;
  }

  #close(cuts: Cut[]): void {
    const open = this.#open;
    if (!open) return;
    const timescale = this.#lead?.timescale ?? 1;
    if (this.#partTicks > 0) {
      if (this.#partTarget === null) this.#setPartTarget(Math.min(this.#partTicks / timescale, 0.2), cuts);
      this.#cutPart(timescale, cuts);
    }
    const seconds = open.ticks / timescale;
    // Up to the slack a segment says what it lasts; beyond it a single frame outlasted TARGETDURATION.
    const duration = seconds > this.targetDuration + targetDurationSlack ? this.targetDuration : seconds;
    cuts.push({ type: 'closed', duration });
    this.#open = null;
  }
}
