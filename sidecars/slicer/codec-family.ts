import type { RunTrack } from '#server/contracts/log-record.ts';

/** Names for the same decoder: with parameter sets in band or without. */
const aliases = new Map([
  ['avc3', 'avc1'],
  ['hev1', 'hvc1'],
]);

/** What a player's decoder is made for: a change of it is none that EXT-X-DISCONTINUITY tells. */
export function codecFamily(tracks: readonly RunTrack[]): string {
  const lead = tracks.find((track) => track.kind === 'video') ?? tracks[0];
  const name = lead?.codec.split('.')[0] ?? '';
  return aliases.get(name) ?? name;
}
