import type { RunTrack } from '#server/contracts/log-record.ts';

import { renditionTracks, type RenditionName } from '../rendition.ts';

export interface MultivariantInput {
  tracks: readonly RunTrack[];
  /** Bits a second, all tracks: the most of any segment, and the mean. */
  bandwidth: number;
  averageBandwidth: number;
  /** `live.m3u8` while live, `vod.m3u8` with its query afterwards. */
  playlist: string;
  /** Video and audio apart; else one variant holds both. Never both in one playlist. */
  ladder: boolean;
}

function variant(
  rendition: RenditionName,
  tracks: readonly RunTrack[],
  input: MultivariantInput,
  audio: RunTrack | null,
): string[] {
  const video = tracks.find((track) => track.kind === 'video');
  const codecs = [...tracks, ...(audio ? [audio] : [])].map((track) => track.codec).join(',');
  const attributes = [
    `BANDWIDTH=${Math.max(1, Math.ceil(input.bandwidth))}`,
    `AVERAGE-BANDWIDTH=${Math.max(1, Math.ceil(input.averageBandwidth))}`,
    `CODECS="${codecs}"`,
  ];
  if (video?.width && video.height) attributes.push(`RESOLUTION=${video.width}x${video.height}`);
  if (video?.fps) attributes.push(`FRAME-RATE=${video.fps.toFixed(3)}`);
  if (audio) attributes.push('AUDIO="audio"');
  return [`#EXT-X-STREAM-INF:${attributes.join(',')}`, `${rendition}/${input.playlist}`];
}

/** `index.m3u8`, the address that lasts: source first, audio alone last. */
export function multivariantPlaylist(input: MultivariantInput): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:10'];
  const source = renditionTracks('src', input.tracks);
  const video = renditionTracks('v', input.tracks);
  const audio = renditionTracks('a', input.tracks)[0];
  if (!input.ladder || video.length === 0 || !audio) {
    lines.push(...variant('src', source, input, null));
    return `${lines.join('\n')}\n`;
  }
  const language = audio.language && audio.language !== 'und' ? `,LANGUAGE="${audio.language}"` : '';
  const channels = audio.channels ? `,CHANNELS="${audio.channels}"` : '';
  lines.push(
    `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="source"${language},DEFAULT=YES,AUTOSELECT=YES${channels},URI="a/${input.playlist}"`,
  );
  lines.push(...variant('v', video, input, audio));
  // Audio takes what is left of AAC at any rate that cameras use.
  const alone = {
    ...input,
    bandwidth: Math.min(input.bandwidth, 192_000),
    averageBandwidth: Math.min(input.averageBandwidth, 128_000),
  };
  lines.push(...variant('a', [], alone, audio));
  return `${lines.join('\n')}\n`;
}
