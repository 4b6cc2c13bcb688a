import type { SegmentMeta } from '../disk/segment.ts';
import { joinedUri, joinSegments, type JoinedSegment } from './joined-segment.ts';
import type { TimeRange } from './time-range.ts';

/** How far before a window the key frame may lie that its first picture needs. */
export const leadMs = 30_000;

/**
 * What a window of a rendition plays: received media of these tracks that touches it, from the key frame that its first picture needs.
 * `segments` reach `leadMs` before the window; slate is left out.
 */
export function windowSegments(
  segments: readonly SegmentMeta[],
  range: TimeRange,
  tracks: readonly number[],
): SegmentMeta[] {
  const kept = segments.filter(
    (segment) => !segment.synthetic && segment.tracks.some(({ track }) => tracks.includes(track)),
  );
  const touching = kept.findIndex((segment) => segment.startMs + segment.durationMs > range.fromMs);
  if (touching < 0) return [];
  let first = touching;
  while (first > 0 && kept[first]?.independent === false && kept[first - 1]?.run === kept[first]?.run) first -= 1;
  // No key frame before it: from the next one on.
  if (kept[first]?.independent === false)
    first = kept.findIndex((segment, at) => at >= touching && segment.independent);
  return first < 0 ? [] : kept.slice(first).filter((segment) => segment.startMs < range.toMs);
}

/** `{rend}/vod.m3u8`; null where the window holds nothing. */
export function vodPlaylist(segments: readonly SegmentMeta[]): string | null {
  const joined = joinSegments(segments);
  if (joined.length === 0) return null;
  const targetDuration = Math.max(1, ...joined.map((segment) => Math.ceil(segment.durationMs / 1000)));
  // No PLAYLIST-TYPE:VOD: a window with an open end is another playlist a minute later, and ENDLIST says all a player needs.
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:10',
    `#EXT-X-TARGETDURATION:${targetDuration}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-DISCONTINUITY-SEQUENCE:0',
  ];
  if (joined.every((segment) => segment.independent)) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  let run: number | null = null;
  for (const segment of joined) {
    lines.push(...segmentLines(segment, run));
    run = segment.run;
  }
  lines.push('#EXT-X-ENDLIST');
  return `${lines.join('\n')}\n`;
}

function segmentLines(segment: JoinedSegment, previousRun: number | null): string[] {
  const lines: string[] = [];
  if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
  if (segment.run !== previousRun) lines.push(`#EXT-X-MAP:URI="i/${segment.run}.mp4"`);
  lines.push(
    `#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.startMs)).toISOString()}`,
    // Five decimals hold a tick of 90 kHz.
    `#EXTINF:${Math.round(segment.durationMs * 100) / 1e5},`,
    joinedUri(segment),
  );
  return lines;
}
