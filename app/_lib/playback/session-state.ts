import type { Failure } from './failure.ts';
import type { QualityState } from './quality.ts';

export type Transport = 'lowLatency' | 'plain' | 'native';
export type Mode = { type: 'live' } | { type: 'past'; atMs: number; fromMs: number; toMs: number };
export type SessionState = {
  mode: Mode;
  phase:
    | { type: 'opening'; sinceMs: number }
    | { type: 'playing' }
    | { type: 'recovering'; attempt: number; budget: number }
    | { type: 'failed'; failure: Failure; retryAtMs: number | null };
  transport: Transport;
  /** The viewer went back inside the live window: do not pull them to the edge again. */
  isHeldBack: boolean;
  quality: QualityState;
};
