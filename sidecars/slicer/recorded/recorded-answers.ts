/** What the recorded side answers, whatever the door: a status, a type and a body. */
import type { ErrorCode } from '#server/contracts/error-code.ts';

import type { SegmentStore } from '../disk/segment-store.ts';
import type { LogRun } from '../disk/segment.ts';
import { parseRange, type RangeResult } from './time-range.ts';
import { buildTimeline } from './timeline.ts';
import { leadMs, vodPlaylist, windowSegments } from './vod-playlist.ts';

export type RecordedAnswer =
  | { status: 200; body: string; /** No second of it can change any more. */ settled: boolean }
  | { status: 400 | 404 | 410; code: ErrorCode; message: string };

/** An open segment is at most six seconds, its part on the way to the disk a little more. */
const liveEdgeMs = 15_000;
/** A day of joined segments is a megabyte of playlist; half of it is what a player takes without a stumble. */
const wholeMsMax = 12 * 3_600_000;
const timelineMsMax = 366 * 86_400_000;

/** What a multivariant playlist says of recorded media. */
export interface RecordedVariants {
  run: LogRun;
  /** Bits a second of its segments, at least one. */
  rates: number[];
}

export interface RecordedQuestion {
  store: SegmentStore;
  query: URLSearchParams;
  /** Of a stream that is over: its end. */
  nowMs: number;
}

/** `{rend}/vod.m3u8?from=&to=`; `tracks` of the rendition. Without a window, what is `ended` is given whole. */
export async function answerVod({
  tracks,
  ended,
  ...question
}: RecordedQuestion & { tracks: readonly number[]; ended: boolean }): Promise<RecordedAnswer> {
  const asked = vodRange(question, ended);
  if (!asked.ok) return { status: 400, code: 'BAD_REQUEST', message: asked.message };
  const { range } = asked;
  const { store, nowMs } = question;
  const segments = await store.segments(range.fromMs - leadMs, range.toMs);
  const body = vodPlaylist(windowSegments(segments, range, tracks));
  if (body === null) {
    const window = `${new Date(range.fromMs).toISOString()} and ${new Date(range.toMs).toISOString()}`;
    if (ended) return { status: 410, code: 'GONE', message: `nothing is kept of the time between ${window}` };
    return { status: 404, code: 'NOT_FOUND', message: `nothing is recorded between ${window}` };
  }
  return { status: 200, body, settled: Math.min(range.toMs, nowMs) < Date.now() - liveEdgeMs };
}

/** The tracks of the newest segment of a window and the rates of its segments; null where there is none. */
export async function variantsOf({
  ended,
  ...question
}: RecordedQuestion & { ended: boolean }): Promise<RecordedVariants | null> {
  const asked = vodRange(question, ended);
  // What is wrong with it, the playlist itself says.
  const range = asked.ok ? asked.range : { fromMs: question.nowMs - leadMs, toMs: question.nowMs };
  const segments = await question.store.segments(range.fromMs - leadMs, range.toMs);
  const last = segments.findLast((segment) => !segment.synthetic);
  const run = last && (await question.store.run(last.run));
  return run ? { run, rates: segments.map(({ bandwidth }) => bandwidth) } : null;
}

function vodRange({ store, query, nowMs }: RecordedQuestion, ended: boolean): RangeResult {
  const latestMs = store.newestMs ?? nowMs;
  const isWhole = ended && !query.has('from') && !query.has('to');
  if (!isWhole) return parseRange(query, { nowMs, latestMs });
  const oldestMs = store.oldestMs ?? latestMs;
  // From its beginning: the rest of a longer one is asked for by window.
  return { ok: true, range: { fromMs: oldestMs, toMs: Math.min(latestMs + 1, oldestMs + wholeMsMax) } };
}

/** `timeline.json?from=&to=`, snapped outward to segments. */
export async function answerTimeline({ store, query, nowMs }: RecordedQuestion): Promise<RecordedAnswer> {
  const hasFrom = (query.get('from') ?? '') !== '';
  const openFrom = { maxMs: hasFrom ? timelineMsMax : Math.max(3_600_000, nowMs - (store.oldestMs ?? nowMs)) };
  const asked = parseRange(query, { nowMs, ...openFrom });
  if (!asked.ok) return { status: 400, code: 'BAD_REQUEST', message: asked.message };
  const { fromMs, toMs } = asked.range;
  const [first] = await store.segments(fromMs, fromMs + 1);
  const last = (await store.segments(toMs - 1, toMs)).at(-1);
  const range = {
    fromMs: Math.min(fromMs, first?.startMs ?? fromMs),
    toMs: Math.max(toMs, last ? last.startMs + last.durationMs : toMs),
  };
  const body = buildTimeline(store.coverage(range.fromMs, range.toMs), range, { nowMs, liveEdgeMs });
  return { status: 200, body: JSON.stringify(body), settled: range.toMs < nowMs - liveEdgeMs };
}
