import { BitReader, CodecError, unescapeNal } from './bit-reader.ts';

/** Recommendation ITU-T H.265: parameter sets and the hvcC record of ISO/IEC 14496-15 §8.3.3. */
export interface HevcSps {
  /** general_profile_space … general_level_idc, 12 bytes as they stand in the record. */
  profileTierLevel: Buffer;
  chromaFormat: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  /** As displayed: after the conformance window. */
  width: number;
  height: number;
  temporalLayers: number;
  temporalIdNested: boolean;
  /** sps_max_num_reorder_pics of the highest layer. */
  reorder: number;
}

const nalVps = 32;
const nalSps = 33;
const nalPps = 34;
const sizeMax = 16_384;

const typeOf = (nal: Buffer) => ((nal[0] ?? 0) >> 1) & 63;

export function parseHevcSps(nal: Buffer): HevcSps {
  if (typeOf(nal) !== nalSps) throw new CodecError('not an HEVC sequence parameter set');
  const rbsp = unescapeNal(nal.subarray(2));
  const reader = new BitReader(rbsp);
  reader.skip(4); // sps_video_parameter_set_id
  const subLayers = reader.bits(3);
  if (subLayers > 6) throw new CodecError(`sps_max_sub_layers_minus1 ${subLayers}`);
  const temporalIdNested = reader.flag();
  if (rbsp.length < 13) throw new CodecError('sequence parameter set is cut short');
  const profileTierLevel = Buffer.from(rbsp.subarray(1, 13));
  reader.skip(96);
  skipSubLayers(reader, subLayers);
  reader.unsignedGolomb(); // sps_seq_parameter_set_id
  const chromaFormat = reader.unsignedGolomb();
  if (chromaFormat > 3) throw new CodecError(`chroma_format_idc ${chromaFormat}`);
  const separatePlanes = chromaFormat === 3 && reader.flag();
  let width = reader.unsignedGolomb();
  let height = reader.unsignedGolomb();
  if (reader.flag()) {
    const planes = separatePlanes ? 0 : chromaFormat;
    const unitX = planes === 1 || planes === 2 ? 2 : 1;
    const unitY = planes === 1 ? 2 : 1;
    width -= unitX * (reader.unsignedGolomb() + reader.unsignedGolomb());
    height -= unitY * (reader.unsignedGolomb() + reader.unsignedGolomb());
  }
  if (width < 1 || height < 1 || width > sizeMax || height > sizeMax)
    throw new CodecError(`picture of ${width} × ${height}`);
  const bitDepthLuma = 8 + reader.unsignedGolomb();
  const bitDepthChroma = 8 + reader.unsignedGolomb();
  if (bitDepthLuma > 16 || bitDepthChroma > 16) throw new CodecError('bit depth above 16');
  reader.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  let reorder = 0;
  for (let layer = reader.flag() ? 0 : subLayers; layer <= subLayers; layer += 1) {
    reader.unsignedGolomb(); // sps_max_dec_pic_buffering_minus1
    reorder = reader.unsignedGolomb();
    reader.unsignedGolomb(); // sps_max_latency_increase_plus1
  }
  if (reorder > 16) throw new CodecError(`sps_max_num_reorder_pics ${reorder}`);
  return {
    profileTierLevel,
    chromaFormat,
    bitDepthLuma,
    bitDepthChroma,
    width,
    height,
    temporalIdNested,
    reorder,
    temporalLayers: subLayers + 1,
  };
}

function skipSubLayers(reader: BitReader, subLayers: number): void {
  if (subLayers === 0) return;
  let bits = 0;
  for (let i = 0; i < 8; i += 1) {
    if (i >= subLayers) reader.skip(2);
    else bits += (reader.flag() ? 88 : 0) + (reader.flag() ? 8 : 0);
  }
  reader.skip(bits);
}

/** Frames a second from the timing of the video parameter set; null where it does not say. */
export function hevcVpsFps(nal: Buffer): number | null {
  if (typeOf(nal) !== nalVps) return null;
  try {
    const reader = new BitReader(unescapeNal(nal.subarray(2)));
    reader.skip(12);
    const subLayers = reader.bits(3);
    reader.skip(17 + 96);
    skipSubLayers(reader, subLayers);
    for (let layer = reader.flag() ? 0 : subLayers; layer <= subLayers; layer += 1) {
      for (let i = 0; i < 3; i += 1) reader.unsignedGolomb();
    }
    const layerIdMax = reader.bits(6);
    const layerSets = reader.unsignedGolomb();
    if (layerSets > 1023) return null;
    reader.skip(layerSets * (layerIdMax + 1));
    if (!reader.flag()) return null;
    const unitsInTick = reader.bits(32);
    const fps = reader.bits(32) / unitsInTick;
    return fps >= 0.1 && fps <= 480 ? fps : null;
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

export function buildHvcC(sets: readonly Buffer[], sps: HevcSps): Buffer {
  const arrays: Buffer[] = [];
  for (const type of [nalVps, nalSps, nalPps]) {
    const nals = sets.filter((set) => typeOf(set) === type);
    if (nals.length === 0) throw new CodecError(`hvcC needs NAL type ${type}`);
    // array_completeness: hvc1 keeps all of them here
    arrays.push(Buffer.from([0x80 | type, nals.length >> 8, nals.length & 255]));
    for (const nal of nals) arrays.push(Buffer.from([nal.length >> 8, nal.length & 255]), nal);
  }
  return Buffer.concat([
    Buffer.from([1]),
    sps.profileTierLevel,
    Buffer.from([
      0xf0,
      0,
      0xfc,
      0xfc | sps.chromaFormat,
      0xf8 | (sps.bitDepthLuma - 8),
      0xf8 | (sps.bitDepthChroma - 8),
      0,
      0,
    ]),
    Buffer.from([(sps.temporalLayers << 3) | (sps.temporalIdNested ? 4 : 0) | 3, 3]),
    ...arrays,
  ]);
}

/** The parameter sets of an hvcC record. */
export function splitHvcC(record: Buffer): Buffer[] {
  if (record.length < 23 || record[0] !== 1) throw new CodecError('not an hvcC record');
  const sets: Buffer[] = [];
  let at = 23;
  for (let array = 0; array < (record[22] ?? 0); array += 1) {
    if (at + 3 > record.length) throw new CodecError('hvcC is cut short');
    const count = record.readUInt16BE(at + 1);
    at += 3;
    for (let i = 0; i < count; i += 1) {
      if (at + 2 > record.length) throw new CodecError('hvcC is cut short');
      const end = at + 2 + record.readUInt16BE(at);
      if (end > record.length) throw new CodecError('hvcC is cut short');
      const nal = Buffer.from(record.subarray(at + 2, end));
      if (typeOf(nal) >= nalVps && typeOf(nal) <= nalPps) sets.push(nal);
      at = end;
    }
  }
  return sets;
}

/** ISO/IEC 14496-15 §E.3: `hvc1.1.6.L93.B0`. */
export function hevcCodecString(sps: Pick<HevcSps, 'profileTierLevel'>): string {
  const level = sps.profileTierLevel;
  const first = level[0] ?? 0;
  const space = ['', 'A', 'B', 'C'][first >> 6] ?? '';
  let compatibility = 0;
  const flags = level.readUInt32BE(1);
  for (let i = 0; i < 32; i += 1) compatibility = compatibility * 2 + ((flags >>> i) & 1);
  const constraints = [...level.subarray(5, 11)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [
    `${space}${first & 31}`,
    compatibility.toString(16),
    `${(first & 32) === 0 ? 'L' : 'H'}${level[11] ?? 0}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ];
  return `hvc1.${parts.join('.')}`;
}
