import { parseJoinedName } from './recorded/joined-segment.ts';
import { parseRendition, type RenditionName } from './rendition.ts';

/** What is asked for below `/media/[~token/]{streamId}/`. */
export type MediaFile =
  | { file: 'index' | 'tail' | 'thumb' | 'state' | 'timeline' }
  | { file: 'segmentThumb'; mediaSequence: number }
  | { file: 'live' | 'vod'; rendition: RenditionName }
  | { file: 'init'; rendition: RenditionName; run: number }
  | { file: 'segment'; rendition: RenditionName; mediaSequence: number }
  | { file: 'joined'; rendition: RenditionName; range: { first: number; last: number } }
  | { file: 'part'; rendition: RenditionName; mediaSequence: number; part: number };

export interface MediaPath {
  token: string | null;
  streamId: string;
  media: MediaFile;
}

const root = '/media/';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
// Fifteen digits are below 2^53.
const numbered = /^(\d{1,15})(?:\.(\d{1,6}))?\.(mp4|m4s|jpg)$/;
const plainFiles = new Map<string, MediaFile>([
  ['index.m3u8', { file: 'index' }],
  ['tail.mp4', { file: 'tail' }],
  ['thumb.jpg', { file: 'thumb' }],
  ['state.json', { file: 'state' }],
  ['timeline.json', { file: 'timeline' }],
]);

/** Null where nothing of ours has this path. `path` is without its query. */
export function parseMediaPath(path: string): MediaPath | null {
  if (!path.startsWith(root)) return null;
  const parts = path.slice(root.length).split('/');
  const token = parts[0]?.startsWith('~') ? (parts.shift() ?? '').slice(1) : null;
  const streamId = parts.shift() ?? '';
  if (!uuid.test(streamId)) return null;
  const media = parseFile(parts);
  return media && { token, streamId, media };
}

function parseFile(parts: string[]): MediaFile | null {
  const [first = '', second = '', third = ''] = parts;
  if (parts.length === 1) return plainFiles.get(first) ?? null;
  if (parts.length === 2 && first === 'thumbs') {
    const match = numbered.exec(second);
    return match?.[3] === 'jpg' && match[2] === undefined
      ? { file: 'segmentThumb', mediaSequence: Number(match[1]) }
      : null;
  }
  const rendition = parseRendition(first);
  if (!rendition) return null;
  if (parts.length === 2) {
    if (second === 'live.m3u8') return { file: 'live', rendition };
    return second === 'vod.m3u8' ? { file: 'vod', rendition } : null;
  }
  const range = parts.length === 3 && second === 's' ? parseJoinedName(third) : null;
  if (range) return { file: 'joined', rendition, range };
  const match = parts.length === 3 ? numbered.exec(third) : null;
  if (!match) return null;
  const number = Number(match[1]);
  const kind = `${second}.${match[3]}`;
  if (kind === 'p.m4s' && match[2] !== undefined)
    return { file: 'part', rendition, mediaSequence: number, part: Number(match[2]) };
  if (match[2] !== undefined) return null;
  if (kind === 's.m4s') return { file: 'segment', rendition, mediaSequence: number };
  return kind === 'i.mp4' ? { file: 'init', rendition, run: number } : null;
}

/** `_HLS_msn`, `_HLS_part`, `_HLS_skip` of a live playlist's query. */
export interface DeliveryDirectives {
  mediaSequence: number | null;
  part: number | null;
  skip: boolean;
}

/** Null where they contradict RFC 8216bis §6.2.5: not a number, or a part without its segment. */
export function parseDirectives(query: URLSearchParams): DeliveryDirectives | null {
  const mediaSequence = wholeNumber(query.get('_HLS_msn'));
  const part = wholeNumber(query.get('_HLS_part'));
  if (mediaSequence === undefined || part === undefined) return null;
  if (part !== null && mediaSequence === null) return null;
  const skip = query.get('_HLS_skip');
  return { mediaSequence, part, skip: skip === 'YES' || skip === 'v2' };
}

/** Null where it is not given, undefined where it is no number. */
function wholeNumber(text: string | null): number | null | undefined {
  if (text === null) return null;
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
