import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';

import type { Gateway } from './gateway.ts';

interface Listener {
  listen: (port: number, host: string | undefined) => Promise<void>;
  port: () => number | null;
  /** Takes nothing new; resolves when all is answered. */
  close: () => Promise<void>;
  /** Ends what still holds on. */
  cut: () => void;
}

/** The public port: HTTP/1.1, or with a certificate HTTP/2 and HTTP/1.1 over TLS: a browser's six connections a host are too few for a wall of players. */
export function openPublicServer(gateway: Gateway, tls: { cert: Buffer; key: Buffer } | null): Listener {
  if (!tls) {
    const server = createServer(gateway.onRequest);
    server.headersTimeout = 15_000;
    server.requestTimeout = 60_000;
    server.keepAliveTimeout = 65_000;
    if (gateway.onUpgrade) server.on('upgrade', gateway.onUpgrade);
    return listenerOf(server, { idle: () => server.closeIdleConnections(), all: () => server.closeAllConnections() });
  }
  const server = createSecureServer({ ...tls, allowHTTP1: true, minVersion: 'TLSv1.2' });
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
  });
  // Node's compatibility layer gives requests of either version; what differs (pseudo headers) is left out where headers are passed on.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  server.on('request', gateway.onRequest as unknown as Parameters<Http2SecureServer['on']>[1] & RequestListener);
  if (gateway.onUpgrade) server.on('upgrade', gateway.onUpgrade);
  return listenerOf(server, {
    idle: () => {
      for (const session of sessions) session.close();
    },
    all: () => {
      for (const session of sessions) session.destroy();
    },
  });
}

export function listenerOf(
  server: Server | Http2SecureServer,
  connections: { idle: () => void; all: () => void },
): Listener {
  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ port, ...(host === undefined ? {} : { host }), backlog: 4096 }, () => {
          server.off('error', reject);
          resolve();
        });
      }),
    port: () => {
      const address = server.address();
      return typeof address === 'object' && address ? address.port : null;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        connections.idle();
      }),
    cut: connections.all,
  };
}
