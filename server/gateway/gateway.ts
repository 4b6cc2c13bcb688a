import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { getRequestListener } from '@hono/node-server';

import { createAppRouter } from '#server/api/app-router.ts';
import { callContext } from '#server/api/call-context.ts';
import type { House } from '#server/api/house.ts';
import { IdempotentAnswers } from '#server/api/idempotency/service.ts';
import { createActorOf, presentedBy } from '#server/api/request-context.ts';
import { restRoutes } from '#server/api/rest.ts';
import { version, type SystemReport } from '#server/api/system-report.ts';
import { AppError } from '#server/platform/app-error.ts';
import { isReachedByTls } from '#server/platform/cookie-name.ts';
import type { ServerEnv } from '#server/platform/env.ts';
import type { Logger } from '#server/platform/log.ts';
import type { Metrics } from '#server/platform/metrics.ts';
import { readSetting } from '#server/platform/settings.ts';

import { serializeCookie } from './answer-cookie.ts';
import { AnswerWatch } from './answer-watch.ts';
import { createApiDoors } from './api-doors.ts';
import { isAsset } from './charges.ts';
import { clientAddress } from './client-address.ts';
import { EmbedOrigins } from './embed-origins.ts';
import { answerFailure } from './failure.ts';
import { securityHeaders } from './headers.ts';
import { createJwksDoor } from './jwks-door.ts';
import { createMediaDoor } from './media-door.ts';
import { MediaGuard } from './media-guard.ts';
import { MetricsDoor } from './metrics-door.ts';
import { onceARequest } from './once-a-request.ts';
import { createPageFiles } from './page-files.ts';
import { PassThrough } from './pass-through.ts';
import { createPictureDoor } from './picture-door.ts';
import { assetPolicy, dataPolicy, newNonce, pagePolicy } from './policy.ts';
import { bodyBytesMax, checkBounds } from './request-bounds.ts';
import { doorOf, forwarded, hostOf, pathOf } from './request-facts.ts';
import { RequestLimits } from './request-limits.ts';
import { createRestProcedure } from './rest-procedure.ts';
import { isSameOrigin } from './same-origin.ts';
import { SocketDoor, socketPath } from './socket-door.ts';
import { passUpgrade } from './upgrade-through.ts';

interface Options {
  house: House;
  report: SystemReport;
  env: ServerEnv;
  metrics: Metrics;
  log: Logger;
  /** Brings the gauges of the gateway's own process up to date. */
  observe: () => void | Promise<void>;
}

/** The public port: who answers what. */
export interface Gateway {
  onRequest: RequestListener;
  /** `/media/…` alone. */
  media: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  /** Everything else is answered as if nobody had asked for another protocol. */
  upgrades: (request: IncomingMessage) => boolean;
  sockets: SocketDoor;
  /** Answers of other processes that are being passed through. */
  passing: () => number;
  /** All processes together, as Prometheus reads it. */
  metrics: MetricsDoor;
  close: () => void;
}

/** Beside our own code, where pages are made on this machine. */
const builtPages = fileURLToPath(new URL('../../.next/standalone/.next/static', import.meta.url));
const pageWithinMs = 30_000;
/** Development: a page that is opened first is compiled first, which takes a minute on a machine that has too much to do. */
const compiledPageWithinMs = 180_000;
const pageIdleMs = 60_000;

export function createGateway({ house, report, env, metrics, log, observe }: Options): Gateway {
  const addressOf = (request: IncomingMessage) => clientAddress(request, env.TRUSTED_PROXIES);
  const web = new URL(env.WEB_URL);
  const tls = isReachedByTls(env);
  const development = env.NODE_ENV === 'development';
  const headers = Object.entries(securityHeaders({ tls }));
  const pageFiles = createPageFiles(builtPages);
  const embedOrigins = new EmbedOrigins(() => readSetting(house.platform.database, 'embedOrigins'), log);
  const actorOfPresented = createActorOf({ ...house, secret: env.NEXTAUTH_SECRET, tls });
  const actorOf = onceARequest((request) => actorOfPresented(presentedBy(request, addressOf(request))));
  const appRouter = createAppRouter(house, report);
  const requestLimits = new RequestLimits({
    limits: house.limits,
    actorOf,
    addressOf,
    rateFactorOf: (keyId) => house.tokens.keys.rateFactorOf(keyId),
    restProcedure: createRestProcedure(restRoutes(appRouter._def.procedures)),
    onRefused: (limit) => metrics.limitRefusals.inc({ limit }),
  });
  const passThrough = new PassThrough((request, bytes) => requestLimits.addMediaBytes(request, bytes));
  const metricsDoor = new MetricsDoor({ house, env, metrics, observe });
  const { streams, tokens } = house;
  const media = createMediaDoor({
    streams,
    guard: new MediaGuard({ ...house, actorOf, tls }),
    watch: new AnswerWatch({ log }),
    playback: tokens.playback,
    passThrough,
    trustedProxies: env.TRUSTED_PROXIES,
  });
  const api = getRequestListener(
    createApiDoors({
      appRouter,
      idempotent: new IdempotentAnswers(house.platform),
      internal: { port: env.INTERNAL_PORT, secret: env.INTERNAL_SECRET },
      version,
      log,
      countMore: ({ incoming }, { actor }, messages) =>
        requestLimits.passCalls(
          incoming,
          actor,
          Array.from({ length: messages }, () => ''),
        ),
      createContext: async ({ incoming: request, outgoing }) => {
        return callContext(house, {
          actor: await actorOf(request),
          door: 'http',
          requestId: String(outgoing.getHeader('x-request-id')),
          ip: clientAddress(request, env.TRUSTED_PROXIES),
          userAgent: request.headers['user-agent'] ?? null,
          log,
          setCookie: (cookie) => outgoing.appendHeader('set-cookie', serializeCookie(cookie, { tls })),
        });
      },
    }).fetch,
  );

  const jwks = createJwksDoor(tokens.signingKeys);
  const pictures = createPictureDoor(house.people.pictures);

  const isOurs = (request: IncomingMessage, method = request.method ?? 'GET') =>
    isSameOrigin(
      {
        method,
        url: `http://${forwarded(request, 'x-forwarded-host', env) ?? hostOf(request)}/`,
        headers: { get: (name) => [request.headers[name]].flat()[0] ?? null },
      },
      env.PUBLIC_URL ?? null,
    );

  const sockets = new SocketDoor({
    appRouter,
    actorOf: actorOfPresented,
    tokens,
    addressOf,
    // Whatever changes something can be called over it.
    isOurs: (request) => isOurs(request, 'POST'),
    limits: requestLimits,
    contextOf: (request, call) =>
      callContext(house, {
        ...call,
        door: 'socket',
        ip: addressOf(request),
        userAgent: request.headers['user-agent'] ?? null,
        log,
      }),
    metrics,
    log,
  });
  const opensSocket = (request: IncomingMessage) => pathOf(request) === socketPath;

  const page = async (request: IncomingMessage, response: ServerResponse, nonce: string) => {
    const path = pathOf(request);
    const origins = isAsset(path) ? [] : await embedOrigins.current();
    const policy = isAsset(path) ? assetPolicy : pagePolicy({ nonce, embedOrigins: origins, development });
    response.setHeader('content-security-policy', policy);
    // It knows no lists: where there is one, the policy alone says who may.
    if (origins.length === 0) response.setHeader('x-frame-options', 'DENY');
    if (!development && (await pageFiles(request, response, path))) return;
    await passThrough.pass(request, response, {
      target: web,
      path: request.url ?? '/',
      headers: {
        // Next takes the nonce of its scripts from here.
        'content-security-policy': policy,
        'x-real-ip': addressOf(request),
        'x-request-id': String(response.getHeader('x-request-id')),
        host: hostOf(request),
        'x-forwarded-host': forwarded(request, 'x-forwarded-host', env) ?? hostOf(request),
        'x-forwarded-proto': forwarded(request, 'x-forwarded-proto', env) ?? (env.TLS_CERT ? 'https' : 'http'),
        'x-forwarded-for': addressOf(request),
      },
      answerWithinMs: development ? compiledPageWithinMs : pageWithinMs,
      idleMs: pageIdleMs,
      bodyBytesMax: bodyBytesMax('web', path),
    });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse, nonce: string): Promise<void> => {
    const path = pathOf(request);
    const door = doorOf(path, request.method ?? 'GET');
    if (door !== 'web') {
      response.setHeader('content-security-policy', dataPolicy);
      response.setHeader('x-frame-options', 'DENY');
    }
    checkBounds(request, door, path);
    switch (door) {
      case 'media':
        return requestLimits.passMedia(request, response, () => media(request, response));
      case 'metrics':
        await requestLimits.pass(request, response, 'api', path);
        return metricsDoor.answer(request, response, await actorOf(request));
      case 'picture':
        await requestLimits.pass(request, response, 'web', path);
        return pictures(request, response, path);
      case 'keys':
        await requestLimits.pass(request, response, 'web', path);
        return jwks(request, response);
      case 'nothing':
        throw new AppError('NOT_FOUND', { message: 'no such address' });
      case 'api':
      case 'web':
        if (!isOurs(request))
          throw new AppError('FORBIDDEN', { message: 'the request comes from a page of another site' });
        await requestLimits.pass(request, response, door, path);
        return door === 'api' ? api(request, response) : page(request, response, nonce);
    }
  };

  const onRequest: RequestListener = (request, response) => {
    const requestId = randomUUID();
    const nonce = newNonce();
    const path = pathOf(request);
    const door = doorOf(path, request.method ?? 'GET');
    const startedAt = performance.now();
    response.setHeader('x-request-id', requestId);
    for (const [name, value] of headers) response.setHeader(name, value);
    response.once('close', () => {
      const durationMs = Math.round(performance.now() - startedAt);
      metrics.requests.inc({
        door,
        status: response.headersSent ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted',
      });
      metrics.requestSeconds.observe({ door }, durationMs / 1000);
      if (door !== 'media')
        log.debug(
          { action: 'request', requestId, door, method: request.method, path, status: response.statusCode, durationMs },
          'request',
        );
    });
    answer(request, response, nonce).catch((cause: unknown) =>
      answerFailure(request, response, { cause, door, log, requestId, nonce }),
    );
  };

  return {
    onRequest,
    media,
    metrics: metricsDoor,
    // Next reloads pages over it while they are worked on.
    onUpgrade: (request, socket, head) =>
      development && !opensSocket(request)
        ? passUpgrade(request, socket, head, web)
        : sockets.accept(request, socket, head),
    upgrades: (request) => development || opensSocket(request),
    sockets,
    passing: () => passThrough.open,
    close: () => passThrough.close(),
  };
}
