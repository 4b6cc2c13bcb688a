import type { Logger } from 'pino';

import type { PictureRegion } from '#server/contracts/picture-region.ts';

import { loadLibav } from '../libav/load-libav.ts';
import type { SourceAudioTrack, SourceTrack, SourceVideoTrack } from '../source.ts';
import type { AudioTranscoder } from './audio-transcoder.ts';
import { aacSampleRate, encoderTimescale } from './output-rates.ts';
import type { VideoTranscoder } from './video-transcoder.ts';

/** What becomes of the units of one track. */
export type Path =
  | { kind: 'pass' }
  | { kind: 'drop' }
  | { kind: 'video'; transcoder: VideoTranscoder; told: string; dropping: boolean }
  /** `keep`: the sound goes out as it came too, beside the one that is made under `out`. */
  | { kind: 'audio'; transcoder: AudioTranscoder; out: number; keep: boolean };

/** The AAC beside an Opus track is numbered from here. */
const besideOffset = 500;

/** The way of a track, and the tracks that come out of it: none for a sound that cannot be made into AAC. */
export async function openPath(
  track: SourceTrack,
  isTranscoded: boolean,
  { masks, log }: { masks?: readonly PictureRegion[]; log: Logger },
): Promise<{ path: Path; tracks: SourceTrack[] }> {
  if (!isTranscoded) return { path: { kind: 'pass' }, tracks: [track] };
  if (track.kind === 'video') {
    const { VideoTranscoder } = await loadLibav(() => import('./video-transcoder.ts'));
    const transcoder = await VideoTranscoder.open(track, masks);
    return { path: { kind: 'video', transcoder, told: '', dropping: false }, tracks: [asH264(track)] };
  }
  try {
    const { AudioTranscoder } = await loadLibav(() => import('./audio-transcoder.ts'));
    const transcoder = await AudioTranscoder.open(track);
    const keep = track.codec === 'opus';
    const out = keep ? track.id + besideOffset : track.id;
    const aac = asAac(track, { id: out, config: transcoder.config, channels: transcoder.channels });
    return { path: { kind: 'audio', transcoder, out, keep }, tracks: keep ? [track, aac] : [aac] };
  } catch (error) {
    // A picture without its sound is better than none.
    log.warn({ action: 'audio.unsupported', codec: track.codec, error: String(error) }, 'the sound is left out');
    return { path: { kind: 'drop' }, tracks: [] };
  }
}

function asH264(track: SourceVideoTrack): SourceVideoTrack {
  return { ...track, codec: 'h264', config: null, timescale: encoderTimescale, wrapBits: 64 };
}

function asAac(track: SourceAudioTrack, made: { id: number; config: Buffer; channels: number }): SourceAudioTrack {
  return { ...track, ...made, codec: 'aac', timescale: aacSampleRate, wrapBits: 64, sampleRate: aacSampleRate };
}
