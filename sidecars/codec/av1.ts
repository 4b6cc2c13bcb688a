import { BitReader, CodecError } from './bit-reader.ts';

/** AV1 bitstream §5.5 (sequence header) and the av1C record of the AV1 binding to ISO BMFF. */
export interface Av1Sequence {
  /** The sequence header OBU with its size field, as av1C carries it. */
  obu: Buffer;
  profile: number;
  level: number;
  tier: number;
  bitDepth: number;
  monochrome: boolean;
  subsamplingX: number;
  subsamplingY: number;
  chromaPosition: number;
  width: number;
  height: number;
}

const obuSequenceHeader = 1;

/** [start of payload, end, type, start of the OBU] of the OBU at `at`. */
function readObu(data: Buffer, at: number): { payload: number; end: number; type: number } {
  const header = data[at] ?? 0;
  if ((header & 0x80) !== 0) throw new CodecError('OBU forbidden bit');
  let next = at + ((header & 4) === 0 ? 1 : 2);
  let size = data.length - next;
  if ((header & 2) !== 0) {
    size = 0;
    for (let i = 0; i < 8; i += 1) {
      const byte = data[next];
      if (byte === undefined) throw new CodecError('OBU is cut short');
      next += 1;
      size += (byte & 127) * 2 ** (7 * i);
      if ((byte & 128) === 0) break;
    }
  }
  if (size < 0 || next + size > data.length) throw new CodecError('OBU is cut short');
  return { payload: next, end: next + size, type: (header >> 3) & 15 };
}

/** The sequence header of a temporal unit (or of the OBUs of an av1C record); null where there is none. */
export function findAv1Sequence(data: Buffer): Av1Sequence | null {
  let at = 0;
  while (at < data.length) {
    const { payload, end, type } = readObu(data, at);
    if (type === obuSequenceHeader) return parseSequence(data.subarray(payload, end));
    at = end;
  }
  return null;
}

/** Of an av1C record. */
export function parseAv1C(record: Buffer): Av1Sequence {
  if (record.length < 4 || record[0] !== 0x81) throw new CodecError('not an av1C record');
  const sequence = findAv1Sequence(record.subarray(4));
  if (!sequence) throw new CodecError('av1C without a sequence header');
  return sequence;
}

function parseSequence(payload: Buffer): Av1Sequence {
  const reader = new BitReader(payload);
  const profile = reader.bits(3);
  if (profile > 2) throw new CodecError(`AV1 profile ${profile}`);
  reader.skip(1); // still_picture
  const reduced = reader.flag();
  const point = reduced ? { level: reader.bits(5), tier: 0 } : readOperatingPoints(reader);
  const widthBits = reader.bits(4) + 1;
  const heightBits = reader.bits(4) + 1;
  const width = reader.bits(widthBits) + 1;
  const height = reader.bits(heightBits) + 1;
  if (!reduced && reader.flag()) reader.skip(7); // frame ids
  reader.skip(3); // superblock, filter intra, intra edge
  if (!reduced) skipTools(reader);
  reader.skip(3); // superres, cdef, restoration
  const colour = readColour(reader, profile);
  const obu = Buffer.concat([Buffer.from([0x0a]), leb128(payload.length), payload]);
  return { obu, profile, ...point, width, height, ...colour };
}

function readOperatingPoints(reader: BitReader): { level: number; tier: number } {
  let decoderModelBits = 0;
  if (reader.flag()) {
    reader.skip(64); // units in tick, time scale
    if (reader.flag()) reader.unsignedGolomb(); // uvlc has the shape of ue(v)
    if (reader.flag()) {
      decoderModelBits = reader.bits(5) + 1;
      reader.skip(42);
    }
  }
  const initialDelay = reader.flag();
  const count = reader.bits(5) + 1;
  const first = { level: 0, tier: 0 };
  for (let i = 0; i < count; i += 1) {
    reader.skip(12); // operating_point_idc
    const level = reader.bits(5);
    const tier = level > 7 ? reader.bit() : 0;
    if (i === 0) Object.assign(first, { level, tier });
    if (decoderModelBits > 0 && reader.flag()) reader.skip(2 * decoderModelBits + 1);
    if (initialDelay && reader.flag()) reader.skip(4);
  }
  return first;
}

function skipTools(reader: BitReader): void {
  reader.skip(4); // interintra, masked, warped, dual filter
  const orderHint = reader.flag();
  if (orderHint) reader.skip(2);
  const screenContent = reader.flag() ? 2 : reader.bit();
  if (screenContent > 0 && !reader.flag()) reader.skip(1);
  if (orderHint) reader.skip(3);
}

type Colour = Pick<Av1Sequence, 'bitDepth' | 'monochrome' | 'subsamplingX' | 'subsamplingY' | 'chromaPosition'>;

function readColour(reader: BitReader, profile: number): Colour {
  const high = reader.flag();
  const bitDepth = profile === 2 && high ? (reader.flag() ? 12 : 10) : high ? 10 : 8;
  const monochrome = profile !== 1 && reader.flag();
  let identity = false;
  if (reader.flag()) identity = reader.bits(8) === 1 && reader.bits(8) === 13 && reader.bits(8) === 0;
  if (monochrome) return { bitDepth, monochrome, subsamplingX: 1, subsamplingY: 1, chromaPosition: 0 };
  if (identity) return { bitDepth, monochrome, subsamplingX: 0, subsamplingY: 0, chromaPosition: 0 };
  reader.skip(1); // color_range
  let subsamplingX = profile === 1 ? 0 : 1;
  let subsamplingY = profile === 0 ? 1 : 0;
  if (profile === 2 && bitDepth === 12) {
    subsamplingX = reader.bit();
    subsamplingY = subsamplingX === 1 ? reader.bit() : 0;
  }
  const chromaPosition = subsamplingX === 1 && subsamplingY === 1 ? reader.bits(2) : 0;
  return { bitDepth, monochrome, subsamplingX, subsamplingY, chromaPosition };
}

function leb128(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.from(bytes);
}

export function buildAv1C(sequence: Av1Sequence): Buffer {
  const depth = (sequence.bitDepth > 8 ? 0x40 : 0) | (sequence.bitDepth === 12 ? 0x20 : 0);
  const chroma = (sequence.subsamplingX << 3) | (sequence.subsamplingY << 2) | sequence.chromaPosition;
  return Buffer.concat([
    Buffer.from([
      0x81,
      (sequence.profile << 5) | sequence.level,
      (sequence.tier << 7) | depth | (sequence.monochrome ? 0x10 : 0) | chroma,
      0,
    ]),
    sequence.obu,
  ]);
}

/** `av01.0.08M.08` */
export function av1CodecString(sequence: Pick<Av1Sequence, 'profile' | 'level' | 'tier' | 'bitDepth'>): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `av01.${sequence.profile}.${two(sequence.level)}${sequence.tier === 1 ? 'H' : 'M'}.${two(sequence.bitDepth)}`;
}
