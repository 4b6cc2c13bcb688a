import type { Depacketizer, EmitUnit } from './depacketizer.ts';
import type { RtpHeader } from './rtp-header.ts';

/** Formats whose packet is the sample: Opus (RFC 7587) and G.711 (RFC 3551 §4.5.14). */
export class PacketDepacketizer implements Depacketizer {
  private readonly track: number;
  private readonly emit: EmitUnit;
  private lostBefore = false;

  constructor(options: { track: number; emit: EmitUnit }) {
    this.track = options.track;
    this.emit = options.emit;
  }

  push(buffer: Buffer, header: RtpHeader, arrivalUs: number): void {
    if (header.payloadEnd === header.payloadStart) return;
    const { lostBefore } = this;
    this.lostBefore = false;
    this.emit({
      track: this.track,
      pts: header.timestamp,
      dts: header.timestamp,
      key: true,
      payload: { form: 'sample', data: buffer.subarray(header.payloadStart, header.payloadEnd) },
      arrivalUs,
      lostBefore,
    });
  }

  lose(): void {
    this.lostBefore = true;
  }
}
