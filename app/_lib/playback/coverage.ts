import type { Timeline } from '#server/contracts/media-state.ts';

export type SpanKind = Timeline['spans'][number]['kind'];
export type Span = { fromMs: number; toMs: number; kind: SpanKind };

export type Stretch = { fromMs: number; toMs: number };

export const spansOf = (timeline: Timeline): Span[] =>
  timeline.spans.map((span) => ({ fromMs: Date.parse(span.from), toMs: Date.parse(span.to), kind: span.kind }));

/** Whether something can be shown of a span: a slate is a bridge, not a picture. */
const hasPicture = (span: Span): boolean => span.kind === 'recorded';

export const spanAt = (spans: readonly Span[], ms: number): Span | null =>
  spans.find((span) => ms >= span.fromMs && ms < span.toMs) ?? null;

/** The first recorded moment at or after one; null when nothing follows. */
export function nextRecordedMs(spans: readonly Span[], ms: number): number | null {
  const next = spans.find((span) => hasPicture(span) && span.toMs > ms);
  return next ? Math.max(ms, next.fromMs) : null;
}

/** A span is listed, and the list asked for again, this long after its pictures at the latest. */
const listedMs = 60_000;

/** Whether a moment can be shown: a very recent one is not listed yet, and is worth a try where anything is being recorded. */
export const isRecordedAt = (spans: readonly Span[], ms: number, nowMs: number): boolean => {
  const span = spanAt(spans, ms);
  if (span) return hasPicture(span);
  const last = spans.at(-1);
  return last !== undefined && last.kind !== 'off' && ms > nowMs - listedMs;
};

const stepMs = 6 * 3_600_000;

/** The stretch whose coverage is asked for a moment further back than the last hours; whole steps, so that a playhead that runs on asks seldom. */
export function stretchAround(ms: number | null, sinceHours: number, nowMs: number): Stretch | null {
  if (ms === null || ms > nowMs - sinceHours * 3_600_000 + stepMs / 2) return null;
  const step = Math.floor(ms / stepMs) * stepMs;
  return { fromMs: step - 2 * stepMs, toMs: Math.min(nowMs, step + 3 * stepMs) };
}

export const oldestRecordedMs = (spans: readonly Span[]): number | null => spans.find(hasPicture)?.fromMs ?? null;

/** What lies in a stretch, joined where it is finer than the eye: neighbours of one kind closer than `grainMs`. */
export function visibleSpans(spans: readonly Span[], stretch: Stretch, grainMs: number): Span[] {
  const visible: Span[] = [];
  for (const span of spans) {
    if (span.toMs <= stretch.fromMs || span.fromMs >= stretch.toMs) continue;
    const cut = { ...span, fromMs: Math.max(span.fromMs, stretch.fromMs), toMs: Math.min(span.toMs, stretch.toMs) };
    const last = visible.at(-1);
    if (last && last.kind === cut.kind && cut.fromMs - last.toMs < grainMs) last.toMs = cut.toMs;
    else visible.push(cut);
  }
  return visible;
}

/** The stretch a bar shows: up to now, or around a playhead that lies further back. */
export function stretchFor(hours: number, nowMs: number, playheadMs: number | null): Stretch {
  const lengthMs = hours * 3_600_000;
  if (playheadMs === null || playheadMs >= nowMs - lengthMs) return { fromMs: nowMs - lengthMs, toMs: nowMs };
  const toMs = Math.min(nowMs, playheadMs + lengthMs / 2);
  return { fromMs: toMs - lengthMs, toMs };
}

const tickEveryMs: Readonly<Record<number, number>> = { 1: 600_000, 6: 3_600_000, 24: 14_400_000 };

/** Round times of the place's own clock inside a stretch. */
export function ticksIn(stretch: Stretch, hours: number, offsetMs: number): number[] {
  const everyMs = tickEveryMs[hours] ?? 3_600_000;
  const ticks: number[] = [];
  const first = Math.ceil((stretch.fromMs + offsetMs) / everyMs) * everyMs - offsetMs;
  for (let tick = first; tick < stretch.toMs; tick += everyMs) ticks.push(tick);
  return ticks;
}

/** How far a zone is ahead of UTC at a moment. */
export function zoneOffsetMs(timeZone: string, ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(ms / 1000) * 1000;
}
