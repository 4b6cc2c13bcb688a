/** Writes RTP for fake cameras: H.264 (RFC 6184), AAC-hbr (RFC 3640), sender reports. */

export const packetBytesMax = 1400;

export interface RtpFields {
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  marker: boolean;
}

export function writeRtp(fields: RtpFields, payload: Buffer): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  packet.writeUInt8(0x80, 0);
  packet.writeUInt8((fields.marker ? 128 : 0) | fields.payloadType, 1);
  packet.writeUInt16BE(fields.sequence & 0xffff, 2);
  packet.writeUInt32BE(fields.timestamp >>> 0, 4);
  packet.writeUInt32BE(fields.ssrc >>> 0, 8);
  payload.copy(packet, 12);
  return packet;
}

/** The payloads of a picture: parameter sets together in a STAP-A, small NAL units alone, large ones as FU-A. */
export function packetizeH264(nals: readonly Buffer[], bytesMax = packetBytesMax): Buffer[] {
  const isParameters = (nal: Buffer) => [7, 8].includes((nal[0] ?? 0) & 31);
  const parameters = nals.filter(isParameters);
  const rest = nals.filter((nal) => !isParameters(nal));
  const payloads: Buffer[] = [];
  if (parameters.length > 0) {
    payloads.push(Buffer.concat([Buffer.from([0x60 | 24]), ...parameters.flatMap((nal) => [uint16(nal.length), nal])]));
  }
  for (const nal of rest) {
    if (nal.length <= bytesMax) payloads.push(nal);
    else payloads.push(...fragment(nal, bytesMax));
  }
  return payloads;
}

function fragment(nal: Buffer, bytesMax: number): Buffer[] {
  const header = nal[0] ?? 0;
  const payloads: Buffer[] = [];
  for (let at = 1; at < nal.length; at += bytesMax) {
    const isFirst = at === 1;
    const isLast = at + bytesMax >= nal.length;
    const fields = [(header & 0xe0) | 28, (isFirst ? 128 : 0) | (isLast ? 64 : 0) | (header & 31)];
    payloads.push(Buffer.concat([Buffer.from(fields), nal.subarray(at, at + bytesMax)]));
  }
  return payloads;
}

/** One packet with the access units given. */
export function packetizeAac(units: readonly Buffer[]): Buffer {
  const headers = units.map((unit) => uint16(unit.length << 3));
  return Buffer.concat([uint16(16 * units.length), ...headers, ...units]);
}

export function writeSenderReport(report: { ssrc: number; utcMs: number; timestamp: number }): Buffer {
  const packet = Buffer.alloc(28);
  const seconds = Math.floor(report.utcMs / 1000);
  packet.writeUInt32BE(0x80c80006, 0);
  packet.writeUInt32BE(report.ssrc >>> 0, 4);
  packet.writeUInt32BE((seconds + 2_208_988_800) % 2 ** 32, 8);
  packet.writeUInt32BE(Math.floor(((report.utcMs / 1000 - seconds) * 2 ** 32) % 2 ** 32), 12);
  packet.writeUInt32BE(report.timestamp >>> 0, 16);
  return packet;
}

export function writeBye(ssrc: number): Buffer {
  const packet = Buffer.alloc(8);
  packet.writeUInt32BE(0x81cb0001, 0);
  packet.writeUInt32BE(ssrc >>> 0, 4);
  return packet;
}

export function interleave(channel: number, packet: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x24, channel]), uint16(packet.length), packet]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value, 0);
  return bytes;
}
