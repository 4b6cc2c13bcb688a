import { createServer, type Socket } from 'node:net';

import { SourceError } from '../source.ts';
import type { AddressGuard } from './address-guard.ts';

const headBytesMax = 64 * 1024;
/** Below libav's 4095, with room for the `source` that we add. */
const lineBytesMax = 4000;
const plainLine = /^[^$\r\n\0][^\r\n\0]*$/;
const connectionsMax = 2;

/**
 * A loopback door to one checked RTSP server for libav, which would follow a redirect, or send UDP to whatever `source` a server names,
 * without asking us. Answers that lead elsewhere end the connection; transport answers name the checked address.
 */
export async function openRtspRelay(options: {
  guard: AddressGuard;
  host: string;
  port: number;
  signal: AbortSignal;
}): Promise<{ port: number; close: () => Promise<void> }> {
  const { address } = await options.guard.resolve(options.host, options.signal);
  const sockets = new Set<Socket>();
  let accepted = 0;
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    hold(client);
    accepted += 1;
    if (accepted > connectionsMax) {
      client.destroy();
      return;
    }
    void join(client);
  });
  const join = async (client: Socket) => {
    let upstream: Socket;
    try {
      upstream = await options.guard.connect(address, options.port, options.signal);
    } catch {
      client.destroy(); // libav sees a closed connection and says so.
      return;
    }
    hold(upstream);
    const filter = new RtspAnswerFilter(address);
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      const passed = filter.push(bytes);
      if (passed === null) upstream.destroy();
      else if (passed.length > 0 && !client.write(passed)) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
    upstream.on('close', () => client.end());
    client.on('close', () => upstream.destroy());
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const bound = server.address();
  if (bound === null || typeof bound === 'string')
    throw new SourceError('INTERNAL', 'the relay has no port', { retry: true });
  return {
    port: bound.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Passes interleaved frames and answers on; null where the server sends something it must not. */
export class RtspAnswerFilter {
  private readonly address: string;
  private rest: Buffer = Buffer.alloc(0);
  private passThrough = 0;

  constructor(address: string) {
    this.address = address;
  }

  push(bytes: Buffer): Buffer | null {
    let data = this.rest.length > 0 ? Buffer.concat([this.rest, bytes]) : bytes;
    const out: Buffer[] = [];
    while (data.length > 0) {
      if (this.passThrough > 0) {
        const piece = data.subarray(0, this.passThrough);
        this.passThrough -= piece.length;
        out.push(piece);
        data = data.subarray(piece.length);
        continue;
      }
      if (data[0] === 0x24) {
        // `$`, channel, 16-bit length (RFC 2326 §10.12).
        if (data.length < 4) break;
        this.passThrough = 4 + data.readUInt16BE(2);
        continue;
      }
      const end = data.indexOf('\r\n\r\n');
      if (end === -1) {
        if (data.length > headBytesMax) return null;
        break;
      }
      const head = this.rewritten(data.toString('latin1', 0, end));
      if (head === null) return null;
      out.push(Buffer.from(`${head}\r\n\r\n`, 'latin1'));
      this.passThrough = Number(/^content-length:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
      data = data.subarray(end + 4);
    }
    this.rest = Buffer.from(data);
    return Buffer.concat(out);
  }

  /**
   * libav ends a line at a bare line feed, drops carriage returns anywhere, takes `$` at a line's start for a packet, cuts lines at 4095 bytes
   * and believes the last Content-Length. What it could read otherwise than we do is refused.
   */
  private rewritten(head: string): string | null {
    // A request of the server (REDIRECT, ANNOUNCE) is not for us either.
    if (!/^RTSP\/\d\.\d [1245]\d\d/.test(head)) return null;
    const lines = head.split('\r\n');
    if (!lines.every((line) => line.length <= lineBytesMax && plainLine.test(line))) return null;
    const lengths = lines.filter((line) => /^content-length/i.test(line));
    if (lengths.length > 1 || !lengths.every((line) => /^content-length:[ \t]*\d{1,7}[ \t]*$/i.test(line))) return null;
    return lines.map((line) => (/^transport:/i.test(line) ? this.checkedTransport(line) : line)).join('\r\n');
  }

  private checkedTransport(line: string): string {
    const parts = line.split(';').filter((part) => !/^\s*(?:source|destination)=/i.test(part));
    return [...parts, `source=${this.address}`].join(';');
  }
}
