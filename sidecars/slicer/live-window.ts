import type { LogRun } from './disk/segment.ts';
import type { LivePart, LiveSegment } from './live-segment.ts';
import type { LiveView } from './playlist/live-playlist.ts';

export interface WindowLimits {
  /** Seconds a live playlist reaches back. */
  windowSeconds: number;
  /** Seconds of media kept in memory that the disk has too; older segments are read from there, mostly out of its cache. */
  ringSeconds: number;
  /** Seconds kept in memory of what the disk has not taken (yet). */
  unstoredSeconds: number;
  ringBytes: number;
}

/** Six seconds and the segment that leaves hold what is played at the live edge, also without low latency: three target durations back. */
export const defaultWindowLimits: WindowLimits = {
  windowSeconds: 60,
  ringSeconds: 6,
  unstoredSeconds: 30,
  ringBytes: 24 * 1024 * 1024,
};

/** The segments that live playlists list, their runs, and which of their bytes are still in memory. */
export class LiveWindow {
  readonly segments: LiveSegment[] = [];
  readonly runs = new Map<number, LogRun>();
  /** Changes with every part and segment: what is made once per state is kept under it. */
  version = 0;
  targetDuration: number;
  partTarget: number | null;
  partsFrom = 0;
  /** Seconds that a segment lasts as a rule; tells where the open one will end. */
  usualDuration: number | null = null;
  /** The number the next segment will have. */
  nextMediaSequence: number;
  bytes = 0;
  /** Seconds that stay in memory at least, for who may have to go back in them. */
  heldSeconds = 0;
  /** The listed segments end before `from`; what follows, in another codec family from `to` on, is listed in their place once it is long enough. */
  #turn: { from: number; to: number } | null = null;
  readonly #limits: WindowLimits;
  readonly #stored = new Set<number>();

  constructor(options: {
    limits: WindowLimits;
    nextMediaSequence: number;
    targetDuration: number;
    partTarget: number | null;
  }) {
    this.#limits = options.limits;
    this.nextMediaSequence = options.nextMediaSequence;
    this.targetDuration = options.targetDuration;
    this.partTarget = options.partTarget;
  }

  get last(): LiveSegment | null {
    return this.segments.at(-1) ?? null;
  }

  get open(): LiveSegment | null {
    return this.last?.closed === false ? this.last : null;
  }

  /** Highest media sequence given out; what lies more than two beyond it is refused. */
  get lastMediaSequence(): number {
    return this.nextMediaSequence - 1;
  }

  get isEmpty(): boolean {
    return this.segments.length === 0;
  }

  find(mediaSequence: number): LiveSegment | null {
    const first = this.segments[0];
    return first ? (this.segments[mediaSequence - first.mediaSequence] ?? null) : null;
  }

  /** Whether the playlist holds this part, or all of the segment where `part` is null; what left the window was there. */
  has(mediaSequence: number, part: number | null): boolean {
    const first = this.segments[0];
    if (!first) return false;
    if (mediaSequence < first.mediaSequence) return true;
    const segment = this.find(mediaSequence);
    if (!segment) return false;
    // A segment that lists no parts comes whole.
    if (part === null || !segment.listsParts) return segment.closed;
    if (part < segment.parts.length) return true;
    // A part past the end is part 0 of the next segment, RFC 8216bis §6.2.5.2.
    return segment.closed && this.has(mediaSequence + 1, 0);
  }

  /** Players of what is listed are told that it ends; nothing new is listed yet. */
  get isTurning(): boolean {
    return this.#turn !== null;
  }

  /** From this segment on no player of those before can go on. */
  turn(mediaSequence: number): void {
    if (this.isEmpty) return;
    this.#turn = { from: this.#turn?.from ?? mediaSequence, to: mediaSequence };
    this.version += 1;
  }

  push(segment: LiveSegment): void {
    this.segments.push(segment);
    this.nextMediaSequence = segment.mediaSequence + 1;
  }

  addPart(segment: LiveSegment, part: LivePart): void {
    segment.parts.push(part);
    segment.duration += part.duration;
    segment.bytes += part.bytes;
    this.bytes += part.data?.length ?? 0;
    this.version += 1;
  }

  close(segment: LiveSegment, duration: number): void {
    segment.closed = true;
    segment.duration = duration;
    this.usualDuration = duration;
    this.version += 1;
    this.#endTurn();
    this.#trim();
  }

  /** The disk has all of this segment. */
  markStored(mediaSequence: number): void {
    this.#stored.add(mediaSequence);
    this.#trim();
  }

  isStored(mediaSequence: number): boolean {
    return this.#stored.has(mediaSequence);
  }

  clear(): void {
    for (const segment of this.segments.splice(0)) this.#release(segment);
    this.#stored.clear();
    this.#turn = null;
    this.version += 1;
  }

  view(ended: boolean): LiveView {
    const { segments, targetDuration, partTarget, partsFrom } = this;
    const from = this.#turn?.from;
    if (from !== undefined) {
      const listed = segments.filter(({ mediaSequence }) => mediaSequence < from);
      return { segments: listed, targetDuration, partTarget, partsFrom, ended: true, hint: null };
    }
    return { segments, targetDuration, partTarget, partsFrom, ended, hint: this.#hint() };
  }

  /** The part that comes next. A segment that has reached its usual length is taken for full: its next part would open the next one. */
  #hint(): LiveView['hint'] {
    const open = this.open;
    if (!open) return { mediaSequence: this.nextMediaSequence, part: 0 };
    if (!open.listsParts) return null;
    const isFull = this.usualDuration !== null && open.duration > this.usualDuration - (this.partTarget ?? 0) / 4;
    return isFull
      ? { mediaSequence: this.nextMediaSequence, part: 0 }
      : { mediaSequence: open.mediaSequence, part: open.parts.length };
  }

  /** Long enough for every player to have heard the end: one that polls asks each target duration. */
  #endTurn(): void {
    const to = this.#turn?.to;
    if (to === undefined) return;
    const since = this.segments.filter((segment) => segment.closed && segment.mediaSequence >= to);
    if (since.reduce((sum, segment) => sum + segment.duration, 0) < 1.5 * this.targetDuration) return;
    this.#turn = null;
    for (let first = this.segments[0]; first && first.mediaSequence < to; first = this.segments[0]) this.#drop(first);
    this.version += 1;
  }

  /** The oldest leaves the list. */
  #drop(first: LiveSegment): void {
    this.segments.shift();
    this.#stored.delete(first.mediaSequence);
    this.#release(first);
  }

  #trim(): void {
    this.#trimRing();
    let total = this.segments.reduce((sum, segment) => sum + segment.duration, 0);
    // RFC 8216bis §6.2.2: three target durations stay, whatever the limits say.
    const least = Math.max(3 * this.targetDuration, 0);
    for (let first = this.segments[0]; first; first = this.segments[0]) {
      const isGone = first.closed && !this.#isReadable(first);
      const rest = total - first.duration;
      if (!isGone && (rest < this.#limits.windowSeconds || rest < least)) break;
      if (!first.closed) break;
      this.#drop(first);
      total = rest;
      this.version += 1;
    }
    const runs = new Set(this.segments.map((segment) => segment.run));
    const newest = this.last?.run ?? 0;
    for (const run of this.runs.keys()) if (!runs.has(run) && run < newest) this.runs.delete(run);
  }

  #isReadable(segment: LiveSegment): boolean {
    return (
      this.#stored.has(segment.mediaSequence) ||
      (segment.parts.every((part) => part.data !== null) && segment.parts.length > 0)
    );
  }

  /** Lets go of bytes beyond the ring, oldest first. What the disk has not taken yet gets more time, but no more bytes. */
  #trimRing(): void {
    let newer = 0;
    const newestFirst = this.segments.toReversed();
    const { ringSeconds, unstoredSeconds, ringBytes } = this.#limits;
    const storedSecondsMax = Math.max(ringSeconds, this.heldSeconds, 3 * this.targetDuration);
    const unstoredSecondsMax = Math.max(unstoredSeconds, 6 * this.targetDuration);
    let bytes = 0;
    for (const segment of newestFirst) {
      const held = segment.parts.reduce((sum, part) => sum + (part.data?.length ?? 0), 0);
      const secondsMax = this.#stored.has(segment.mediaSequence) ? storedSecondsMax : unstoredSecondsMax;
      const isOld = newer >= secondsMax || bytes + held > ringBytes;
      if (isOld && segment.closed && held > 0) this.#release(segment);
      else bytes += held;
      newer += segment.duration;
    }
  }

  #release(segment: LiveSegment): void {
    for (const part of segment.parts) {
      if (!part.data) continue;
      this.bytes -= part.data.length;
      part.data = null;
      // The disk may still be writing from the chunks themselves: they are let go, not emptied.
      part.chunks = [];
    }
  }

  /** Gives back all bytes that the disk has too. False where it lacks some: they would be gone. */
  releaseStored(): boolean {
    for (const segment of this.segments) if (this.#stored.has(segment.mediaSequence)) this.#release(segment);
    return this.bytes === 0;
  }

  /** For the cap over all streams: gives back the bytes of its oldest segment in memory, or 0 where only the newest two are left. */
  releaseOldest(): number {
    const before = this.bytes;
    const held = this.segments.filter((segment) => segment.closed && segment.parts.some((part) => part.data !== null));
    const oldest = held.length > 2 ? held[0] : undefined;
    if (!oldest) return 0;
    this.#release(oldest);
    this.#trim();
    return before - this.bytes;
  }
}
