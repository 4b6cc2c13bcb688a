import type { SegmentRow } from '#server/contracts/sidecar.ts';

/** UTC milliseconds; `toMs` is exclusive. */
export interface Span {
  fromMs: number;
  toMs: number;
}

const synthetic = 2;
/** Rounding of segment times, not a hole. */
const gapMsMax = 500;

/** Segments in any order to spans in order, without overlap, cut to the window. Slate and silence are no pictures. */
export function joinSegments(rows: readonly SegmentRow[], window: Span): Span[] {
  const spans: Span[] = [];
  const real = rows.filter(([, , , , flags]) => (flags & synthetic) === 0).toSorted((a, b) => a[1] - b[1]);
  for (const [, startMs, durationMs] of real) {
    const fromMs = Math.max(startMs, window.fromMs);
    const toMs = Math.min(startMs + durationMs, window.toMs);
    if (toMs <= fromMs) continue;
    const last = spans.at(-1);
    if (last && fromMs - last.toMs <= gapMsMax) last.toMs = Math.max(last.toMs, toMs);
    else spans.push({ fromMs, toMs });
  }
  return spans;
}
