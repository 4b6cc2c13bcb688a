import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_AC3,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PCM_ALAW,
  AV_CODEC_ID_PCM_MULAW,
  AV_CODEC_ID_VP9,
  AV_DISPOSITION_ATTACHED_PIC,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  type AVCodecID,
} from 'node-av/constants';
import type { CodecParameters, Stream } from 'node-av/lib';

import { isForeign } from '../codec/foreign-codec.ts';
import type { AudioCodec, ForeignCodec, SourceTrack, VideoCodec } from '../source.ts';
import { adtsConfig } from './adts.ts';

const videoCodecs = new Map<AVCodecID, VideoCodec | ForeignCodec>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
  [AV_CODEC_ID_AV1, 'av1'],
  [AV_CODEC_ID_VP9, 'vp9'],
  [AV_CODEC_ID_MJPEG, 'mjpeg'],
  [AV_CODEC_ID_MPEG4, 'mpeg4'],
  [AV_CODEC_ID_MPEG2VIDEO, 'mpeg2video'],
]);
const audioCodecs = new Map<AVCodecID, AudioCodec | ForeignCodec>([
  [AV_CODEC_ID_AAC, 'aac'],
  [AV_CODEC_ID_OPUS, 'opus'],
  [AV_CODEC_ID_PCM_ALAW, 'pcm_alaw'],
  [AV_CODEC_ID_PCM_MULAW, 'pcm_mulaw'],
  [AV_CODEC_ID_MP3, 'mp3'],
  [AV_CODEC_ID_AC3, 'ac3'],
]);

/** How the packets of a stream become access units. */
export interface TrackReading {
  track: SourceTrack;
  streamIndex: number;
  /** Source ticks in a tick of libav's time base (its numerator; 1 nearly always). */
  ticks: number;
  form: 'annexb' | 'sample' | 'adts';
  /** Parameter sets that stand only beside the stream: put before key frames that lack them. */
  parameterSets: Buffer | null;
}

/** Which streams are taken: one picture, one sound; the rest is left. Copies what it keeps, for libav frees its own. */
export function readingsOf(streams: readonly Stream[]): TrackReading[] {
  const pictures = streams.filter(
    (stream) => stream.codecpar.codecType === AVMEDIA_TYPE_VIDEO && !stream.hasDisposition(AV_DISPOSITION_ATTACHED_PIC),
  );
  const sounds = streams.filter((stream) => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO);
  // Playlists and programs may offer several sizes: the largest is the source.
  const video = pictures.toSorted(
    (a, b) => b.codecpar.width * b.codecpar.height - a.codecpar.width * a.codecpar.height,
  )[0];
  const audio = sounds.find((stream) => stream.codecpar.sampleRate > 0);
  return [...(video ? [videoReading(video)] : []), ...(audio ? [audioReading(audio)] : [])];
}

function timing(stream: Stream): { timescale: number; wrapBits: 32 | 33 | 64 } {
  const { den } = stream.timeBase;
  const { ptsWrapBits } = stream;
  return { timescale: den, wrapBits: ptsWrapBits === 33 || ptsWrapBits === 32 ? ptsWrapBits : 64 };
}

function videoReading(stream: Stream): TrackReading {
  const { codecpar } = stream;
  const codec = videoCodecs.get(codecpar.codecId) ?? 'other';
  const extra = codecpar.extradata && codecpar.extradata.length > 0 ? Buffer.from(codecpar.extradata) : null;
  // A configuration record begins with its version, 1 (AV1: 0x81); Annex-B with 0 0 1 or 0 0 0 1.
  const isRecord = extra !== null && (extra[0] === 1 || (codec === 'av1' && extra[0] === 0x81));
  const nal = codec === 'h264' || codec === 'hevc';
  const rate = stream.avgFrameRate.num > 0 ? stream.avgFrameRate : stream.rFrameRate;
  const fps = rate.den > 0 ? rate.num / rate.den : 0;
  const config = codec === 'vp9' ? codecpar.getDecoderConfigurationRecord() : isRecord ? extra : null;
  return {
    streamIndex: stream.index,
    ticks: stream.timeBase.num,
    form: nal && !isRecord ? 'annexb' : 'sample',
    parameterSets: nal && !isRecord ? extra : null,
    track: {
      id: stream.index,
      kind: 'video',
      codec,
      ...timing(stream),
      config: config ? Buffer.from(config) : isForeign(codec) ? extra : null,
      width: codecpar.width > 0 ? codecpar.width : null,
      height: codecpar.height > 0 ? codecpar.height : null,
      fpsAnnounced: fps > 0 && fps <= 240 ? fps : null,
    },
  };
}

function audioReading(stream: Stream): TrackReading {
  const { codecpar } = stream;
  const codec = audioCodecs.get(codecpar.codecId) ?? 'other';
  const extra = codecpar.extradata && codecpar.extradata.length > 0 ? Buffer.from(codecpar.extradata) : null;
  const language = stream.metadata?.get('language');
  return {
    streamIndex: stream.index,
    ticks: stream.timeBase.num,
    form: codec === 'aac' && extra === null ? 'adts' : 'sample',
    parameterSets: null,
    track: {
      id: stream.index,
      kind: 'audio',
      codec,
      ...timing(stream),
      config: extra ?? (codec === 'aac' ? audioSpecificConfig(codecpar) : null),
      channels: codecpar.channels > 0 ? codecpar.channels : 1,
      sampleRate: codecpar.sampleRate,
      ...(language ? { language } : {}),
    },
  };
}

/** What the first ADTS header will say, known already from probing. */
function audioSpecificConfig({ profile, sampleRate, channels }: CodecParameters): Buffer | null {
  // libav counts audio object types from 0; LC is 1.
  const objectType = profile >= 0 && profile <= 3 ? profile + 1 : 2;
  return adtsConfig({ objectType, sampleRate, channelConfig: channels === 8 ? 7 : channels });
}
