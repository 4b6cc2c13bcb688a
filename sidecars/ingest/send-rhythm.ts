import { recordFlag, recordType, type RecordHeader } from '#server/contracts/log-record.ts';

/** A picture waits at most this long for the next ones, so that they go together. */
const waitSecondsMax = 0.05;
/** The log cuts parts of as many pictures as fit in here. */
const partSeconds = 0.2;
/** Durations are whole ticks. */
const slackShare = 0.01;

/**
 * Which records may wait for the next ones. Each packet wakes the log, which costs both sides more than what is in it, and players see a picture no
 * sooner than the part it belongs to. So pictures in quick succession go in small groups; the last of a part takes along what waits, sounds ride
 * with the pictures, and nothing at 15 pictures a second or less waits at all.
 */
export class SendRhythm {
  readonly #timescale: number;
  #waitingTicks = 0;
  /** Pictures since the last key frame. */
  #count = 0;

  /** `timescale` of the picture. */
  constructor(timescale: number) {
    this.#timescale = timescale;
  }

  /** Whether a record, and what waits with it, goes now. `isPicture`: a chunk of the track by which parts are cut. */
  goes({ type, flags, duration }: Pick<RecordHeader, 'type' | 'flags' | 'duration'>, isPicture: boolean): boolean {
    const isLast = (flags & recordFlag.lastOfRun) !== 0;
    if (type !== recordType.chunk || isLast) return this.#go();
    if (!isPicture) return false;
    const isKey = (flags & recordFlag.key) !== 0;
    // A key frame out of the rhythm ends a segment, whose last part is only known to be whole by it.
    const endsSegment = isKey && !this.#isPartWhole(duration);
    if (isKey) this.#count = 0;
    this.#count += 1;
    this.#waitingTicks += duration;
    const isLong = this.#waitingTicks > waitSecondsMax * this.#timescale * (1 + slackShare);
    return (endsSegment || isLong || this.#isPartWhole(duration)) && this.#go();
  }

  /** The pictures since the key frame make whole parts. */
  #isPartWhole(duration: number): boolean {
    const perPart = Math.floor((partSeconds * this.#timescale) / Math.max(1, duration) + slackShare);
    return this.#count > 0 && this.#count % Math.max(1, perPart) === 0;
  }

  #go(): true {
    this.#waitingTicks = 0;
    return true;
  }
}
