/** The fixed header of an RTP packet (RFC 3550 §5.1); one object is read into again and again, so that a packet costs no allocation. */
export class RtpHeader {
  marker = false;
  payloadType = 0;
  sequence = 0;
  timestamp = 0;
  ssrc = 0;
  /** The payload is `buffer[payloadStart, payloadEnd)`: header extension, CSRCs and padding lie outside. */
  payloadStart = 0;
  payloadEnd = 0;

  /** False when the bytes are no RTP packet; the fields are undefined then. */
  read(buffer: Buffer, start: number, end: number): boolean {
    if (end - start < 12) return false;
    const first = buffer[start] ?? 0;
    if (first >> 6 !== 2) return false;
    const second = buffer[start + 1] ?? 0;
    this.marker = second >= 128;
    this.payloadType = second & 127;
    this.sequence = buffer.readUInt16BE(start + 2);
    this.timestamp = buffer.readUInt32BE(start + 4);
    this.ssrc = buffer.readUInt32BE(start + 8);
    let payloadStart = start + 12 + 4 * (first & 15);
    if (first & 16) {
      if (payloadStart + 4 > end) return false;
      payloadStart += 4 + 4 * buffer.readUInt16BE(payloadStart + 2);
    }
    this.payloadStart = payloadStart;
    this.payloadEnd = first & 32 ? end - (buffer[end - 1] ?? 0) : end;
    return this.payloadStart <= this.payloadEnd;
  }
}
