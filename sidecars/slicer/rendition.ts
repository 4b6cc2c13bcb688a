import { rungNames, type RungName } from '#server/contracts/camera-words.ts';
import { trackId, type RunTrack } from '#server/contracts/log-record.ts';

import { rungTrack } from './ladder/rung.ts';
import type { LivePart } from './live-segment.ts';

/**
 * `src`: video + AAC muxed, the default; `v`, `a`, `o`: video, AAC, Opus alone; `1080`, `720`, `480`: rungs, the source's picture made smaller, video
 * only.
 */
export type RenditionName = 'src' | 'v' | 'a' | 'o' | RungName;

const tracksOf: Record<RenditionName, readonly number[]> = {
  src: [trackId.video, trackId.aac],
  v: [trackId.video],
  a: [trackId.aac],
  o: [trackId.opus],
  '1080': [rungTrack('1080')],
  '720': [rungTrack('720')],
  '480': [rungTrack('480')],
};
const renditionNames: readonly RenditionName[] = ['src', 'v', 'a', 'o', ...rungNames];

export function parseRendition(name: string): RenditionName | null {
  return renditionNames.find((rendition) => rendition === name) ?? null;
}

/** Every track that a rendition may have. */
export function trackIdsOf(name: RenditionName): readonly number[] {
  return tracksOf[name];
}

/** The tracks of a run that a rendition serves, in the order of their ids. A stream of Opus alone has it in `src` too. */
export function renditionTracks(name: RenditionName, tracks: readonly RunTrack[]): RunTrack[] {
  const wanted = tracks.filter((track) => tracksOf[name].includes(track.track));
  if (name === 'src' && wanted.length === 0) return tracks.filter((track) => track.track === trackId.opus);
  return wanted.toSorted((a, b) => a.track - b.track);
}

/** Bytes of a part for these tracks: the shared buffer where it holds nothing else. */
export function partBytes(part: LivePart, tracks: readonly number[]): Buffer | null {
  if (!part.data) return null;
  if (part.chunks.every((chunk) => tracks.includes(chunk.track))) return part.data;
  return Buffer.concat(part.chunks.filter((chunk) => tracks.includes(chunk.track)).map((chunk) => chunk.data));
}
