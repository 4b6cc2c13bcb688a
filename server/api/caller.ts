import { randomUUID } from 'node:crypto';

import type { StreamId } from '#server/contracts/ids.ts';
import { isReachedByTls } from '#server/platform/cookie-name.ts';
import { readServerEnv } from '#server/platform/env.ts';
import { createLogger } from '#server/platform/log.ts';
import { createCallerFactory, type Context } from '#server/platform/trpc.ts';

import { createAppRouter, type AppRouter } from './app-router.ts';
import { callContext } from './call-context.ts';
import { openHouse } from './house.ts';
import { createActorOf } from './request-context.ts';
import { SystemReport } from './system-report.ts';
import { readThumbnail } from './thumbnail.ts';

/** The API inside the process that makes the pages. */
export interface PageApi {
  router: AppRouter;
  /** Who is asking, from the headers of the page's own request. */
  createContext: (headers: Headers) => Promise<Context>;
  createCaller: (context: Context) => ReturnType<AppRouter['createCaller']>;
  /** Who asks is nobody: what comes of it may be kept for everybody. */
  anonymousContext: () => Context;
  /** The picture of a stream that anybody may see at a moment, or the newest, as JPEG; null where there is none in time. */
  thumbnail: (wanted: { streamId: StreamId; atMs: number | null }) => Promise<Uint8Array | null>;
}

function openPageApi(): PageApi {
  const env = readServerEnv();
  const log = createLogger('web', env);
  const house = openHouse(env, log, { connectionsMax: 5 });
  // Revoked sessions are forgotten at once where the bus reaches, after 5 s where it does not yet.
  void house.platform.events.start();
  house.webhooks.start();
  const router = createAppRouter(house, new SystemReport(house, env));
  const callerOf = createCallerFactory(router);
  const actorOf = createActorOf({ ...house, secret: env.NEXTAUTH_SECRET, tls: isReachedByTls(env) });
  return {
    router,
    createCaller: (context) => callerOf(context),
    anonymousContext: () =>
      callContext(house, {
        actor: { type: 'anonymous' },
        door: 'inProcess',
        requestId: randomUUID(),
        ip: null,
        userAgent: null,
        log,
      }),
    thumbnail: (wanted) => readThumbnail(wanted, env),
    createContext: async (headers) =>
      callContext(house, {
        // Pages are for browsers; machines have doors of their own.
        actor: await actorOf({ authorization: null, apiKey: null, cookie: headers.get('cookie'), ip: null }),
        door: 'inProcess',
        requestId: headers.get('x-request-id') ?? randomUUID(),
        // The gateway writes it; nobody else reaches the pages' port.
        ip: headers.get('x-real-ip'),
        userAgent: headers.get('user-agent'),
        log,
      }),
  };
}

const key = Symbol.for('sensorium.pageApi');
const shared: typeof globalThis & { [key]?: PageApi } = globalThis;

/** One a process: Next loads modules more than once, and each would open its own connections. */
export function pageApi(): PageApi {
  shared[key] ??= openPageApi();
  return shared[key];
}
