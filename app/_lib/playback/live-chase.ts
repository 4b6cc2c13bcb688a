/** Where live playback stands, in seconds. */
type LivePlace = {
  /** Behind the live edge. */
  latency: number;
  /** How far behind it the playlist wants it. */
  target: number;
  /** Loaded and not yet shown. */
  ahead: number;
  /** How long a part is; null where the playlist has none. */
  partTarget: number | null;
};

/** How fast who is so far behind is played; the furthest first. */
const rates = [
  { behind: 0.5, rate: 1.25 },
  { behind: 0.2, rate: 1.15 },
  { behind: 0.08, rate: 1.05 },
] as const;
/** Who is that near has arrived. */
const arrivedWithin = 0.02;
/** So many parts stay in store: less, and the next one that is late would stall the picture again. */
const partsInStore = 2;
const marginStep = 0.15;
const marginMax = 1;
/** A stall is forgiven after so long without another. */
const calmMs = 30_000;

/**
 * Brings a live picture back to its edge after a stall by playing it a little faster. hls.js has the same, but only while more than a second lies ahead,
 * and keeps a distance for every stall until the page is left: with parts of 0.2 s who stalled once stays half a second late for good.
 */
export class LiveChase {
  #isChasing = false;
  #margin = 0;
  #stalledMs = 0;

  /** The picture stood still for want of data: it keeps a little further back for a while. */
  stalled(nowMs: number): void {
    this.#margin = Math.min(marginMax, this.margin(nowMs) + marginStep);
    this.#stalledMs = nowMs;
  }

  /** Seconds further back than the playlist asks for. */
  margin(nowMs: number): number {
    const forgiven = Math.floor((nowMs - this.#stalledMs) / calmMs) * marginStep;
    return Math.max(0, this.#margin - forgiven);
  }

  rateAt({ latency, target, ahead, partTarget }: LivePlace, nowMs: number): number {
    const behind = latency - target - this.margin(nowMs);
    const hasStore = partTarget !== null && ahead > partsInStore * partTarget;
    const step = hasStore ? rates.find((each) => behind > each.behind) : undefined;
    this.#isChasing = step !== undefined || (hasStore && this.#isChasing && behind > arrivedWithin);
    if (!this.#isChasing) return 1;
    return step?.rate ?? rates[2].rate;
  }
}
