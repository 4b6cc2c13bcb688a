import { failureOfStatus, type Failure } from './failure.ts';
import type { LineFault } from './hls-line.ts';
import { QualityWish, type Bandwidth } from './quality.ts';
import { backOffMs, RetryBudget } from './retry-budget.ts';
import type { SessionState } from './session-state.ts';

/** What is done about a fault. */
export type Remedy =
  | { type: 'none' }
  /** Another playlist: with smaller pictures, or without. */
  | { type: 'reopen' }
  /** By whole segments from here on. */
  | { type: 'plain' }
  /** The decoder alone, or the whole player. */
  | { type: 'recoverDecoder' | 'recoverPlayer'; attempt: number; budget: number }
  /** Null: waiting does not help. */
  | { type: 'fail'; failure: Failure; waitMs: number | null };

type Situation = Pick<SessionState, 'mode' | 'transport'> & {
  /** Parts are what the page wants: one of many pictures side by side is not worth a transcode. */
  wantsParts: boolean;
  bandwidth: Bandwidth | null;
  /** There is a decoder of ours to begin anew. */
  hasDecoder: boolean;
};

const stallsUntilPlain = 4;
const decodeWaitMs = 30_000;
/** Whole segments for so long before parts are tried again, and each time twice as long: what hurried them may be over. */
const plainMs = 120_000;
const plainDoublings = 3;

/** Judges what goes wrong with a session: within budgets, so that nothing is tried for ever. */
export class Trouble {
  readonly quality: QualityWish;
  readonly #media = new RetryBudget({ limit: 5, windowMs: 120_000 });
  readonly #stalls = new RetryBudget({ limit: stallsUntilPlain, windowMs: 60_000 });
  #failuresInRow = 0;
  #plain = { count: 0, untilMs: 0 };

  constructor(hasLadder: boolean) {
    this.quality = new QualityWish(hasLadder);
  }

  /** There is a picture, or the viewer wants another one. */
  settled(): void {
    this.#failuresInRow = 0;
  }

  forgetStalls(): void {
    this.#stalls.clear();
  }

  forgetMedia(): void {
    this.#media.clear();
  }

  remedyOf(fault: LineFault, at: Situation): Remedy {
    switch (fault.type) {
      case 'stalled':
        return this.#stalled(at);
      case 'network':
        return this.#network(fault, at);
      case 'codec':
      case 'unsupported':
        return { type: 'fail', failure: fault.type, waitMs: null };
      case 'media':
        return this.#recovery(fault.details, at);
    }
  }

  /** A live playlist came to its end. */
  ended(): Remedy {
    return { type: 'fail', failure: 'offline', waitMs: backOffMs(this.#failuresInRow) };
  }

  /** A line that can't keep up with parts is read by whole segments, and one that is too narrow gets smaller pictures. */
  #stalled({ mode, transport, wantsParts, bandwidth }: Situation): Remedy {
    const isParts = transport === 'lowLatency';
    const mayAsk = mode.type === 'live' && wantsParts;
    if (mayAsk && this.quality.stalled(Date.now(), { bandwidth, isPlain: !isParts })) return { type: 'reopen' };
    const nowMs = Date.now();
    if (!isParts || this.#stalls.spend(nowMs) !== stallsUntilPlain) return { type: 'none' };
    const { count } = this.#plain;
    this.#plain = { count: count + 1, untilMs: nowMs + plainMs * 2 ** Math.min(count, plainDoublings) };
    return { type: 'plain' };
  }

  /** Whole segments were read for long enough. */
  mayTryParts(nowMs: number): boolean {
    return nowMs >= this.#plain.untilMs;
  }

  #network(fault: Extract<LineFault, { type: 'network' }>, { mode }: Situation): Remedy {
    const { status, retryAfterMs } = fault;
    // A rung that is not made, or no longer, leaves the source.
    if (this.quality.isLadder && mode.type === 'live' && (status === 503 || status === 404)) {
      this.quality.refused();
      return { type: 'reopen' };
    }
    this.#failuresInRow += 1;
    const failure = failureOfStatus(status, mode.type === 'past');
    return { type: 'fail', failure, waitMs: retryAfterMs ?? backOffMs(this.#failuresInRow) };
  }

  /** First the decoder alone, then the whole player; `bufferSeekOverHole` never heals in place. */
  #recovery(details: string, { hasDecoder }: Situation): Remedy {
    const attempt = this.#media.spend(Date.now());
    if (attempt === null) return { type: 'fail', failure: 'decode', waitMs: decodeWaitMs };
    const isInPlace = attempt === 1 && details !== 'bufferSeekOverHole' && hasDecoder;
    return { type: isInPlace ? 'recoverDecoder' : 'recoverPlayer', attempt, budget: this.#media.limit };
  }
}
