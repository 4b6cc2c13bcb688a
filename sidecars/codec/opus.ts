import { CodecError } from './bit-reader.ts';

/** RFC 6716 packets, RFC 7845 OpusHead. Opus always counts 48,000 samples a second. */
export interface OpusConfig {
  /** OpusHead without its magic, little-endian. */
  head: Buffer;
  channels: number;
}

export const opusSampleRate = 48_000;
const magic = 'OpusHead';

export function parseOpusHead(data: Buffer): OpusConfig {
  const head = data.subarray(0, 8).toString('latin1') === magic ? data.subarray(8) : data;
  if (head.length < 11) throw new CodecError('OpusHead is cut short');
  const channels = head[1] ?? 0;
  const family = head[10] ?? 0;
  if (channels < 1 || channels > 8 || (family === 0 && channels > 2))
    throw new CodecError(`Opus with ${channels} channels`);
  if (family !== 0 && head.length < 13 + channels) throw new CodecError('OpusHead is cut short');
  return { head, channels };
}

/** An OpusHead for sources that announce only channels (RTP). */
export function buildOpusHead(channels: number): Buffer {
  const head = Buffer.alloc(19);
  head.write(magic, 'latin1');
  head.set([1, channels], 8);
  head.writeUInt32LE(opusSampleRate, 12);
  return head;
}

/** Samples of a packet by its table of contents (RFC 6716 §3.1, §3.2); 0 where it is no Opus packet. */
export function opusPacketSamples(packet: Buffer): number {
  const first = packet[0];
  if (first === undefined) return 0;
  const configuration = first >> 3;
  let frame: number;
  if (configuration < 12) frame = [480, 960, 1920, 2880][configuration & 3] ?? 0;
  else if (configuration < 16) frame = (configuration & 1) === 0 ? 480 : 960;
  else frame = 120 << (configuration & 3);
  const code = first & 3;
  const count = code === 0 ? 1 : code === 3 ? (packet[1] ?? 0) & 63 : 2;
  const samples = frame * count;
  // 120 ms is the longest packet there may be.
  return samples <= 5760 ? samples : 0;
}

/** 20 ms of silence: CELT, full band, one or two channels. */
export function silentOpusPacket(channels: number): Buffer {
  return Buffer.from([channels > 1 ? 0xfc : 0xf8, 0xff, 0xfe]);
}
