import { BitReader, CodecError, unescapeNal } from './bit-reader.ts';

/** Recommendation ITU-T H.264: sequence parameter sets and the avcC record of ISO/IEC 14496-15 §5.3.3. */
export interface H264Sps {
  profile: number;
  constraints: number;
  level: number;
  chromaFormat: number;
  bitDepthLuma: number;
  bitDepthChroma: number;
  /** As displayed: after cropping. */
  width: number;
  height: number;
  /** From the VUI; null where it does not say. */
  fps: number | null;
  /** Pictures that may be reordered; null where the sequence does not say and only watching tells. */
  reorder: number | null;
}

const nalSps = 7;
const nalPps = 8;
const highProfiles = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
/** Profiles whose avcC has the chroma and bit depth tail (ISO/IEC 14496-15 §5.3.3.1.2). */
const profilesWithTail = new Set([100, 110, 122, 144, 244]);
const sizeMax = 16_384;

export function parseH264Sps(nal: Buffer): H264Sps {
  if (((nal[0] ?? 0) & 31) !== nalSps) throw new CodecError('not an H.264 sequence parameter set');
  const reader = new BitReader(unescapeNal(nal.subarray(1)));
  const profile = reader.bits(8);
  const constraints = reader.bits(8);
  const level = reader.bits(8);
  reader.unsignedGolomb(); // seq_parameter_set_id
  let chromaFormat = 1;
  let bitDepthLuma = 8;
  let bitDepthChroma = 8;
  let separatePlanes = false;
  if (highProfiles.has(profile)) {
    chromaFormat = reader.unsignedGolomb();
    if (chromaFormat > 3) throw new CodecError(`chroma_format_idc ${chromaFormat}`);
    if (chromaFormat === 3) separatePlanes = reader.flag();
    bitDepthLuma = 8 + reader.unsignedGolomb();
    bitDepthChroma = 8 + reader.unsignedGolomb();
    if (bitDepthLuma > 14 || bitDepthChroma > 14) throw new CodecError('bit depth above 14');
    reader.skip(1); // qpprime_y_zero_transform_bypass_flag
    if (reader.flag()) skipScalingLists(reader, chromaFormat === 3 ? 12 : 8);
  }
  reader.unsignedGolomb(); // log2_max_frame_num_minus4
  const orderType = skipPictureOrder(reader);
  reader.unsignedGolomb(); // max_num_ref_frames
  reader.skip(1); // gaps_in_frame_num_value_allowed_flag
  const widthInMacroblocks = reader.unsignedGolomb() + 1;
  const heightInMapUnits = reader.unsignedGolomb() + 1;
  const framesOnly = reader.flag();
  if (!framesOnly) reader.skip(1); // mb_adaptive_frame_field_flag
  reader.skip(1); // direct_8x8_inference_flag
  const fieldFactor = framesOnly ? 1 : 2;
  let width = widthInMacroblocks * 16;
  let height = heightInMapUnits * 16 * fieldFactor;
  if (reader.flag()) {
    const planes = separatePlanes ? 0 : chromaFormat;
    const unitX = planes === 1 || planes === 2 ? 2 : 1;
    const unitY = (planes === 1 ? 2 : 1) * fieldFactor;
    width -= unitX * (reader.unsignedGolomb() + reader.unsignedGolomb());
    height -= unitY * (reader.unsignedGolomb() + reader.unsignedGolomb());
  }
  if (width < 1 || height < 1 || width > sizeMax || height > sizeMax)
    throw new CodecError(`picture of ${width} × ${height}`);
  const vui = reader.flag() ? parseVui(reader) : { fps: null, reorder: null };
  // Constrained baseline and picture order type 2 can't reorder (§8.2.1.3), nor can the all-intra profiles (§A.2).
  const inOrder = profile === 66 || orderType === 2 || ((constraints & 0x10) !== 0 && profile >= 100);
  return {
    profile,
    constraints,
    level,
    chromaFormat,
    bitDepthLuma,
    bitDepthChroma,
    width,
    height,
    fps: vui.fps,
    reorder: inOrder ? 0 : vui.reorder,
  };
}

function skipScalingLists(reader: BitReader, lists: number): void {
  for (let list = 0; list < lists; list += 1) {
    if (!reader.flag()) continue;
    let last = 8;
    let next = 8;
    for (let i = 0; i < (list < 6 ? 16 : 64); i += 1) {
      if (next !== 0) next = (last + reader.signedGolomb() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function skipPictureOrder(reader: BitReader): number {
  const type = reader.unsignedGolomb();
  if (type > 2) throw new CodecError(`pic_order_cnt_type ${type}`);
  if (type === 0) reader.unsignedGolomb(); // log2_max_pic_order_cnt_lsb_minus4
  if (type !== 1) return type;
  reader.skip(1); // delta_pic_order_always_zero_flag
  reader.signedGolomb();
  reader.signedGolomb();
  const cycle = reader.unsignedGolomb();
  if (cycle > 255) throw new CodecError(`picture order cycle of ${cycle}`);
  for (let i = 0; i < cycle; i += 1) reader.signedGolomb();
  return type;
}

/** §E.1.1. Cameras cut the VUI short: what was read before its end counts. */
function parseVui(reader: BitReader): { fps: number | null; reorder: number | null } {
  const vui: { fps: number | null; reorder: number | null } = { fps: null, reorder: null };
  try {
    if (reader.flag() && reader.bits(8) === 255) reader.skip(32); // sample aspect ratio
    if (reader.flag()) reader.skip(1); // overscan
    if (reader.flag()) {
      reader.skip(4); // video_format, full range
      if (reader.flag()) reader.skip(24); // colour description
    }
    if (reader.flag()) {
      reader.unsignedGolomb(); // chroma location
      reader.unsignedGolomb();
    }
    if (reader.flag()) {
      const unitsInTick = reader.bits(32);
      const timeScale = reader.bits(32);
      reader.skip(1); // fixed_frame_rate_flag
      const fps = timeScale / (2 * unitsInTick);
      if (fps >= 0.1 && fps <= 480) vui.fps = fps;
    }
    const nalHrd = reader.flag();
    if (nalHrd) skipHrd(reader);
    const vclHrd = reader.flag();
    if (vclHrd) skipHrd(reader);
    if (nalHrd || vclHrd) reader.skip(1); // low_delay_hrd_flag
    reader.skip(1); // pic_struct_present_flag
    if (!reader.flag()) return vui;
    reader.skip(1); // motion_vectors_over_pic_boundaries_flag
    for (let i = 0; i < 4; i += 1) reader.unsignedGolomb();
    const reorder = reader.unsignedGolomb();
    if (reorder <= 16) vui.reorder = reorder;
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
  }
  return vui;
}

function skipHrd(reader: BitReader): void {
  const count = reader.unsignedGolomb() + 1;
  if (count > 32) throw new CodecError(`cpb_cnt ${count}`);
  reader.skip(8);
  for (let i = 0; i < count; i += 1) {
    reader.unsignedGolomb();
    reader.unsignedGolomb();
    reader.skip(1);
  }
  reader.skip(20);
}

/** Four-byte lengths; the tail of the high profiles says chroma and depth as the SPS does. */
export function buildAvcC(sets: readonly Buffer[], sps: H264Sps): Buffer {
  const sequence = sets.filter((set) => ((set[0] ?? 0) & 31) === nalSps);
  const picture = sets.filter((set) => ((set[0] ?? 0) & 31) === nalPps);
  if (sequence.length === 0 || picture.length === 0) throw new CodecError('avcC needs an SPS and a PPS');
  const tail = profilesWithTail.has(sps.profile)
    ? [Buffer.from([0xfc | sps.chromaFormat, 0xf8 | (sps.bitDepthLuma - 8), 0xf8 | (sps.bitDepthChroma - 8), 0])]
    : [];
  return Buffer.concat([
    Buffer.from([1, sps.profile, sps.constraints, sps.level, 0xff, 0xe0 | sequence.length]),
    ...sequence.flatMap(withLength),
    Buffer.from([picture.length]),
    ...picture.flatMap(withLength),
    ...tail,
  ]);
}

function withLength(set: Buffer): Buffer[] {
  return [Buffer.from([set.length >> 8, set.length & 255]), set];
}

/** The parameter sets of an avcC record. */
export function splitAvcC(record: Buffer): Buffer[] {
  if (record.length < 7 || record[0] !== 1) throw new CodecError('not an avcC record');
  const sets: Buffer[] = [];
  let at = 5;
  for (const mask of [31, 255]) {
    const count = (record[at] ?? 0) & mask;
    at += 1;
    for (let i = 0; i < count; i += 1) {
      if (at + 2 > record.length) throw new CodecError('avcC is cut short');
      const end = at + 2 + record.readUInt16BE(at);
      if (end > record.length) throw new CodecError('avcC is cut short');
      sets.push(Buffer.from(record.subarray(at + 2, end)));
      at = end;
    }
  }
  return sets;
}

export function h264CodecString(sps: Pick<H264Sps, 'profile' | 'constraints' | 'level'>): string {
  return `avc1.${[sps.profile, sps.constraints, sps.level].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
