import { setTimeout as sleep } from 'node:timers/promises';

import { monotonicUtcUs } from '../source.ts';

/** The process was stopped, or the source was slow. */
const lateUsMaxDefault = 2_000_000;

/** Releases media at the pace of its own time stamps, by the monotonic clock. */
export class Pacer {
  private readonly lateUsMax: number;
  private anchorUs: number | null = null;

  /** Behind by more than `lateUsMax`, time is not caught up with but begins anew. */
  constructor(lateUsMax = lateUsMaxDefault) {
    this.lateUsMax = lateUsMax;
  }

  /** Waits until `mediaUs` is due and says when that was (UTC µs), and whether the pace began anew. */
  async wait(mediaUs: number, signal: AbortSignal): Promise<{ utcUs: number; anchored: boolean }> {
    const nowUs = monotonicUtcUs();
    if (this.anchorUs === null || nowUs - (this.anchorUs + mediaUs) > this.lateUsMax) {
      this.anchorUs = nowUs - mediaUs;
      return { utcUs: nowUs, anchored: true };
    }
    const dueUs = this.anchorUs + mediaUs;
    const waitMs = (dueUs - nowUs) / 1000;
    if (waitMs >= 1) {
      await sleep(waitMs, undefined, { signal }).catch(() => {
        // Closed while waiting: who called looks at the signal.
      });
    }
    return { utcUs: dueUs, anchored: false };
  }

  /** The next unit starts a new pace. */
  reset(): void {
    this.anchorUs = null;
  }
}
