import { CodecError } from './bit-reader.ts';

const startCode = Buffer.from([0, 0, 1]);
/** 8K with 128 slices, SEI and parameter sets stays far below; more is garbage. */
const nalsMax = 1024;

/**
 * What of an Annex-B access unit goes into the mdat, as offsets into the packet: nothing is copied, and the object is used again for
 * every picture. Parameter sets are taken out (avc1 and hvc1 keep them in the sample entry); delimiters and filler are dropped.
 */
export class NalScan {
  /** [start, end) pairs of the NAL units to keep, `count` numbers. */
  offsets = new Int32Array(64);
  count = 0;
  /** Bytes of the sample: the kept NAL units with four bytes of length each. */
  size = 0;
  /** The same for parameter sets. */
  setOffsets = new Int32Array(16);
  setCount = 0;
  key = false;

  scan(data: Buffer, hevc: boolean): void {
    this.count = 0;
    this.size = 0;
    this.setCount = 0;
    this.key = false;
    let at = data.indexOf(startCode, 0);
    while (at >= 0) {
      const start = at + 3;
      const next = data.indexOf(startCode, start);
      let end = next < 0 ? data.length : next;
      // trailing_zero_8bits, and the fourth byte of the next start code
      while (end > start && data[end - 1] === 0) end -= 1;
      if (end > start) this.#sort(data[start] ?? 0, start, end, hevc);
      at = next;
    }
  }

  /** The kept NAL units of `data`, each behind its four bytes of length, in pieces. */
  prefixed(data: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    for (let i = 0; i < this.count; i += 2) {
      const nal = data.subarray(this.offsets[i] ?? 0, this.offsets[i + 1] ?? 0);
      const length = Buffer.allocUnsafe(4);
      length.writeUInt32BE(nal.length);
      pieces.push(length, nal);
    }
    return pieces;
  }

  #sort(header: number, start: number, end: number, hevc: boolean): void {
    const type = hevc ? (header >> 1) & 63 : header & 31;
    if (hevc ? type >= 32 && type <= 34 : type === 7 || type === 8 || type === 13) {
      if (this.setCount + 2 > this.setOffsets.length) this.setOffsets = grow(this.setOffsets);
      this.setOffsets[this.setCount] = start;
      this.setOffsets[this.setCount + 1] = end;
      this.setCount += 2;
      return;
    }
    // access unit delimiter, end of sequence and stream, filler data
    if (hevc ? type >= 35 && type <= 38 : type >= 9 && type <= 12) return;
    if (hevc ? type >= 16 && type <= 21 : type === 5) this.key = true;
    if (this.count + 2 > this.offsets.length) this.offsets = grow(this.offsets);
    this.offsets[this.count] = start;
    this.offsets[this.count + 1] = end;
    this.count += 2;
    this.size += 4 + end - start;
  }
}

function grow(offsets: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  if (offsets.length >= nalsMax * 2) throw new CodecError(`access unit of more than ${nalsMax} NAL units`);
  const wider = new Int32Array(offsets.length * 2);
  wider.set(offsets);
  return wider;
}

/** Copies of the parameter sets of an Annex-B buffer (extradata as libav gives it for RTSP and MPEG-TS). */
export function parameterSetsOf(data: Buffer, hevc: boolean): Buffer[] {
  const scan = new NalScan();
  scan.scan(data, hevc);
  const sets: Buffer[] = [];
  for (let i = 0; i < scan.setCount; i += 2) {
    sets.push(Buffer.from(data.subarray(scan.setOffsets[i], scan.setOffsets[i + 1])));
  }
  return sets;
}
