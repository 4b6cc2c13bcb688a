import { AccessUnitAssembler, type NalKind } from './access-unit-assembler.ts';
import type { Depacketizer, EmitUnit } from './depacketizer.ts';
import type { RtpHeader } from './rtp-header.ts';

const aggregation = 48;
const fragmentation = 49;

function nalKind(type: number): NalKind {
  // BLA, IDR and CRA: decoding can begin there.
  if (type >= 16 && type <= 21) return 'key';
  if (type < 32) return 'picture';
  if (type <= 34) return 'parameters';
  if (type <= 38) return 'drop';
  return 'other';
}

/** HEVC over RTP without decoding order numbers (RFC 7798): single NAL units, aggregation packets, fragmentation units. */
export class HevcDepacketizer implements Depacketizer {
  private readonly assembler: AccessUnitAssembler;

  constructor(options: { track: number; parameterSets: readonly Buffer[]; emit: EmitUnit }) {
    this.assembler = new AccessUnitAssembler({ ...options, headerBytes: 2 });
  }

  push(buffer: Buffer, header: RtpHeader, arrivalUs: number): void {
    const { payloadStart: start, payloadEnd: end } = header;
    const { assembler } = this;
    assembler.beginPacket(header.timestamp, arrivalUs);
    if (end - start > 2) {
      const type = ((buffer[start] ?? 0) >> 1) & 63;
      if (type === fragmentation) this.pushFragment(buffer, start, end);
      else if (type === aggregation) this.pushAggregate(buffer, start + 2, end);
      else if (type < aggregation) assembler.add(nalKind(type), buffer, start, end);
      else assembler.damage();
    }
    assembler.endPacket(header.marker);
  }

  lose(): void {
    this.assembler.lose();
  }

  private pushFragment(buffer: Buffer, start: number, end: number): void {
    if (end - start < 4) {
      this.assembler.damage();
      return;
    }
    const fragment = buffer[start + 2] ?? 0;
    const type = fragment & 63;
    if (fragment & 128) {
      const header = (buffer.readUInt16BE(start) & 0x81ff) | (type << 9);
      this.assembler.beginFragments(nalKind(type), header, buffer, start + 3, end);
    } else this.assembler.addFragment(buffer, start + 3, end);
    if (fragment & 64) this.assembler.endFragments();
  }

  private pushAggregate(buffer: Buffer, start: number, end: number): void {
    for (let at = start; at < end;) {
      const nalStart = at + 2;
      const nalEnd = nalStart <= end ? nalStart + buffer.readUInt16BE(at) : end + 1;
      if (nalEnd > end) {
        this.assembler.damage();
        return;
      }
      if (nalEnd - nalStart > 2) {
        this.assembler.add(nalKind(((buffer[nalStart] ?? 0) >> 1) & 63), buffer, nalStart, nalEnd);
      }
      at = nalEnd;
    }
  }
}
