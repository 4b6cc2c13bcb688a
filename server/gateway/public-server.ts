import { createServer, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';

import type { Certificate } from './certificate.ts';
import type { Gateway } from './gateway.ts';

interface Listener {
  listen: (port: number, host: string | undefined) => Promise<void>;
  port: () => number | null;
  /** Takes nothing new; resolves when all is answered. */
  close: () => Promise<void>;
  /** Ends what still holds on. */
  cut: () => void;
}

/** Slow senders are cut: of headers after 15 s, of a whole request after a minute. */
const timeouts = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 };
const handshakeWithinMs = 10_000;
/** Node's own default for HTTP/1.1, which it takes over TLS as well. */
const headerBytesMax = 16_384;
/** Requests of one connection at once: a wall of players takes about fifty. */
const streamsMax = 250;
/** A connection of HTTP/2 on which nothing moves. */
const sessionIdleMs = 180_000;

interface PublicListener extends Listener {
  /** Of connections from now on; those that are open keep theirs. */
  renew: (certificate: Certificate) => void;
}

/** The public port: HTTP/1.1, or with a certificate HTTP/2 and HTTP/1.1 over TLS: a browser's six connections a host are too few for a wall of players. */
export function openPublicServer(
  gateway: Pick<Gateway, 'onRequest' | 'onUpgrade' | 'upgrades'>,
  certificate: Certificate | null,
): PublicListener {
  if (!certificate) {
    const server = Object.assign(
      createServer({ maxHeaderSize: headerBytesMax }, gateway.onRequest),
      timeouts,
      upgradesOf(gateway),
    );
    server.on('upgrade', gateway.onUpgrade);
    const listener = listenerOf(server, {
      idle: () => server.closeIdleConnections(),
      all: () => server.closeAllConnections(),
    });
    return { ...listener, renew: () => {} };
  }
  const server = Object.assign(
    createSecureServer({
      ...certificate,
      allowHTTP1: true,
      minVersion: 'TLSv1.2',
      handshakeTimeout: handshakeWithinMs,
      settings: { maxHeaderListSize: headerBytesMax, maxConcurrentStreams: streamsMax },
    }),
    timeouts,
    upgradesOf(gateway),
  );
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    sessions.add(session);
    session.setTimeout(sessionIdleMs, () => session.close());
    session.once('close', () => sessions.delete(session));
  });
  const sockets = new Set<Socket>();
  server.on('secureConnection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Node's compatibility layer gives requests of either version; what differs (pseudo headers) is left out where headers are passed on.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- said above
  server.on('request', gateway.onRequest as unknown as Parameters<Http2SecureServer['on']>[1] & RequestListener);
  server.on('upgrade', gateway.onUpgrade);
  const listener = listenerOf(server, {
    idle: () => {
      for (const session of sessions) session.close();
    },
    all: () => {
      for (const session of sessions) session.destroy();
      for (const socket of sockets) socket.destroy();
    },
  });
  return { ...listener, renew: ({ cert, key }) => server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' }) };
}

/** Which requests Node hands over with their connection; of a listener of HTTP/2 too, whose options do not name it. */
function upgradesOf({ upgrades }: Pick<Gateway, 'upgrades'>) {
  return { shouldUpgradeCallback: upgrades };
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
