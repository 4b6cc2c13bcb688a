import type { SegmentStore } from '../disk/segment-store.ts';
import type { SegmentMeta } from '../disk/segment.ts';

/** Neighbours of one run served as one segment: `s/{first}-{last}.m4s`, or `s/{msn}.m4s` where it is one. */
export interface JoinedSegment {
  first: number;
  last: number;
  run: number;
  startMs: number;
  durationMs: number;
  bytes: number;
  independent: boolean;
  /** Does not go on from the one before. */
  discontinuity: boolean;
}

/** GOPs are joined to this long where they are short: a request each for two seconds of a recording is waste. */
const joinedMsMin = 6000;
const joinedMsMax = 10_000;
/** What one address may join: bounds the memory of a request made by hand. */
const joinedCountMax = 64;
const namePattern = /^(\d{1,15})-(\d{1,15})\.m4s$/;

export function joinedUri({ first, last }: Pick<JoinedSegment, 'first' | 'last'>): string {
  return first === last ? `s/${first}.m4s` : `s/${first}-${last}.m4s`;
}

/** First and last of `{first}-{last}.m4s`; null where the name is another's or joins too many. */
export function parseJoinedName(name: string): { first: number; last: number } | null {
  const match = namePattern.exec(name);
  if (!match) return null;
  const first = Number(match[1]);
  const last = Number(match[2]);
  return first < last && last - first < joinedCountMax ? { first, last } : null;
}

function goesOn(previous: SegmentMeta, next: SegmentMeta): boolean {
  return next.mediaSequence === previous.mediaSequence + 1 && next.run === previous.run && !next.discontinuity;
}

/** Joins in order. A group begins with a key frame wherever the source gives one within ten seconds. */
export function joinSegments(segments: readonly SegmentMeta[]): JoinedSegment[] {
  const joined: JoinedSegment[] = [];
  let previous: SegmentMeta | null = null;
  for (const segment of segments) {
    const group = joined.at(-1);
    const continues = previous !== null && goesOn(previous, segment);
    const fits = group !== undefined && group.durationMs + segment.durationMs <= joinedMsMax;
    const wants = group !== undefined && (group.durationMs < joinedMsMin || !segment.independent);
    if (group && continues && fits && wants && segment.mediaSequence - group.first < joinedCountMax) {
      group.last = segment.mediaSequence;
      group.durationMs += segment.durationMs;
      group.bytes += segment.bytes;
    } else {
      const { mediaSequence, run, startMs, durationMs, bytes, independent } = segment;
      const place = { first: mediaSequence, last: mediaSequence, run, startMs, durationMs, bytes, independent };
      joined.push({ ...place, discontinuity: previous !== null && !continues });
    }
    previous = segment;
  }
  return joined;
}

/** Bytes of all of them in order; null where one is missing or they are not of one run. */
export async function readJoined(
  store: SegmentStore,
  range: { first: number; last: number },
  tracks: readonly number[] | 'all',
): Promise<Buffer[] | null> {
  const buffers: Buffer[] = [];
  for (let mediaSequence = range.first; mediaSequence <= range.last; mediaSequence += 1) {
    const bytes = await store.read(mediaSequence, tracks);
    if (!bytes) return null;
    buffers.push(bytes);
  }
  return buffers;
}
