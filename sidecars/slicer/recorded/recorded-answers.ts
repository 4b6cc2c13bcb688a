/** What the recorded side answers, whatever the door: a status, a type and a body. */
import type { ErrorCode } from '#server/contracts/error-code.ts';

import type { SegmentStore } from '../disk/segment-store.ts';
import { parseRange } from './time-range.ts';
import { buildTimeline } from './timeline.ts';
import { leadMs, vodPlaylist, windowSegments } from './vod-playlist.ts';

export type RecordedAnswer =
  | { status: 200; body: string; /** No second of it can change any more. */ settled: boolean }
  | { status: 400 | 404; code: ErrorCode; message: string };

/** An open segment is at most six seconds, its part on the way to the disk a little more. */
const liveEdgeMs = 15_000;
const timelineMsMax = 366 * 86_400_000;

interface RecordedAsk {
  store: SegmentStore;
  query: URLSearchParams;
  nowMs: number;
}

/** `{rend}/vod.m3u8?from=&to=`; `tracks` of the rendition. */
export async function answerVod({
  store,
  query,
  nowMs,
  tracks,
}: RecordedAsk & { tracks: readonly number[] }): Promise<RecordedAnswer> {
  const latestMs = store.newestMs ?? nowMs;
  const asked = parseRange(query, { nowMs, latestMs });
  if (!asked.ok) return { status: 400, code: 'BAD_REQUEST', message: asked.message };
  const { range } = asked;
  const segments = await store.segments(range.fromMs - leadMs, range.toMs);
  const body = vodPlaylist(windowSegments(segments, range, tracks));
  if (body === null) {
    const window = `${new Date(range.fromMs).toISOString()} and ${new Date(range.toMs).toISOString()}`;
    return { status: 404, code: 'NOT_FOUND', message: `nothing is recorded between ${window}` };
  }
  return { status: 200, body, settled: range.toMs < nowMs - liveEdgeMs };
}

/** `timeline.json?from=&to=`, snapped outward to segments. */
export async function answerTimeline({ store, query, nowMs }: RecordedAsk): Promise<RecordedAnswer> {
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
