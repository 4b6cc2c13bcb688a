import type { SourceTrack } from '../source.ts';
import { AacDepacketizer } from './aac-depacketizer.ts';
import { readAudioSpecificConfig } from './audio-specific-config.ts';
import type { Depacketizer, EmitUnit } from './depacketizer.ts';
import { H264Depacketizer } from './h264-depacketizer.ts';
import { HevcDepacketizer } from './hevc-depacketizer.ts';
import { PacketDepacketizer } from './packet-depacketizer.ts';

/** A track of ours and how its packets are read. */
export interface RtpFormat {
  payloadType: number;
  track: SourceTrack;
  createDepacketizer: (emit: EmitUnit) => Depacketizer;
}

/** What a session description says of one payload type. */
export interface RtpMapping {
  /** The number that our track gets. */
  trackId: number;
  payloadType: number;
  encoding: string;
  clockRate: number;
  channels: number;
  /** fmtp parameters, names in lower case. */
  parameters: ReadonlyMap<string, string>;
  fps: number | null;
}

type FormatReader = (mapping: RtpMapping) => RtpFormat | null;

const readers: Record<string, FormatReader> = {
  h264: (mapping) => {
    if (mapping.parameters.get('packetization-mode') === '2') return null;
    const parameterSets = readBase64List(mapping.parameters.get('sprop-parameter-sets'));
    return video(mapping, 'h264', (emit) => new H264Depacketizer({ track: mapping.trackId, parameterSets, emit }));
  },
  h265: (mapping) => {
    // Decoding order numbers change the layout of every packet (RFC 7798 §4.4); nobody is known to send them.
    if (Number(mapping.parameters.get('sprop-max-don-diff') ?? 0) > 0) return null;
    const parameterSets = ['sprop-vps', 'sprop-sps', 'sprop-pps'].flatMap((name) =>
      readBase64List(mapping.parameters.get(name)),
    );
    return video(mapping, 'hevc', (emit) => new HevcDepacketizer({ track: mapping.trackId, parameterSets, emit }));
  },
  'mpeg4-generic': readAac,
  opus: (mapping) => ({
    payloadType: mapping.payloadType,
    track: {
      ...audioBase(mapping, 48_000),
      codec: 'opus',
      config: opusHead(2),
      channels: 2,
      sampleRate: 48_000,
    },
    createDepacketizer: (emit) => new PacketDepacketizer({ track: mapping.trackId, emit }),
  }),
  pcma: (mapping) => g711(mapping, 'pcm_alaw'),
  pcmu: (mapping) => g711(mapping, 'pcm_mulaw'),
};

/** Null when the format is not ours to read. */
export function readRtpFormat(mapping: RtpMapping): RtpFormat | null {
  if (mapping.clockRate <= 0) return null;
  return readers[mapping.encoding.toLowerCase()]?.(mapping) ?? null;
}

function video(
  mapping: RtpMapping,
  codec: 'h264' | 'hevc',
  createDepacketizer: (emit: EmitUnit) => Depacketizer,
): RtpFormat {
  return {
    payloadType: mapping.payloadType,
    track: {
      id: mapping.trackId,
      kind: 'video',
      codec,
      timescale: mapping.clockRate,
      wrapBits: 32,
      // The parameter sets come with the first key frame, from the description if not in band.
      config: null,
      width: null,
      height: null,
      fpsAnnounced: mapping.fps,
    },
    createDepacketizer,
  };
}

function readAac(mapping: RtpMapping): RtpFormat | null {
  const { parameters } = mapping;
  const config = Buffer.from(parameters.get('config') ?? '', 'hex');
  const audio = readAudioSpecificConfig(config);
  const mode = (parameters.get('mode') ?? 'AAC-hbr').toLowerCase();
  const bits = (name: string, fallback: number) => Number(parameters.get(name) ?? fallback);
  const isHighRate = mode === 'aac-hbr';
  const sizeLength = bits('sizelength', isHighRate ? 13 : 6);
  // Fields we do not read would shift the sizes; a guess there stops a browser's decoder for good.
  const foreign = ['ctsdeltalength', 'dtsdeltalength', 'streamstateindication', 'auxiliarydatasizelength'];
  if (!audio || (mode !== 'aac-hbr' && mode !== 'aac-lbr') || foreign.some((name) => bits(name, 0) > 0)) return null;
  if (bits('randomaccessindication', 0) > 0 || !(sizeLength >= 1 && sizeLength <= 16)) return null;
  const packing = {
    sizeLength,
    indexLength: bits('indexlength', isHighRate ? 3 : 2),
    indexDeltaLength: bits('indexdeltalength', isHighRate ? 3 : 2),
    ticksPerUnit: Math.round((audio.samplesPerUnit * mapping.clockRate) / audio.sampleRate),
  };
  return {
    payloadType: mapping.payloadType,
    track: {
      ...audioBase(mapping, mapping.clockRate),
      codec: 'aac',
      config,
      channels: audio.channels || mapping.channels,
      sampleRate: audio.outputSampleRate,
    },
    createDepacketizer: (emit) => new AacDepacketizer({ track: mapping.trackId, packing, emit }),
  };
}

function g711(mapping: RtpMapping, codec: 'pcm_alaw' | 'pcm_mulaw'): RtpFormat {
  return {
    payloadType: mapping.payloadType,
    track: {
      ...audioBase(mapping, mapping.clockRate),
      codec,
      config: null,
      channels: mapping.channels,
      sampleRate: mapping.clockRate,
    },
    createDepacketizer: (emit) => new PacketDepacketizer({ track: mapping.trackId, emit }),
  };
}

function audioBase(mapping: RtpMapping, timescale: number) {
  return { id: mapping.trackId, kind: 'audio' as const, timescale, wrapBits: 32 as const };
}

/** RFC 7845 §5.1; RTP tells no pre-skip, so none is claimed. */
function opusHead(channels: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 0, 'latin1');
  head.writeUInt8(1, 8);
  head.writeUInt8(channels, 9);
  head.writeUInt32LE(48_000, 12);
  return head;
}

function readBase64List(list: string | undefined): Buffer[] {
  return (list ?? '')
    .split(',')
    .map((item) => Buffer.from(item.trim(), 'base64'))
    .filter((item) => item.length > 0);
}
