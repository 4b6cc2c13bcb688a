import type { ClockKind } from '#server/contracts/clock.ts';

import type { CameraClock, SenderKind } from './camera-clock.ts';
import { LowerHull } from './lower-hull.ts';
import { SenderClock } from './sender-clock.ts';

/** The mapping in force is never turned faster than this. */
const slewMax = 500e-6;
/** An error is worked off over this long. */
const settleUs = 10_000_000;
/** Beyond it nothing is slewed: a new run. */
const stepUs = 500_000;
/** Below it a correction is not worth a CLOCK record. */
const toleranceUs = 4000;
/** Until then the smallest arrival counts at once: the first packets of a pull are old or come in a burst. */
const firstAnchorUs = 1_000_000;
/** A burst that begins a stream is over when no unit was relatively earlier for this long. */
const pacedUs = 250_000;
const pacedGainUs = 20_000;

const errorUsByKind = {
  capture: 1000,
  sr: 10_000,
  'sr-rate': 100_000,
  arrival: 100_000,
  synthetic: 0,
} satisfies Record<ClockKind, number>;

export interface ClockLine {
  /** Media time µs where the line was laid; UTC µs there; rate against media time in parts per billion. */
  mediaUs: number;
  utcUs: number;
  ppb: number;
  errorUs: number;
  clock: ClockKind;
}

/**
 * Media time → UTC of one time line: a track's own (RTP), or shared by the tracks of a container. The line is turned, never bent back;
 * media time itself is left as it is.
 */
export class TimelineClock {
  readonly #camera: CameraClock;
  readonly #arrivals = new LowerHull();
  readonly #sender = new SenderClock();
  #generation = -1;
  #firstArrivalUs: number | null = null;
  #smallestDelay = Number.POSITIVE_INFINITY;
  #gainedAtUs = 0;
  #line: ClockLine = { mediaUs: 0, utcUs: 0, ppb: 0, errorUs: 0, clock: 'arrival' };
  #isAnchored = false;
  #isLaid = false;
  #stepSinceUs: number | null = null;

  constructor(camera: CameraClock) {
    this.#camera = camera;
  }

  get isAnchored(): boolean {
    return this.#isAnchored;
  }

  get line(): ClockLine {
    return this.#line;
  }

  /** Whether the sender's own clock stands behind this line. */
  get hasSender(): boolean {
    return this.#sender.isKnown && this.#generation === this.#camera.generation;
  }

  /** UTC µs of a media time, by the line in force. */
  utcOf(mediaUs: number): number {
    const line = this.#line;
    return line.utcUs + (mediaUs - line.mediaUs) * (1 + line.ppb / 1e9);
  }

  /** How far the line stands from what arrival alone would say: the sender's clock error and its way here. */
  biasUs(mediaUs: number): number {
    const line = this.#arrivals.line();
    return line ? this.utcOf(mediaUs) - mediaUs - line.delay : 0;
  }

  /** Whether a run can be begun: the sender told its clock, or the burst at the start is over, or a second has passed. */
  isReady(nowUs: number): boolean {
    if (this.hasSender) return true;
    if (this.#firstArrivalUs === null) return false;
    return nowUs - this.#firstArrivalUs >= firstAnchorUs || nowUs - this.#gainedAtUs >= pacedUs;
  }

  /** An access unit presented at `mediaUs` arrived: it can't have been captured later. */
  observe(mediaUs: number, arrivalUs: number): void {
    const delay = arrivalUs - mediaUs;
    this.#arrivals.add(mediaUs, delay, arrivalUs);
    if (this.hasSender) this.#camera.observe(this.#sender.at(mediaUs), arrivalUs);
    if (this.#firstArrivalUs === null) {
      this.#firstArrivalUs = arrivalUs;
      this.#gainedAtUs = arrivalUs;
    }
    if (delay < this.#smallestDelay) {
      if (delay < this.#smallestDelay - pacedGainUs) this.#gainedAtUs = arrivalUs;
      this.#smallestDelay = delay;
    }
    if (!this.#isAnchored) this.lay(mediaUs, arrivalUs);
  }

  /** The sender says that `mediaUs` was at `utcUs`. */
  report(kind: SenderKind, at: { mediaUs: number; utcUs: number; arrivalUs: number }): void {
    const outcome = this.#sender.report(at.mediaUs, at.utcUs);
    if (outcome === 'first' && this.#camera.generation === 0) this.#camera.begin(kind, at.utcUs, at.arrivalUs);
    // The camera's other track may have told the step already.
    else if (outcome === 'stepped' && this.#generation === this.#camera.generation) {
      this.#camera.begin(kind, at.utcUs, at.arrivalUs);
    }
    const fresh = this.#generation !== this.#camera.generation;
    this.#generation = this.#camera.generation;
    if (!fresh) return;
    // The first report mends the line at once, if it is no step; the index follows by a CLOCK record.
    const target = this.#target(at.mediaUs, at.arrivalUs);
    if (target && (!this.#isAnchored || Math.abs(target.utc - this.utcOf(at.mediaUs)) <= stepUs)) {
      this.lay(at.mediaUs, at.arrivalUs);
    }
  }

  /** Compares the line with what was seen, once a second. Says whether it was turned, or needs a step that only a new run may take. */
  evaluate(mediaUs: number, nowUs: number): 'steady' | 'turned' | 'step' {
    const target = this.#target(mediaUs, nowUs);
    if (!target) return 'steady';
    const error = target.utc - this.utcOf(mediaUs);
    if (Math.abs(error) > stepUs) {
      this.#stepSinceUs ??= nowUs;
      // Earlier than the line says is certain; later may be a stall that ends, and the hull has to forget it first.
      return error < 0 || nowUs - this.#stepSinceUs > 5_000_000 ? 'step' : 'steady';
    }
    this.#stepSinceUs = null;
    const settling = this.#firstArrivalUs !== null && nowUs - this.#firstArrivalUs <= firstAnchorUs + 1_000_000;
    if (!this.#isLaid || (settling && !this.hasSender)) {
      this.#isLaid = !settling || this.hasSender;
      if (Math.abs(error) <= toleranceUs && this.#isLaid) return 'steady';
      this.lay(mediaUs, nowUs);
      return 'turned';
    }
    const rate = this.#line.ppb / 1e9;
    // Judged by where the line would be when an error is to be gone: clamped rates would hide one that grows.
    const errorThen = error + (target.slope - rate) * settleUs;
    const wanted = Math.min(slewMax, Math.max(-slewMax, target.slope + error / settleUs));
    const isGoodEnough = Math.abs(errorThen) <= toleranceUs || Math.abs(wanted - rate) < 1e-6;
    if (isGoodEnough && target.clock === this.#line.clock) return 'steady';
    this.#set(mediaUs, this.utcOf(mediaUs), wanted, target.clock, Math.abs(error));
    return 'turned';
  }

  /** Lays the line anew where it is best known to be: at the beginning of a run. */
  lay(mediaUs: number, nowUs: number): void {
    const target = this.#target(mediaUs, nowUs);
    if (!target) return;
    this.#stepSinceUs = null;
    this.#set(mediaUs, target.utc, target.slope, target.clock, 0);
    this.#isAnchored = true;
  }

  /** Another time line begins: what was seen of the old one says nothing about it. */
  reset(): void {
    this.#arrivals.reset();
    this.#sender.reset();
    this.#generation = -1;
    this.#firstArrivalUs = null;
    this.#smallestDelay = Number.POSITIVE_INFINITY;
    this.#isAnchored = false;
    this.#isLaid = false;
    this.#stepSinceUs = null;
  }

  #set(mediaUs: number, utcUs: number, rate: number, clock: ClockKind, error: number): void {
    const ppb = Math.round(Math.min(slewMax, Math.max(-slewMax, rate)) * 1e9);
    this.#line = { mediaUs, utcUs, ppb, errorUs: Math.round(errorUsByKind[clock] + error), clock };
  }

  #target(mediaUs: number, nowUs: number): { utc: number; slope: number; clock: ClockKind } | null {
    if (this.hasSender) {
      const sender = this.#sender.at(mediaUs);
      const { offset, slope } = this.#camera.correction(sender, nowUs);
      return { utc: sender + offset, slope: this.#sender.slope + slope, clock: this.#camera.kind };
    }
    const line = this.#arrivals.line();
    if (!line) return null;
    const delay = line.delay + (mediaUs - line.time) * line.slope;
    return { utc: mediaUs + delay, slope: line.slope, clock: 'arrival' };
  }
}
