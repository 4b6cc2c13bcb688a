import type { ClockKind } from '#server/contracts/clock.ts';

import { LowerHull } from './lower-hull.ts';

export type SenderKind = 'capture' | 'sr' | 'synthetic';

/** How far a sender's clock may be from arrival and still be believed: media contract §4 for reports; PRFT may pass through slow CDNs. */
const believedLateUs = { sr: 2_000_000, capture: 60_000_000, synthetic: 60_000_000 } satisfies Record<
  SenderKind,
  number
>;
const believedEarlyUs = 2_000_000;
/** Around the limit, so that a clock at it does not flicker between two kinds. */
const hysteresisUs = 200_000;
/** The drift of a believed clock against arrival that is put down to the network; beyond it the clock itself drifts. */
const driftBandUs = 40_000;
/** How long the undisturbed delay of a believed clock is learnt. */
const learnUs = 55_000_000;

/**
 * One camera's wall clock against ours: shared by the tracks that it reports on, so that picture and sound stay together whatever is
 * wrong with it. A believed clock counts as it is, unless it drifts from arrival; one that is not believed (1970) gives the rate only.
 */
export class CameraClock {
  readonly #hull = new LowerHull();
  #kind: SenderKind = 'sr';
  #believed = false;
  #learntDelay: number | null = null;
  #learnFromUs = 0;
  #generation = 0;

  /** Rises when the camera's clock steps; reports from before do not count any more. */
  get generation(): number {
    return this.#generation;
  }

  get kind(): ClockKind {
    return this.#believed ? this.#kind : 'sr-rate';
  }

  /** The first report, or the first after a step. */
  begin(kind: SenderKind, senderUs: number, arrivalUs: number): void {
    this.#generation += 1;
    this.#hull.reset();
    this.#learntDelay = null;
    this.#learnFromUs = arrivalUs;
    this.#kind = kind;
    const delay = arrivalUs - senderUs;
    this.#believed = delay >= -believedEarlyUs && delay <= believedLateUs[kind];
    if (!this.#believed) this.#hull.add(senderUs, delay, arrivalUs);
  }

  /** An access unit of sender time `senderUs` arrived. */
  observe(senderUs: number, arrivalUs: number): void {
    this.#hull.add(senderUs, arrivalUs - senderUs, arrivalUs);
  }

  /** What is to be added to the sender's time to get UTC, and how it changes per µs. */
  correction(senderUs: number, nowUs: number): { offset: number; slope: number } {
    const line = this.#hull.line();
    if (!line || this.#kind === 'synthetic') return { offset: 0, slope: 0 };
    const delay = line.delay + (senderUs - line.time) * line.slope;
    this.#judge(delay);
    if (!this.#believed) return { offset: delay, slope: line.slope };
    if (this.#learntDelay === null) {
      if (nowUs - this.#learnFromUs >= learnUs) this.#learntDelay = delay;
      return { offset: 0, slope: 0 };
    }
    const drift = delay - this.#learntDelay;
    const excess = drift > driftBandUs ? drift - driftBandUs : drift < -driftBandUs ? drift + driftBandUs : 0;
    return { offset: excess, slope: excess === 0 ? 0 : line.slope };
  }

  #judge(delay: number): void {
    const slack = this.#believed ? hysteresisUs : -hysteresisUs;
    this.#believed = delay >= -believedEarlyUs - slack && delay <= believedLateUs[this.#kind] + slack;
  }
}
