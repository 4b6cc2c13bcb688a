/** What a picture that follows a clock is told to do. */
export type Correction = { type: 'none' } | { type: 'rate'; rate: number } | { type: 'seek'; toMs: number };

export type Look = {
  nowMs: number;
  /** The moment the clock shows. */
  wantedMs: number;
  /** The moment in the picture; null while there is none. */
  pictureMs: number | null;
  /** Opening, seeking, waiting for data: what is measured now says nothing. */
  isBusy: boolean;
  rate: number;
  isPlaying: boolean;
};

/** Faster than this, single pictures stand for the video: no decoder of a browser keeps up for long. */
export const videoRateMax = 8;

/** Up to here a picture is brought into step by its rate, which nobody sees; beyond, by a jump. Times the rate. */
export const driftMsMax = 300;
const inStepMs = 25;
const pausedStepMs = 120;
const gentle = 0.15;
const firm = 0.25;
/** A drift that a jump left is tried by rate this long before the next jump; longer after each that did not help. */
const patienceMs = 1500;
const patienceMsMax = 12_000;
/** In step for this long, jumps are forgiven. */
const calmMs = 15_000;
const leadMsMax = 4000;

/** Keeps one picture at the moment of a clock. Learns how long its jumps take, and aims that far ahead. */
export class Follower {
  #seekedAtMs = Number.NEGATIVE_INFINITY;
  #seeksInRow = 0;
  #leadMs = 0;
  #isLanding = false;

  /** The clock was moved: what was learnt of this recording stays, patience begins anew. */
  jumped(): void {
    this.#seekedAtMs = Number.NEGATIVE_INFINITY;
    this.#seeksInRow = 0;
    this.#isLanding = false;
  }

  next({ nowMs, wantedMs, pictureMs, isBusy, rate, isPlaying }: Look): Correction {
    if (isBusy || pictureMs === null) return { type: 'none' };
    const behindMs = wantedMs - pictureMs;
    if (!isPlaying) {
      return Math.abs(behindMs) > pausedStepMs && this.#maySeek(nowMs) ? this.#seek(nowMs, wantedMs) : { type: 'none' };
    }
    if (this.#isLanding) {
      this.#isLanding = false;
      this.#leadMs = Math.min(leadMsMax, Math.max(0, this.#leadMs + (behindMs / rate) * 0.7));
    }
    const distance = Math.abs(behindMs) / rate;
    if (distance <= driftMsMax && nowMs - this.#seekedAtMs > calmMs) this.#seeksInRow = 0;
    if (distance <= inStepMs) return { type: 'rate', rate };
    const turn = Math.sign(behindMs);
    if (distance <= driftMsMax) return { type: 'rate', rate: rate * (1 + turn * Math.min(gentle, distance / 1000)) };
    if (this.#maySeek(nowMs)) return this.#seek(nowMs, wantedMs + this.#leadMs * rate);
    return { type: 'rate', rate: rate * (1 + turn * firm) };
  }

  #maySeek(nowMs: number): boolean {
    return nowMs - this.#seekedAtMs > Math.min(patienceMsMax, patienceMs * 2 ** Math.max(0, this.#seeksInRow - 1));
  }

  #seek(nowMs: number, toMs: number): Correction {
    this.#seekedAtMs = nowMs;
    this.#seeksInRow += 1;
    this.#isLanding = true;
    return { type: 'seek', toMs };
  }
}
