import type { AccessUnit } from '../source.ts';
import type { RtpHeader } from './rtp-header.ts';

/** Turns the payloads of one RTP stream, in order of their sequence numbers, into access units. */
export interface Depacketizer {
  /** Keeps views of `buffer` until the access unit is emitted: the caller may not write into it again. */
  push: (buffer: Buffer, header: RtpHeader, arrivalUs: number) => void;
  /** Packets are missing between the last one pushed and the next. */
  lose: () => void;
}

export type EmitUnit = (unit: AccessUnit) => void;
