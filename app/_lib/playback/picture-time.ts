import { nextRecordedMs, type Span } from './coverage.ts';

/** A stretch of a playlist with its place on the wall clock: what both directions of time in a recording are computed from. */
export type DatedFragment = { start: number; duration: number; programDateTime: number | null };

/** Where in the media a wall-clock time stands; in a hole, the next picture after it. Null outside of the playlist. */
export function mediaTimeOf(fragments: readonly DatedFragment[], wallMs: number): number | null {
  for (const { start, duration, programDateTime } of fragments) {
    if (programDateTime === null) continue;
    if (wallMs < programDateTime + duration * 1000) return start + Math.max(0, wallMs - programDateTime) / 1000;
  }
  return null;
}

/** From the first to behind the last picture of a playlist. */
export function wallRangeOf(fragments: readonly DatedFragment[]): { fromMs: number; toMs: number } | null {
  const dated = fragments.filter((fragment) => fragment.programDateTime !== null);
  const first = dated[0]?.programDateTime;
  const last = dated.at(-1);
  if (first === null || first === undefined || !last || last.programDateTime === null) return null;
  return { fromMs: first, toMs: last.programDateTime + last.duration * 1000 };
}

/** A recorded playlist is at most an hour long: a longer one costs a phone a tenth of a second to parse. */
export const windowMs = 3_600_000;
const leadMs = 30_000;
/** A recorded segment is closed and listed this long after its pictures. */
const settledMs = 8000;

/** The window of a recording that is opened for a moment: a little before it, so that a step back needs no new one. */
export function windowAround(wallMs: number, nowMs: number): { fromMs: number; toMs: number } {
  const fromMs = wallMs - leadMs;
  return { fromMs, toMs: Math.min(fromMs + windowMs, nowMs) };
}

/** The window that goes on where one ended, holes stepped over; null where only live is left. */
export function windowAfter(
  spans: readonly Span[],
  endMs: number,
  nowMs: number,
): { atMs: number; fromMs: number; toMs: number } | null {
  const atMs = nextRecordedMs(spans, endMs) ?? endMs;
  if (atMs > nowMs - settledMs) return null;
  return { atMs, fromMs: atMs, toMs: Math.min(atMs + windowMs, nowMs) };
}
