import type { LiveSegment } from '../live-segment.ts';

/** What a live playlist is written from. */
export interface LiveView {
  segments: readonly LiveSegment[];
  targetDuration: number;
  /** Seconds; null before the first part. */
  partTarget: number | null;
  /** Media sequence and part that come next; null where it can't be told: the open segment lists no parts. */
  hint: { mediaSequence: number; part: number } | null;
  /** No part before this media sequence keeps to the present PART-TARGET. */
  partsFrom: number;
  ended: boolean;
}

/** Parts are listed for the last three target durations, RFC 8216bis §6.2.2. */
const partsTargets = 3;
const skipTargets = 6;

/** Seconds as the playlist writes them: five decimals hold a tick of 90 kHz. */
export function seconds(value: number): string {
  return String(Math.round(value * 1e5) / 1e5);
}

/** Five decimals, rounded up: no part may be longer than what it says. */
function secondsUp(value: number): string {
  return String(Math.ceil(value * 1e5 - 1e-3) / 1e5);
}

export function partUri(mediaSequence: number, part: number): string {
  return `p/${mediaSequence}.${part}.m4s`;
}

/** Seconds from the start of each segment to the end of the playlist. */
function distancesFromEnd(segments: readonly LiveSegment[]): number[] {
  const distances: number[] = [];
  let distance = 0;
  for (const segment of segments.toReversed()) {
    distance += segment.duration;
    distances.push(distance);
  }
  return distances.toReversed();
}

/** How many segments a delta update leaves out: those that end before the skip boundary. */
export function skippedSegments(view: LiveView): number {
  const distances = distancesFromEnd(view.segments);
  const boundary = skipTargets * view.targetDuration;
  const kept = view.segments.findIndex((segment, at) => (distances[at] ?? 0) - segment.duration <= boundary);
  return Math.max(0, kept);
}

function header(view: LiveView): string[] {
  const { targetDuration, partTarget, segments } = view;
  const first = segments[0];
  const lines = ['#EXTM3U', '#EXT-X-VERSION:10', `#EXT-X-TARGETDURATION:${targetDuration}`];
  const control = ['CAN-BLOCK-RELOAD=YES', `CAN-SKIP-UNTIL=${skipTargets * targetDuration}`];
  if (partTarget !== null) control.push(`PART-HOLD-BACK=${secondsUp(partTarget * 3.1)}`);
  control.push(`HOLD-BACK=${3 * targetDuration}`);
  lines.push(`#EXT-X-SERVER-CONTROL:${control.join(',')}`);
  if (partTarget !== null) lines.push(`#EXT-X-PART-INF:PART-TARGET=${secondsUp(partTarget)}`);
  lines.push(`#EXT-X-MEDIA-SEQUENCE:${first?.mediaSequence ?? view.hint?.mediaSequence ?? 0}`);
  const discontinuitySequence = first ? first.discontinuitySequence - (first.discontinuity ? 1 : 0) : 0;
  lines.push(`#EXT-X-DISCONTINUITY-SEQUENCE:${discontinuitySequence}`);
  if (segments.every((segment) => segment.independent)) lines.push('#EXT-X-INDEPENDENT-SEGMENTS');
  return lines;
}

/** `{rend}/live.m3u8`; `skip`: as a delta update, where there is anything to leave out. */
export function livePlaylist(view: LiveView, skip: boolean): string {
  const { segments } = view;
  const lines = header(view);
  const skipped = skip ? skippedSegments(view) : 0;
  if (skipped > 0) lines.push(`#EXT-X-SKIP:SKIPPED-SEGMENTS=${skipped}`);
  const distances = distancesFromEnd(segments);
  const partsWithin = partsTargets * view.targetDuration;
  segments.forEach((segment, at) => {
    if (at < skipped) return;
    const parts = segment.listsParts && segment.mediaSequence >= view.partsFrom && !view.ended ? segment.parts : [];
    // What has neither a part to list nor an end is not there yet.
    if (!segment.closed && parts.length === 0) return;
    if (segment.discontinuity) lines.push('#EXT-X-DISCONTINUITY');
    if (at === 0 || segment.run !== segments[at - 1]?.run) lines.push(`#EXT-X-MAP:URI="i/${segment.run}.mp4"`);
    lines.push(`#EXT-X-PROGRAM-DATE-TIME:${new Date(Math.round(segment.startMs)).toISOString()}`);
    if ((distances[at] ?? 0) - segment.duration < partsWithin) {
      for (const part of parts) {
        const marks = `${part.independent ? ',INDEPENDENT=YES' : ''}${part.gap ? ',GAP=YES' : ''}`;
        lines.push(
          `#EXT-X-PART:DURATION=${seconds(part.duration)},URI="${partUri(segment.mediaSequence, part.part)}"${marks}`,
        );
      }
    }
    if (segment.closed && segment.gap) lines.push('#EXT-X-GAP');
    if (segment.closed) lines.push(`#EXTINF:${seconds(segment.duration)},`, `s/${segment.mediaSequence}.m4s`);
  });
  if (view.ended) lines.push('#EXT-X-ENDLIST');
  else if (view.hint && view.partTarget !== null) {
    lines.push(`#EXT-X-PRELOAD-HINT:TYPE=PART,URI="${partUri(view.hint.mediaSequence, view.hint.part)}"`);
  }
  return `${lines.join('\n')}\n`;
}
