import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

import { getRequestListener } from '@hono/node-server';

import { createAppRouter } from '#server/api/app-router.ts';
import type { House } from '#server/api/house.ts';
import { actorOfCookie } from '#server/api/request-context.ts';
import { version, type SystemReport } from '#server/api/system-report.ts';
import { toErrorBody } from '#server/platform/app-error.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Metrics } from '#server/platform/metrics.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { createApiDoors } from './api-doors.ts';
import { clientAddress } from './client-address.ts';
import { securityHeaders } from './headers.ts';
import { createMediaDoor } from './media-door.ts';
import { PassThrough } from './pass-through.ts';
import { passUpgrade } from './upgrade-through.ts';
import { waitingPage } from './waiting-page.ts';

interface Options {
  house: House;
  report: SystemReport;
  env: ServerEnv;
  metrics: Metrics;
  log: Logger;
}

type Door = 'api' | 'media' | 'web';

/** The public port: who answers what. */
export interface Gateway {
  onRequest: RequestListener;
  /** `/media/…` alone. */
  media: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  onUpgrade: ((request: IncomingMessage, socket: Duplex, head: Buffer) => void) | null;
  /** Answers of other processes that are being passed through. */
  passing: () => number;
  close: () => void;
}

const pageWithinMs = 30_000;
const pageIdleMs = 60_000;
/** Sign-in and its like are forms. */
const pageBodyBytesMax = 1_048_576;

export function createGateway({ house, report, env, metrics, log }: Options): Gateway {
  const passThrough = new PassThrough();
  const web = new URL(env.WEB_URL);
  const tls = env.TLS_CERT !== undefined || env.PUBLIC_URL?.startsWith('https:') === true;
  const headers = Object.entries(securityHeaders({ tls, development: env.NODE_ENV === 'development' }));
  const actorOf = (request: IncomingMessage) =>
    actorOfCookie(request.headers.cookie, { identity: house.identity, secret: env.NEXTAUTH_SECRET });
  const media = createMediaDoor({
    streams: house.streams,
    identity: house.identity,
    passThrough,
    actorOf,
    trustedProxies: env.TRUSTED_PROXIES,
  });
  const api = getRequestListener(
    createApiDoors({
      appRouter: createAppRouter(house, report),
      publicUrl: env.PUBLIC_URL ?? null,
      version,
      log,
      createContext: async ({ incoming: request, outgoing }) => {
        return {
          actor: await actorOf(request),
          door: 'http',
          requestId: String(outgoing.getHeader('x-request-id')),
          ip: clientAddress(request, env.TRUSTED_PROXIES),
          userAgent: request.headers['user-agent'] ?? null,
          log,
        };
      },
    }).fetch,
  );

  const pages = (request: IncomingMessage, response: ServerResponse) =>
    passThrough.pass(request, response, {
      target: web,
      path: request.url ?? '/',
      headers: {
        'x-real-ip': clientAddress(request, env.TRUSTED_PROXIES),
        'x-request-id': String(response.getHeader('x-request-id')),
        host: hostOf(request),
        'x-forwarded-host': forwarded(request, 'x-forwarded-host', env) ?? hostOf(request),
        'x-forwarded-proto': forwarded(request, 'x-forwarded-proto', env) ?? (env.TLS_CERT ? 'https' : 'http'),
        'x-forwarded-for': clientAddress(request, env.TRUSTED_PROXIES),
      },
      answerWithinMs: pageWithinMs,
      idleMs: pageIdleMs,
      bodyBytesMax: pageBodyBytesMax,
    });

  const onRequest: RequestListener = (request, response) => {
    const requestId = randomUUID();
    const door = doorOf(request.url ?? '/');
    const startedAt = performance.now();
    response.setHeader('x-request-id', requestId);
    for (const [name, value] of headers) if (value !== undefined) response.setHeader(name, value);
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAt);
      metrics.requests.inc({
        door,
        status: response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted',
      });
      metrics.requestSeconds.observe({ door }, durationMs / 1000);
      if (door !== 'media')
        log.debug(
          {
            action: 'request',
            requestId,
            door,
            method: request.method,
            path: pathOf(request),
            status: response.statusCode,
            durationMs,
          },
          'request',
        );
    });
    const answer = async () => {
      if (door === 'api') await api(request, response);
      else await (door === 'media' ? media : pages)(request, response);
    };
    answer().catch((cause: unknown) => fail(request, response, { cause, door, log, requestId }));
  };

  return {
    onRequest,
    media,
    // Next reloads pages over it while they are worked on; nothing else is spoken here, and without a listener Node answers the request as any other.
    onUpgrade:
      env.NODE_ENV === 'development' ? (request, socket, head) => passUpgrade(request, socket, head, web) : null,
    passing: () => passThrough.open,
    close: () => passThrough.close(),
  };
}

function doorOf(url: string): Door {
  if (url.startsWith('/media/')) return 'media';
  if (url.startsWith('/trpc/')) return 'api';
  // next-auth's own addresses are pages of web.
  return url.startsWith('/api/') && !url.startsWith('/api/auth/') ? 'api' : 'web';
}

function fail(
  request: IncomingMessage,
  response: ServerResponse,
  { cause, door, log, requestId }: { cause: unknown; door: Door; log: Logger; requestId: string },
): void {
  if (response.destroyed) return;
  const error = toAppError(cause);
  if (error.code === 'INTERNAL')
    log.error(
      { action: 'request.failed', requestId, path: pathOf(request), error: error.cause ?? error },
      error.message,
    );
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const wait = error.details['retryAfterSeconds'];
  response.setHeader('cache-control', 'no-store');
  if (error.status >= 500) response.setHeader('retry-after', typeof wait === 'number' ? wait : 2);
  if (door === 'web' && error.status >= 502 && request.headers.accept?.includes('text/html')) {
    response
      .writeHead(503, { 'content-type': 'text/html; charset=utf-8' })
      .end(waitingPage(request.headers['accept-language']));
    return;
  }
  response.writeHead(error.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(toErrorBody(error, { reference: requestId })));
}

/** Only a proxy of ours is believed about the outside. */
function forwarded(request: IncomingMessage, name: string, env: ServerEnv): string | undefined {
  const value = env.TRUSTED_PROXIES > 0 ? request.headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** HTTP/2 has it among the pseudo headers. */
function hostOf(request: IncomingMessage): string {
  const authority = request.headers[':authority'];
  return request.headers.host ?? (typeof authority === 'string' ? authority : '');
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}
