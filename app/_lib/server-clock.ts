/**
 * How far this browser's clock is from the server's, from the `Date` headers of ordinary answers.
 * A header tells the second only, so each answer gives an interval; their intersection narrows below 100 ms within a minute of polling.
 */
export type ClockBounds = { minMs: number; maxMs: number };

/** The bounds of (server − browser) that one answer allows. */
export function boundsOf(answer: { dateHeaderMs: number; sentAtMs: number; receivedAtMs: number }): ClockBounds {
  return { minMs: answer.dateHeaderMs - answer.receivedAtMs, maxMs: answer.dateHeaderMs + 1000 - answer.sentAtMs };
}

/** What both allow; the newer alone where they contradict each other, for then a clock was set. */
export function narrow(older: ClockBounds | null, newer: ClockBounds): ClockBounds {
  if (!older) return newer;
  const minMs = Math.max(older.minMs, newer.minMs);
  const maxMs = Math.min(older.maxMs, newer.maxMs);
  return minMs <= maxMs ? { minMs, maxMs } : newer;
}

/** Zero unless the clocks are certainly apart: a guess inside the bounds would add an error where there is none. */
export function offsetOf(bounds: ClockBounds | null): number {
  if (!bounds || (bounds.minMs <= 0 && bounds.maxMs >= 0)) return 0;
  return (bounds.minMs + bounds.maxMs) / 2;
}

let bounds: ClockBounds | null = null;

export function noteServerDate(answer: Parameters<typeof boundsOf>[0]): void {
  if (Number.isFinite(answer.dateHeaderMs)) bounds = narrow(bounds, boundsOf(answer));
}

/** Now, by the server's clock: what picture times are compared with. */
export const serverNow = (): number => Date.now() + offsetOf(bounds);
