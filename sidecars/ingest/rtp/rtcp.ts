/** RTCP (RFC 3550 §6): what a receiver reads and says. */

export interface SenderReport {
  ssrc: number;
  /** The sender's wall clock, µs since 1970, and the RTP time stamp of the same moment. */
  utcUs: number;
  rtpTimestamp: number;
  /** The middle 32 bits of the NTP time, to be given back as LSR. */
  ntpMiddle: number;
}

export interface RtcpListener {
  onSenderReport: (report: SenderReport) => void;
  onBye: (ssrc: number) => void;
}

export interface ReceptionReport {
  ownSsrc: number;
  ssrc: number;
  /** 0…255: share of packets lost since the last report. */
  fractionLost: number;
  packetsLost: number;
  highestSequence: number;
  /** RTP ticks. */
  jitter: number;
  lastSr: number;
  /** In 1/65536 s. */
  delaySinceLastSr: number;
}

const senderReport = 200;
const bye = 203;
/** Seconds from 1900 (NTP) to 1970. */
const ntpEpochSeconds = 2_208_988_800;

/** NTP's seconds wrap in 2036: a clear top bit means the era after it (RFC 4330 §3). */
export function ntpToUtcUs(seconds: number, fraction: number): number {
  const eraSeconds = seconds >= 2 ** 31 ? seconds : seconds + 2 ** 32;
  return (eraSeconds - ntpEpochSeconds) * 1e6 + Math.round((fraction * 1e6) / 2 ** 32);
}

/** Reads a compound packet `buffer[start, end)`; what it does not know or what is cut short is left aside. */
export function readRtcp(buffer: Buffer, start: number, end: number, listener: RtcpListener): void {
  for (let at = start; at + 8 <= end;) {
    if ((buffer[at] ?? 0) >> 6 !== 2) return;
    const type = buffer[at + 1] ?? 0;
    const packetEnd = at + 4 + 4 * buffer.readUInt16BE(at + 2);
    if (packetEnd > end) return;
    const ssrc = buffer.readUInt32BE(at + 4);
    if (type === senderReport && packetEnd - at >= 28) {
      const seconds = buffer.readUInt32BE(at + 8);
      const fraction = buffer.readUInt32BE(at + 12);
      // Zero is how a sender without a clock fills the field.
      if (seconds !== 0 || fraction !== 0) {
        listener.onSenderReport({
          ssrc,
          utcUs: ntpToUtcUs(seconds, fraction),
          rtpTimestamp: buffer.readUInt32BE(at + 16),
          ntpMiddle: buffer.readUInt32BE(at + 10),
        });
      }
    } else if (type === bye) listener.onBye(ssrc);
    at = packetEnd;
  }
}

const canonicalName = Buffer.from('sensorium');

/** A receiver report with the name that RFC 3550 §6.1 wants beside it. */
export function writeReceiverReport(report: ReceptionReport): Buffer {
  const sdesWords = Math.ceil((4 + 2 + canonicalName.length + 1) / 4);
  const packet = Buffer.alloc(32 + 4 + 4 * sdesWords);
  packet.writeUInt32BE(0x81c90007, 0);
  packet.writeUInt32BE(report.ownSsrc, 4);
  packet.writeUInt32BE(report.ssrc, 8);
  packet.writeUInt8(report.fractionLost, 12);
  packet.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, report.packetsLost)), 13, 3);
  packet.writeUInt32BE(report.highestSequence >>> 0, 16);
  packet.writeUInt32BE(Math.min(0xffffffff, Math.round(report.jitter)), 20);
  packet.writeUInt32BE(report.lastSr, 24);
  packet.writeUInt32BE(Math.min(0xffffffff, report.delaySinceLastSr), 28);
  packet.writeUInt16BE(0x81ca, 32);
  packet.writeUInt16BE(sdesWords, 34);
  packet.writeUInt32BE(report.ownSsrc, 36);
  packet.writeUInt8(1, 40);
  packet.writeUInt8(canonicalName.length, 41);
  canonicalName.copy(packet, 42);
  return packet;
}
