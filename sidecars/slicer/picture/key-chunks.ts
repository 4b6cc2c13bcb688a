/** Where a decoder can begin in CMAF bytes of one video track. */

export interface KeyChunk {
  /** Decode time of its key frame, in the track's timescale. */
  tfdt: number;
  /** The chunk's bytes, what stands before its moof (prft, emsg) included. */
  start: number;
  end: number;
}

const two32 = 4294967296;
/** sample_is_non_sync_sample */
const nonSync = 0x00010000;
const boxType = { moof: 0x6d6f6f66, mdat: 0x6d646174, traf: 0x74726166, tfhd: 0x74666864, tfdt: 0x74666474 } as const;
const trun = 0x7472756e;

/** Chunks that open with a sync sample, in order; what follows a damaged box is not looked at. */
export function keyChunks(bytes: Buffer): KeyChunk[] {
  const found: KeyChunk[] = [];
  let start = 0;
  let head: { tfdt: number; key: boolean } | null = null;
  for (const box of boxes(bytes, 0, bytes.length)) {
    if (box.type === boxType.moof) head = readMoof(bytes, box.at + 8, box.end);
    if (box.type !== boxType.mdat) continue;
    if (head?.key) found.push({ tfdt: head.tfdt, start, end: box.end });
    start = box.end;
    head = null;
  }
  return found;
}

function* boxes(bytes: Buffer, from: number, to: number): Generator<{ type: number; at: number; end: number }> {
  for (let at = from; at + 8 <= to;) {
    const end = at + bytes.readUInt32BE(at);
    if (end < at + 8 || end > to) return;
    yield { type: bytes.readUInt32BE(at + 4), at, end };
    at = end;
  }
}

function readMoof(bytes: Buffer, from: number, to: number): { tfdt: number; key: boolean } | null {
  let tfdt: number | null = null;
  let defaultFlags = 0;
  let flags: number | null = null;
  for (const traf of boxes(bytes, from, to)) {
    if (traf.type !== boxType.traf) continue;
    for (const box of boxes(bytes, traf.at + 8, traf.end)) {
      if (box.type === boxType.tfhd) defaultFlags = readDefaultFlags(bytes, box) ?? 0;
      if (box.type === boxType.tfdt && box.end >= box.at + 16) {
        const isLong = bytes.readUInt8(box.at + 8) === 1 && box.end >= box.at + 20;
        const high = bytes.readUInt32BE(box.at + 12);
        tfdt = isLong ? high * two32 + bytes.readUInt32BE(box.at + 16) : high;
      }
      if (box.type === trun) flags ??= readFirstFlags(bytes, box);
    }
  }
  return tfdt === null ? null : { tfdt, key: ((flags ?? defaultFlags) & nonSync) === 0 };
}

/** tfhd: default_sample_flags stand behind whatever of the four optional fields before them is there. */
function readDefaultFlags(bytes: Buffer, box: { at: number; end: number }): number | null {
  const present = bytes.readUInt32BE(box.at + 8);
  if ((present & 0x20) === 0) return null;
  const at = box.at + 16 + ((present & 1) !== 0 ? 8 : 0) + 4 * bitsOf(present, [0x2, 0x8, 0x10]);
  return at + 4 <= box.end ? bytes.readUInt32BE(at) : null;
}

/** trun: first_sample_flags, else the flags of its first sample. */
function readFirstFlags(bytes: Buffer, box: { at: number; end: number }): number | null {
  const present = bytes.readUInt32BE(box.at + 8);
  let at = box.at + 16 + 4 * bitsOf(present, [0x1]);
  if ((present & 0x4) === 0) {
    if ((present & 0x400) === 0) return null;
    at += 4 * bitsOf(present, [0x100, 0x200]);
  }
  return at + 4 <= box.end ? bytes.readUInt32BE(at) : null;
}

function bitsOf(value: number, bits: number[]): number {
  return bits.filter((bit) => (value & bit) !== 0).length;
}
