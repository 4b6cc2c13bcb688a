import { SourceError } from '../source.ts';
import { findMessageEnd, looksLikeMessage, readMessage, type RtspMessage } from './rtsp-message.ts';

export interface InterleavedListener {
  /** `buffer[start, end)` is the packet; the parser never writes into the buffer again. */
  onPacket: (channel: number, buffer: Buffer, start: number, end: number) => void;
  onMessage: (message: RtspMessage) => void;
}

const dollar = 0x24;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** `$`, channel, length, and the two bytes that show an RTP or RTCP packet. */
const headBytes = 6;
const messageBytesMax = 256 * 1024;
/** Noise we forgive: one lost socket read or so. So many good packets in a row and the count begins anew. */
const garbageBytesMax = 512 * 1024;
const goodPacketsToForget = 200;

/**
 * Splits a connection's bytes into interleaved packets (RFC 2326 §10.12) and messages. Packets are views of the socket
 * read they came in; only one that spans two reads is copied. Noise is skipped up to the next plausible beginning.
 */
export class InterleavedParser {
  private readonly listener: InterleavedListener;
  private readonly channels = new Uint8Array(256);
  /** The packet that spans reads: its whole length, and how much of it is there. */
  private spanning: Buffer | null = null;
  private filled = 0;
  /** The beginning of a message, or too little of a packet to know its length. */
  private rest: Buffer | null = null;
  private isAligned = true;
  private garbageBytes = 0;
  private goodPackets = 0;

  constructor(listener: InterleavedListener) {
    this.listener = listener;
  }

  /** Packets of other channels are taken for noise. */
  allowChannel(channel: number): void {
    this.channels[channel] = 1;
  }

  /** @throws SourceError DATA_INVALID when there is more noise than stream. */
  push(read: Buffer): void {
    let at = 0;
    if (this.spanning) {
      at = Math.min(this.spanning.length - this.filled, read.length);
      read.copy(this.spanning, this.filled, 0, at);
      this.filled += at;
      if (this.filled < this.spanning.length) return;
      const packet = this.spanning;
      this.spanning = null;
      this.deliver(packet, 0, packet.length);
    }
    if (this.rest) {
      const joined = Buffer.concat([this.rest, read.subarray(at)]);
      this.rest = null;
      this.split(joined, 0);
    } else this.split(read, at);
  }

  private split(buffer: Buffer, from: number): void {
    let at = from;
    while (at < buffer.length) {
      const first = buffer[at];
      let next: number | null;
      if (first === dollar) next = this.takePacket(buffer, at);
      else if (first === carriageReturn || first === lineFeed) next = at + 1;
      else next = this.takeMessage(buffer, at);
      if (next === null) return;
      at = next === at ? this.skipNoise(buffer, at) : next;
    }
  }

  /** Where the next thing begins; `at` when this is no packet; null when the rest of it has yet to come. */
  private takePacket(buffer: Buffer, at: number): number | null {
    if (buffer.length - at < headBytes) return this.keep(buffer, at);
    const length = buffer.readUInt16BE(at + 2);
    const channel = buffer[at + 1] ?? 0;
    const end = at + 4 + length;
    const isPlausible = length < 8 ? this.isAligned : this.channels[channel] === 1 && (buffer[at + 4] ?? 0) >> 6 === 2;
    if (!isPlausible) return at;
    if (end > buffer.length) {
      // Allocated alone: out of the pool it would keep its neighbours alive.
      this.spanning = Buffer.allocUnsafeSlow(end - at);
      this.filled = buffer.copy(this.spanning, 0, at);
      return null;
    }
    // After noise a packet counts only if something plausible follows it.
    if (!this.isAligned && end < buffer.length && buffer[end] !== dollar && !looksLikeMessage(buffer, end)) return at;
    this.deliver(buffer, at, end);
    return end;
  }

  private deliver(buffer: Buffer, at: number, end: number): void {
    this.isAligned = true;
    this.goodPackets += 1;
    if (this.goodPackets === goodPacketsToForget) this.garbageBytes = 0;
    const channel = buffer[at + 1] ?? 0;
    if (end - at >= 12 && this.channels[channel] === 1) this.listener.onPacket(channel, buffer, at + 4, end);
  }

  private takeMessage(buffer: Buffer, at: number): number | null {
    const isMessage = looksLikeMessage(buffer, at);
    if (isMessage === false) return at;
    if (isMessage === null) return this.keep(buffer, at);
    const head = findMessageEnd(buffer, at);
    const available = buffer.length - at;
    if (head === null) return available > messageBytesMax ? at : this.keep(buffer, at);
    if (head.end - at > messageBytesMax) return at;
    if (head.end > buffer.length) return this.keep(buffer, at);
    this.isAligned = true;
    this.listener.onMessage(readMessage(buffer, at, head));
    return head.end;
  }

  private keep(buffer: Buffer, at: number): null {
    this.rest = buffer.subarray(at);
    return null;
  }

  private skipNoise(buffer: Buffer, at: number): number {
    this.isAligned = false;
    this.goodPackets = 0;
    const packet = buffer.indexOf(dollar, at + 1);
    const message = buffer.indexOf('RTSP/1.0 ', at + 1, 'latin1');
    const candidates = [packet, message, buffer.length].filter((position) => position >= 0);
    const next = Math.min(...candidates);
    this.garbageBytes += next - at;
    if (this.garbageBytes > garbageBytesMax) {
      throw new SourceError('DATA_INVALID', `${this.garbageBytes} bytes are neither RTP nor RTSP`, { retry: true });
    }
    return next;
  }
}
