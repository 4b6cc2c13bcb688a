import {
  aacCodecString,
  ascOfAdts,
  isAdts,
  isSoundAac,
  parseAudioSpecificConfig,
  silentAacFrame,
  splitAdts,
  type AacConfig,
} from '#sidecars/codec/aac.ts';
import {
  buildOpusHead,
  opusPacketSamples,
  opusSampleRate,
  parseOpusHead,
  silentOpusPacket,
} from '#sidecars/codec/opus.ts';
import type { SourceAudioTrack } from '#sidecars/ingest/source.ts';

/** What an init segment must know of a sound, and how its access units are judged. */
export interface AudioFormat {
  sampleEntry: 'mp4a' | 'Opus';
  /** AudioSpecificConfig, or OpusHead without its magic. */
  config: Buffer;
  /** RFC 6381 */
  codec: string;
  sampleRate: number;
  channels: number;
  /** A frame of silence and its length in samples. */
  silence: Buffer;
  silenceSamples: number;
  /** Samples of an access unit; 0 where it can't be one of this format. */
  samplesOf: (data: Buffer) => number;
}

/** From the config record, or from the first access unit where it says enough (ADTS); null where neither does. */
export function audioFormatOf(track: SourceAudioTrack, firstUnit: Buffer | null): AudioFormat | null {
  if (track.codec === 'opus') {
    const { head, channels } = parseOpusHead(track.config ?? buildOpusHead(Math.min(2, track.channels)));
    return {
      sampleEntry: 'Opus',
      config: head,
      codec: 'opus',
      sampleRate: opusSampleRate,
      channels,
      silence: silentOpusPacket(channels),
      silenceSamples: 960,
      samplesOf: opusPacketSamples,
    };
  }
  if (track.codec !== 'aac') return null;
  const asc =
    track.config && track.config.length >= 2
      ? track.config
      : firstUnit && isAdts(firstUnit)
        ? ascOfAdts(firstUnit)
        : null;
  return asc ? aacFormat(parseAudioSpecificConfig(asc)) : null;
}

function aacFormat(aac: AacConfig): AudioFormat {
  return {
    sampleEntry: 'mp4a',
    config: aac.asc,
    codec: aacCodecString(aac),
    sampleRate: aac.sampleRate,
    channels: aac.channels,
    silence: silentAacFrame(aac),
    silenceSamples: aac.frameSamples,
    samplesOf: (data) => (isSoundAac(data, aac) ? aac.frameSamples : 0),
  };
}

/** The access units of a payload: ADTS headers are taken off, several frames are told apart. Throws CodecError on damaged ADTS. */
export function audioUnitsOf(codec: SourceAudioTrack['codec'], data: Buffer): Buffer[] {
  return codec === 'aac' && isAdts(data) ? splitAdts(data) : [data];
}
