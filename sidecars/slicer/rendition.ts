import { trackId, type RunTrack } from '#server/contracts/log-record.ts';

import type { LivePart } from './live-segment.ts';

/** `src`: video + AAC muxed, the default; `v`, `a`, `o`: video, AAC, Opus alone. */
export const renditionNames = ['src', 'v', 'a', 'o'] as const;
export type RenditionName = (typeof renditionNames)[number];

const tracksOf: Record<RenditionName, readonly number[]> = {
  src: [trackId.video, trackId.aac],
  v: [trackId.video],
  a: [trackId.aac],
  o: [trackId.opus],
};

export function parseRendition(name: string): RenditionName | null {
  return renditionNames.find((rendition) => rendition === name) ?? null;
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
