import type { SourceSink } from '../source.ts';
import type { Depacketizer } from './depacketizer.ts';
import { readRtcp, writeReceiverReport, type RtcpListener, type SenderReport } from './rtcp.ts';
import type { RtpFormat } from './rtp-format.ts';
import { RtpHeader } from './rtp-header.ts';

/** A jump of the sequence number beyond these is a sender that began anew, not loss (RFC 3550 A.1). */
const dropoutMax = 3000;
const misorderMax = 100;

/**
 * One RTP stream of one track: order and loss by sequence numbers, sender reports, receiver reports. Packets come in
 * the order the transport gives (TCP, or a jitter buffer in front); late ones are dropped.
 */
export class RtpReceiver {
  readonly format: RtpFormat;
  private readonly sink: SourceSink;
  private readonly depacketizer: Depacketizer;
  private readonly header = new RtpHeader();
  private readonly ownSsrc = Math.floor(Math.random() * 2 ** 32);
  private readonly rtcpListener: RtcpListener;
  private rtcpArrivalUs = 0;
  private ssrc: number | null = null;
  private highestSequence = 0;
  private cycles = 0;
  private received = 0;
  private packetsLost = 0;
  private receivedAtReport = 0;
  private lostAtReport = 0;
  private jitter = 0;
  private transit: number | null = null;
  private senderReport: (SenderReport & { arrivalUs: number }) | null = null;
  hasEnded = false;

  constructor(format: RtpFormat, sink: SourceSink) {
    this.format = format;
    this.sink = sink;
    this.depacketizer = format.createDepacketizer((unit) => sink({ type: 'unit', unit }));
    this.rtcpListener = {
      onSenderReport: (report) => this.onSenderReport(report),
      onBye: (ssrc) => {
        if (ssrc === this.ssrc) this.hasEnded = true;
      },
    };
  }

  /** An RTP packet, `buffer[start, end)`. The buffer belongs to the receiver from here on. False when it is none of ours. */
  push(buffer: Buffer, start: number, end: number, arrivalUs: number): boolean {
    const { header } = this;
    if (!header.read(buffer, start, end) || header.payloadType !== this.format.payloadType) return false;
    if (!this.accept(header)) return true;
    this.received += 1;
    this.measureJitter(header.timestamp, arrivalUs);
    this.depacketizer.push(buffer, header, arrivalUs);
    return true;
  }

  pushRtcp(buffer: Buffer, start: number, end: number, arrivalUs: number): void {
    this.rtcpArrivalUs = arrivalUs;
    readRtcp(buffer, start, end, this.rtcpListener);
  }

  /** The next receiver report, null before the first packet. */
  receiverReport(nowUs: number): Buffer | null {
    if (this.ssrc === null) return null;
    const lost = this.packetsLost - this.lostAtReport;
    const expected = this.received - this.receivedAtReport + lost;
    this.lostAtReport = this.packetsLost;
    this.receivedAtReport = this.received;
    return writeReceiverReport({
      ownSsrc: this.ownSsrc,
      ssrc: this.ssrc,
      fractionLost: expected > 0 ? Math.min(255, Math.floor((256 * lost) / expected)) : 0,
      packetsLost: this.packetsLost,
      highestSequence: this.cycles + this.highestSequence,
      jitter: this.jitter,
      lastSr: this.senderReport?.ntpMiddle ?? 0,
      delaySinceLastSr: this.senderReport ? Math.round(((nowUs - this.senderReport.arrivalUs) * 65536) / 1e6) : 0,
    });
  }

  /** False for a packet that came late or twice. */
  private accept(header: RtpHeader): boolean {
    const { sequence } = header;
    if (header.ssrc !== this.ssrc) {
      if (this.ssrc !== null) this.lose(1);
      this.ssrc = header.ssrc;
      this.hasEnded = false;
      this.senderReport = null;
      this.transit = null;
      this.cycles = 0;
      this.highestSequence = sequence;
      return true;
    }
    const step = (sequence - this.highestSequence) & 0xffff;
    if (step === 0 || step > 0x10000 - misorderMax) return false;
    if (step > 1) this.lose(step <= dropoutMax ? step - 1 : 1);
    if (sequence < this.highestSequence) this.cycles += 0x10000;
    this.highestSequence = sequence;
    return true;
  }

  private lose(packets: number): void {
    this.packetsLost += packets;
    this.depacketizer.lose();
    this.sink({ type: 'lost', track: this.format.track.id, packets });
  }

  private measureJitter(timestamp: number, arrivalUs: number): void {
    // RFC 3550 A.8; the difference is taken modulo 2^32, so the wrap of the time stamp does not show.
    const transit = Math.round((arrivalUs * this.format.track.timescale) / 1e6) - timestamp;
    if (this.transit !== null) this.jitter += (Math.abs((transit - this.transit) | 0) - this.jitter) / 16;
    this.transit = transit;
  }

  private onSenderReport(report: SenderReport): void {
    if (this.ssrc !== null && report.ssrc !== this.ssrc) return;
    this.senderReport = { ...report, arrivalUs: this.rtcpArrivalUs };
    this.sink({
      type: 'clock',
      track: this.format.track.id,
      ticks: report.rtpTimestamp,
      utcUs: report.utcUs,
      kind: 'sr',
      arrivalUs: this.rtcpArrivalUs,
    });
  }
}
