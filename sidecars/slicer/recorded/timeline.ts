import type { Timeline } from '#server/contracts/media-state.ts';

import type { Span, SpanKind } from '../disk/segment.ts';
import type { TimeRange } from './time-range.ts';

/** Where two reasons meet, the one that tells more of what can be watched. */
const order: readonly SpanKind[] = ['recorded', 'slate', 'dropped', 'off', 'retention'];
/** A reconnection within a second is no outage to look at. */
const outageMsMin = 1000;

type TimelineSpan = Timeline['spans'][number];

interface Piece extends TimeRange {
  kind: TimelineSpan['kind'];
}

/**
 * The window cut into stretches without overlap or hole; what nobody accounts for is an outage of the source. `liveEdgeMs`: the newest recorded media
 * is this much behind now while its segment is open, and that is no outage.
 */
export function buildTimeline(
  spans: readonly Span[],
  range: TimeRange,
  edge: { nowMs: number; liveEdgeMs: number },
): Timeline {
  const pieces: Piece[] = [];
  for (const piece of cut(spans, range)) {
    const last = pieces.at(-1);
    const isJoint = piece.kind === 'offline' && last !== undefined && piece.toMs - piece.fromMs < outageMsMin;
    const isEdge =
      piece.kind === 'offline' && last?.kind === 'recorded' && edge.nowMs - piece.fromMs <= edge.liveEdgeMs;
    if (last && (isJoint || isEdge || last.kind === piece.kind)) last.toMs = piece.toMs;
    else pieces.push({ ...piece });
  }
  return {
    from: iso(range.fromMs),
    to: iso(range.toMs),
    spans: pieces.map(({ fromMs, toMs, kind }) => ({ from: iso(fromMs), to: iso(toMs), kind })),
  };
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

/** Sweeps over the ends of all spans, keeping count of which kinds cover the place. */
function cut(spans: readonly Span[], { fromMs, toMs }: TimeRange): Piece[] {
  const ends = spans
    .filter((span) => span.fromMs < toMs && span.toMs > fromMs)
    .flatMap(({ kind, ...span }) => [
      { atMs: Math.max(fromMs, span.fromMs), kind, by: 1 },
      { atMs: Math.min(toMs, span.toMs), kind, by: -1 },
    ])
    .toSorted((a, b) => a.atMs - b.atMs);
  const depth = new Map<SpanKind, number>();
  const pieces: Piece[] = [];
  let atMs = fromMs;
  const advance = (nextMs: number) => {
    if (nextMs <= atMs) return;
    const kind = order.find((candidate) => (depth.get(candidate) ?? 0) > 0) ?? 'offline';
    pieces.push({ fromMs: atMs, toMs: nextMs, kind });
    atMs = nextMs;
  };
  for (const end of ends) {
    advance(end.atMs);
    depth.set(end.kind, (depth.get(end.kind) ?? 0) + end.by);
  }
  advance(toMs);
  return pieces;
}
