import type { Depacketizer, EmitUnit } from './depacketizer.ts';
import type { RtpHeader } from './rtp-header.ts';

export interface AacPacking {
  /** Bits of the fields in each AU header (RFC 3640 §3.2.1): 13, 3, 3 in AAC-hbr, 6, 2, 2 in AAC-lbr. */
  sizeLength: number;
  indexLength: number;
  indexDeltaLength: number;
  /** RTP ticks an access unit lasts. */
  ticksPerUnit: number;
}

/** AAC over RTP, "MPEG-4 generic" without interleaving (RFC 3640). One packet holds several access units or a piece of one. */
export class AacDepacketizer implements Depacketizer {
  private readonly track: number;
  private readonly packing: AacPacking;
  private readonly emit: EmitUnit;
  private lostBefore = false;
  private fragments: Buffer[] = [];
  private fragmentBytes = 0;

  constructor(options: { track: number; packing: AacPacking; emit: EmitUnit }) {
    this.track = options.track;
    this.packing = options.packing;
    this.emit = options.emit;
  }

  push(buffer: Buffer, header: RtpHeader, arrivalUs: number): void {
    const { payloadStart: start, payloadEnd: end } = header;
    const { sizeLength, indexLength, indexDeltaLength, ticksPerUnit } = this.packing;
    if (end - start < 2) {
      this.lose();
      return;
    }
    const headerBits = buffer.readUInt16BE(start);
    const dataStart = start + 2 + ((headerBits + 7) >> 3);
    let bit = 8 * (start + 2);
    const bitEnd = bit + headerBits;
    if (dataStart > end || headerBits < sizeLength + indexLength) {
      this.lose();
      return;
    }
    let at = dataStart;
    for (let unit = 0; ; unit += 1) {
      const indexBits = unit === 0 ? indexLength : indexDeltaLength;
      if (bit + sizeLength + indexBits > bitEnd) break;
      const size = readBits(buffer, bit, sizeLength);
      bit += sizeLength + indexBits;
      if (at + size > end) {
        // Only a packet with a single unit may hold a piece of it; anything else is damaged (and stops a browser's decoder).
        if (unit === 0 && bit + sizeLength + indexDeltaLength > bitEnd) {
          this.pushFragment(buffer.subarray(at, end), size, header.timestamp, arrivalUs);
        } else this.lose();
        return;
      }
      this.dropFragments();
      if (size > 0) {
        this.emitUnit(buffer.subarray(at, at + size), (header.timestamp + unit * ticksPerUnit) % 2 ** 32, arrivalUs);
      }
      at += size;
    }
  }

  lose(): void {
    this.lostBefore = true;
    this.fragments = [];
    this.fragmentBytes = 0;
  }

  private pushFragment(piece: Buffer, size: number, timestamp: number, arrivalUs: number): void {
    this.fragments.push(piece);
    this.fragmentBytes += piece.length;
    if (this.fragmentBytes < size) return;
    const data = Buffer.concat(this.fragments);
    this.fragments = [];
    this.fragmentBytes = 0;
    if (data.length === size) this.emitUnit(data, timestamp, arrivalUs);
    else this.lose();
  }

  private dropFragments(): void {
    if (this.fragments.length > 0) this.lose();
  }

  private emitUnit(data: Buffer, pts: number, arrivalUs: number): void {
    const { lostBefore } = this;
    this.lostBefore = false;
    const payload = { form: 'sample' as const, data: withoutAdts(data) };
    this.emit({ track: this.track, pts, dts: pts, key: true, payload, arrivalUs, lostBefore });
  }
}

function readBits(buffer: Buffer, bit: number, count: number): number {
  let value = 0;
  for (let index = bit; index < bit + count; index += 1) {
    value = (value << 1) | (((buffer[index >> 3] ?? 0) >> (7 - (index & 7))) & 1);
  }
  return value;
}

/** Some cameras leave the ADTS header of their encoder in the payload, against RFC 3640. */
function withoutAdts(data: Buffer): Buffer {
  if (data.length < 8 || data[0] !== 0xff || ((data[1] ?? 0) & 0xf6) !== 0xf0) return data;
  const length = ((data.readUIntBE(3, 3) >> 5) & 0x1fff) >>> 0;
  return length === data.length ? data.subarray((data[1] ?? 0) & 1 ? 7 : 9) : data;
}
