import { AccessUnitAssembler, type NalKind } from './access-unit-assembler.ts';
import type { Depacketizer, EmitUnit } from './depacketizer.ts';
import type { RtpHeader } from './rtp-header.ts';

const stapA = 24;
const fuA = 28;

function nalKind(type: number): NalKind {
  if (type === 5) return 'key';
  if (type >= 1 && type <= 4) return 'picture';
  if (type === 7 || type === 8) return 'parameters';
  // Delimiters, ends, filler, and the layers of SVC and MVC, which no browser reads.
  if ((type >= 9 && type <= 12) || type === 14 || type === 15 || type === 20 || type === 21 || type === 0)
    return 'drop';
  return 'other';
}

/** H.264 over RTP, packetization modes 0 and 1 (RFC 6184): single NAL units, STAP-A, FU-A. */
export class H264Depacketizer implements Depacketizer {
  private readonly assembler: AccessUnitAssembler;

  constructor(options: { track: number; parameterSets: readonly Buffer[]; emit: EmitUnit }) {
    this.assembler = new AccessUnitAssembler({ ...options, headerBytes: 1 });
  }

  push(buffer: Buffer, header: RtpHeader, arrivalUs: number): void {
    const { payloadStart: start, payloadEnd: end } = header;
    const { assembler } = this;
    assembler.beginPacket(header.timestamp, arrivalUs);
    if (end > start) {
      const type = (buffer[start] ?? 0) & 31;
      if (type === fuA) this.pushFragment(buffer, start, end);
      else if (type === stapA) this.pushAggregate(buffer, start + 1, end);
      else if (type < stapA) assembler.add(nalKind(type), buffer, start, end);
      else assembler.damage();
    }
    assembler.endPacket(header.marker);
  }

  lose(): void {
    this.assembler.lose();
  }

  private pushFragment(buffer: Buffer, start: number, end: number): void {
    if (end - start < 3) {
      this.assembler.damage();
      return;
    }
    const indicator = buffer[start] ?? 0;
    const fragment = buffer[start + 1] ?? 0;
    const type = fragment & 31;
    if (fragment & 128) {
      this.assembler.beginFragments(nalKind(type), (indicator & 0xe0) | type, buffer, start + 2, end);
    } else this.assembler.addFragment(buffer, start + 2, end);
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
      if (nalEnd > nalStart) this.assembler.add(nalKind((buffer[nalStart] ?? 0) & 31), buffer, nalStart, nalEnd);
      at = nalEnd;
    }
  }
}
