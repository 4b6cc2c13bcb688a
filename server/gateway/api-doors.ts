import type { HttpBindings } from '@hono/node-server';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono, type Context as HonoContext, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import type { AppRouter } from '#server/api/app-router.ts';
import type { IdempotentAnswers } from '#server/api/idempotency/service.ts';
import { createOpenApiDocument } from '#server/api/openapi.ts';
import { matchRoute, restRoutes, type RestRoute } from '#server/api/rest.ts';
import { AppError, toErrorBody } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { toAppError, type Context } from '#server/platform/trpc.ts';

import { answerPreflight, challengeOf, readableElsewhere } from './api-origins.ts';
import { compressedAnswers } from './compressed-answers.ts';
import { boundedJson } from './json-bounds.ts';
import { createMcpDoor } from './mcp-door.ts';
import { allowedOf, createRestDoor, MethodRefused } from './rest-door.ts';

type Env = { Bindings: HttpBindings };

const bodyBytesMax = 1024 * 1024;
/** Files of cameras, from who may import them: a body is read before a procedure can say who may send it. */
const fileBytesMax = 64 * 1024 * 1024;
/** Of everybody who has an account: their picture, in base64. */
const ownFileBytesMax = 12 * 1024 * 1024;

interface Options {
  appRouter: AppRouter;
  createContext: (bindings: HttpBindings) => Promise<Context>;
  idempotent: Pick<IdempotentAnswers, 'once'>;
  version: string;
  internal: { port: number; secret: string };
  log: Logger;
  /** Of what came in one request: each counts like one of its own. */
  countMore: (bindings: HttpBindings, context: Context, messages: number) => Promise<void>;
}

/** `/trpc/*` and REST under `/api/v1/*` and `/api/*`: the same procedures. */
export function createApiDoors(options: Options): Hono<Env> {
  const { appRouter, createContext, idempotent, version, log } = options;
  const app = new Hono<Env>();
  const routes = restRoutes(appRouter._def.procedures);
  const files = fileRoutes(routes);
  const mcp = createMcpDoor(options);
  let document: string | null = null;

  app.onError((cause, c) => {
    const error = toAppError(cause);
    // A procedure's own faults are in the log already; this one lies between the door and it.
    if (!(cause instanceof TRPCError) && error.status >= 500) {
      log.error({ action: 'api.failed', path: c.req.path, error: error.cause ?? error }, error.message);
    }
    return failed(c, error);
  });
  app.notFound((c) => failed(c, new AppError('NOT_FOUND', { message: 'no such address' })));
  app.use(async (c, next) => {
    // On Node's answer, which what a door says overrides: to change Hono's would make it anew for each header.
    const { outgoing } = c.env;
    outgoing.setHeader('cache-control', 'no-store');
    for (const [name, value] of Object.entries(readableElsewhere)) outgoing.setHeader(name, value);
    await next();
  });
  const small = bodyAtMost(bodyBytesMax);
  const large = bodyAtMost(fileBytesMax);
  const own = bodyAtMost(ownFileBytesMax);
  app.use(async (c, next) => {
    // To look for the body of a read would make a whole Request of what Node gives.
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const file = files.find(({ isAt }) => isAt(c.req.method, c.req.path));
    if (!file?.isFor(await createContext(c.env))) return small(c, next);
    return (file.isOwn ? own : large)(c, next);
  });

  app.use(boundedJson);
  app.use(compressedAnswers);

  app.all('/trpc/*', (c) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      maxBatchSize: 50,
      createContext: () => createContext(c.env),
    }),
  );

  app.on(['GET', 'HEAD'], ['/api/openapi.json', '/api/v1/openapi.json'], (c) => {
    document ??= JSON.stringify(createOpenApiDocument(appRouter, version));
    return c.body(document, 200, { 'content-type': 'application/json', 'cache-control': 'public, max-age=60' });
  });

  app.on(['GET', 'POST', 'DELETE'], '/mcp', (c) => mcp.answer(c.req.raw, c.env));

  app.options('*', (c) => {
    const match = matchRoute(routes, '', c.req.path.replace(/^\/api(\/v1)?/, ''));
    const methods = match && 'allowed' in match ? match.allowed : ['GET', 'POST'];
    return answerPreflight(allowedOf(methods));
  });

  app.all('*', createRestDoor({ appRouter, routes, createContext, idempotent }));
  return app;
}

/** Where whole files are taken, at both doors, and from whom. */
function fileRoutes(routes: readonly RestRoute[]) {
  return routes
    .filter(({ mark }) => mark.takesFile)
    .map(({ procedure, method, path, access }) => ({
      isAt: (asked: string, at: string) =>
        at === `/trpc/${procedure}` || (asked === method && at.replace(/^\/api(\/v1)?/, '') === path),
      isOwn: access === 'account',
      isFor: ({ actor, may }: Context) =>
        actor.type === 'user' &&
        access !== null &&
        access !== 'public' &&
        (access === 'account' || may(access, 'some')),
    }));
}

function bodyAtMost(bytes: number): MiddlewareHandler {
  const refuse = () => {
    throw new AppError('TOO_LARGE', { message: `a body has ${bytes} bytes at most` });
  };
  const counted = bodyLimit({ maxSize: bytes, onError: refuse });
  return async (c, next) => {
    const length = c.req.header('content-length');
    // Hono's own would make a stream of the body only to look whether there is one.
    if (length === undefined || c.req.header('transfer-encoding') !== undefined) return counted(c, next);
    if (Number(length) > bytes) refuse();
    return next();
  };
}

function failed(c: HonoContext<Env>, error: AppError): Response {
  const wait = error.details['retryAfterSeconds'];
  const reference = String(c.env.outgoing.getHeader('x-request-id') ?? '');
  const isRefusedMethod = error instanceof MethodRefused;
  return Response.json(toErrorBody(error, { reference }), {
    status: isRefusedMethod ? 405 : error.status,
    headers: {
      'cache-control': 'no-store',
      ...(typeof wait === 'number' && { 'retry-after': String(wait) }),
      ...(isRefusedMethod && { allow: error.allow }),
      ...readableElsewhere,
      ...(error.status === 401 && { 'www-authenticate': challengeOf(error) }),
      // The rest of the body is not read, so the connection can't carry another request.
      ...(error.code === 'TOO_LARGE' && { connection: 'close' }),
    },
  });
}
