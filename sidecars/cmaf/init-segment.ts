import { ascii, box, fullBox, uint16, uint32, uint8, zeros } from './boxes.ts';

/** The init segment (ftyp + moov) of one track: what an INIT record carries. The log splices several into the moov of `src`. */

interface TrackBase {
  /** track_ID */
  id: number;
  timescale: number;
  language?: string | undefined;
}
export interface VideoInit extends TrackBase {
  kind: 'video';
  sampleEntry: 'avc1' | 'hvc1' | 'hev1' | 'av01' | 'vp09';
  /** avcC, hvcC, av1C or vpcC record, without box header. */
  config: Buffer;
  width: number;
  height: number;
}
export interface AudioInit extends TrackBase {
  kind: 'audio';
  sampleEntry: 'mp4a' | 'Opus';
  /** AudioSpecificConfig, or OpusHead without its magic. */
  config: Buffer;
  channels: number;
  sampleRate: number;
}
export type TrackInit = VideoInit | AudioInit;

const plain = { version: 0, flags: 0 };
const unityMatrix = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const configBox = { avc1: 'avcC', hvc1: 'hvcC', hev1: 'hvcC', av01: 'av1C', vp09: 'vpcC' } as const;

export function writeInitSegment(track: TrackInit): Buffer {
  return Buffer.concat([
    box('ftyp', ascii('iso6'), uint32(0), ascii('iso6cmfcmp41')),
    box(
      'moov',
      fullBox(
        'mvhd',
        plain,
        uint32(0, 0, 1000, 0, 0x10000),
        uint16(0x0100, 0),
        zeros(8),
        unityMatrix,
        zeros(24),
        uint32(track.id + 1),
      ),
      trackBox(track),
      box('mvex', fullBox('trex', plain, uint32(track.id, 1, 0, 0, 0))),
    ),
  ]);
}

function trackBox(track: TrackInit): Buffer {
  const video = track.kind === 'video';
  const width = video ? track.width * 65536 : 0;
  const height = video ? track.height * 65536 : 0;
  const sampleTable = box(
    'stbl',
    fullBox('stsd', plain, uint32(1), video ? videoEntry(track) : audioEntry(track)),
    fullBox('stts', plain, uint32(0)),
    fullBox('stsc', plain, uint32(0)),
    fullBox('stsz', plain, uint32(0, 0)),
    fullBox('stco', plain, uint32(0)),
  );
  return box(
    'trak',
    fullBox(
      'tkhd',
      { version: 0, flags: 3 },
      uint32(0, 0, track.id, 0, 0),
      zeros(8),
      uint16(0, video ? 0 : 1, video ? 0 : 0x0100, 0),
      unityMatrix,
      uint32(width, height),
    ),
    box(
      'mdia',
      fullBox('mdhd', plain, uint32(0, 0, track.timescale, 0), language(track.language), uint16(0)),
      fullBox(
        'hdlr',
        plain,
        uint32(0),
        ascii(video ? 'vide' : 'soun'),
        zeros(12),
        ascii(video ? 'Video\0' : 'Audio\0'),
      ),
      box(
        'minf',
        video ? fullBox('vmhd', { version: 0, flags: 1 }, zeros(8)) : fullBox('smhd', plain, zeros(4)),
        box('dinf', fullBox('dref', plain, uint32(1), fullBox('url ', { version: 0, flags: 1 }))),
        sampleTable,
      ),
    ),
  );
}

function videoEntry(track: VideoInit): Buffer {
  const name = configBox[track.sampleEntry];
  const config =
    track.sampleEntry === 'vp09' ? fullBox(name, { version: 1, flags: 0 }, track.config) : box(name, track.config);
  return box(
    track.sampleEntry,
    zeros(6),
    uint16(1),
    zeros(16),
    uint16(track.width, track.height),
    uint32(0x480000, 0x480000, 0),
    uint16(1),
    zeros(32),
    uint16(0x18, 0xffff),
    config,
    box('pasp', uint32(1, 1)),
  );
}

function audioEntry(track: AudioInit): Buffer {
  const head = [
    zeros(6),
    uint16(1),
    zeros(8),
    uint16(track.channels, 16, 0, 0),
    // 16.16; above 65,535 Hz the field can't say it and the AudioSpecificConfig does
    uint32(track.sampleRate > 0xffff ? 0 : track.sampleRate * 65536),
  ];
  if (track.sampleEntry === 'Opus') return box('Opus', ...head, box('dOps', opusSpecific(track.config)));
  const decoderConfig = descriptor(4, uint8(0x40, 0x15, 0, 0, 0), uint32(0, 0), descriptor(5, track.config));
  return box(
    'mp4a',
    ...head,
    fullBox('esds', plain, descriptor(3, uint16(track.id), uint8(0), decoderConfig, descriptor(6, uint8(2)))),
  );
}

/** OpusHead is little-endian, dOps is big-endian and says version 0. */
function opusSpecific(head: Buffer): Buffer {
  const out = Buffer.from(head);
  out[0] = 0;
  out.writeUInt16BE(head.readUInt16LE(2), 2);
  out.writeUInt32BE(head.readUInt32LE(4), 4);
  out.writeInt16BE(head.readInt16LE(8), 8);
  return out;
}

function descriptor(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([uint8(tag, 0x80, 0x80, 0x80 | (body.length >> 7), body.length & 127), body]);
}

function language(code: string | undefined): Buffer {
  const known = code !== undefined && /^[a-z]{3}$/.test(code) ? code : 'und';
  const letter = (i: number) => known.charCodeAt(i) - 96;
  return uint16((letter(0) << 10) | (letter(1) << 5) | letter(2));
}
