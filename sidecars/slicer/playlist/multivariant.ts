import type { RunTrack } from '#server/contracts/log-record.ts';

import { peakRate, type Rung } from '../ladder/rung.ts';
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
  /** Made below the source, largest first, where the ladder was asked for. */
  rungs: readonly Rung[];
}

/** AAC takes no more at any rate that cameras use. */
const audioRate = 192_000;

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
  const audio = renditionTracks('a', input.tracks)[0] ?? null;
  const rungs = input.ladder && video.length > 0 ? input.rungs : [];
  // A ladder has its pictures and its sound apart.
  const isDemuxed = input.ladder && video.length > 0 && (audio !== null || rungs.length > 0);
  if (!isDemuxed) {
    lines.push(...variant('src', source, input, null));
    return `${lines.join('\n')}\n`;
  }
  if (audio) lines.push(audioGroup(audio, input.playlist));
  lines.push(...variant('v', video, input, audio));
  for (const rung of rungs) lines.push(...rungVariant(rung, input, audio));
  if (!audio) return `${lines.join('\n')}\n`;
  const alone = {
    ...input,
    bandwidth: Math.min(input.bandwidth, audioRate),
    averageBandwidth: Math.min(input.averageBandwidth, 128_000),
  };
  lines.push(...variant('a', [], alone, audio));
  return `${lines.join('\n')}\n`;
}

function rungVariant(rung: Rung, input: MultivariantInput, audio: RunTrack | null): string[] {
  const { track, codec, width, height, fps, rateMax } = rung;
  const video: RunTrack = { track, kind: 'video', codec, timescale: 90_000, width, height, fps };
  const sound = audio ? audioRate : 0;
  const rates = { bandwidth: peakRate(rung) + sound, averageBandwidth: rateMax + sound };
  return variant(rung.name, [video], { ...input, ...rates }, audio);
}

function audioGroup(audio: RunTrack, playlist: string): string {
  const language = audio.language && audio.language !== 'und' ? `,LANGUAGE="${audio.language}"` : '';
  const channels = audio.channels ? `,CHANNELS="${audio.channels}"` : '';
  return `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="source"${language},DEFAULT=YES,AUTOSELECT=YES${channels},URI="a/${playlist}"`;
}
