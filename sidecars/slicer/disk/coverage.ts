import type { SegmentMeta, Span } from './segment.ts';

/** Segments of one run abut to within rounding of their clock; a longer silence is a hole. */
const jointMsMax = 250;

/** Adds a stretch behind the others, lengthening the last one where it goes on. Mutates and returns `spans`. */
export function extendSpans(spans: Span[], next: Span): Span[] {
  const last = spans.at(-1);
  if (last && last.kind === next.kind && next.fromMs - last.toMs <= jointMsMax)
    last.toMs = Math.max(last.toMs, next.toMs);
  else spans.push({ ...next });
  return spans;
}

export function spanOf(segment: Pick<SegmentMeta, 'startMs' | 'durationMs' | 'synthetic'>): Span {
  const kind = segment.synthetic ? 'slate' : 'recorded';
  return { fromMs: segment.startMs, toMs: segment.startMs + segment.durationMs, kind };
}

/** Spans of any order and overlap, joined where they go on. */
export function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) extendSpans(merged, span);
  return merged;
}
