import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';

const connectWithinMs = 3000;

/** Joins a client that upgrades (WebSocket) to another process, byte for byte. */
export function passUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, target: URL): void {
  const upstream = connect({ host: target.hostname, port: Number(target.port || 80) });
  upstream.setTimeout(connectWithinMs, () => upstream.destroy());
  upstream.once('connect', () => {
    upstream.setTimeout(0);
    upstream.setNoDelay(true);
    upstream.write(requestHead(request));
    if (head.length > 0) upstream.write(head);
    // Either end that closes closes the other.
    pipeline(upstream, socket, upstream, () => {
      socket.destroy();
      upstream.destroy();
    });
  });
  upstream.once('error', () => {
    if (socket.writable) socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  socket.on('error', () => upstream.destroy());
}

function requestHead(request: IncomingMessage): string {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1`];
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    lines.push(`${request.rawHeaders[index] ?? ''}: ${request.rawHeaders[index + 1] ?? ''}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
