import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import type { IdentityService } from '#server/identity/service.ts';
import type { Logger } from '#server/platform/log.ts';

import type { ControlLinks } from './control-link.ts';
import type { MetricsDoor } from './metrics-door.ts';

interface Options {
  secret: string;
  links: ControlLinks;
  identity: Pick<IdentityService, 'issueOwnerClaim'>;
  metrics: MetricsDoor;
  /** What anybody may see under /media/, for pictures that the pages draw. */
  media: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  log: Logger;
}

/** The internal door: control links of sidecars, metrics, and what the supervisor asks. Loopback, and a secret but for metrics. */
export function createInternalServer(options: Options): Server {
  const isOurs = bearerCheck(options.secret);
  const server = createServer((request, response) => {
    answer(request, response, isOurs(request), options).catch((error: unknown) => {
      options.log.error({ action: 'internal.failed', error }, 'the internal door failed');
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request) !== '/internal/v1/control') return refuse(socket, '404 Not Found');
    if (!isOurs(request)) return refuse(socket, '401 Unauthorized');
    return options.links.accept(request, socket, head);
  });
  server.requestTimeout = 10_000;
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  ours: boolean,
  options: Options,
): Promise<void> {
  const path = pathOf(request);
  request.resume();
  if (request.method === 'GET' && path === '/metrics') {
    await options.metrics.send(response);
  } else if (!ours) {
    response.writeHead(401).end();
  } else if (path.startsWith('/internal/v1/media/')) {
    request.url = (request.url ?? '').slice('/internal/v1'.length);
    // The install's secret is no credential of a person.
    delete request.headers.authorization;
    await options.media(request, response);
  } else if (request.method === 'POST' && path === '/internal/v1/owner-claim') {
    const token = await options.identity.issueOwnerClaim();
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify({ token }));
  } else {
    response.writeHead(404).end();
  }
}

function refuse(socket: { end: (text: string) => void }, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

/** Compares digests, so that neither content nor length of the secret shows in the time. */
function bearerCheck(secret: string): (request: IncomingMessage) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${secret}`);
  return (request) => timingSafeEqual(digest(request.headers.authorization ?? ''), expected);
}
