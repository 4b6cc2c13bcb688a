import type { HttpBindings } from '@hono/node-server';
import { TRPCError } from '@trpc/server';
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono, type Context as HonoContext } from 'hono';
import { bodyLimit } from 'hono/body-limit';

import type { AppRouter } from '#server/api/app-router.ts';
import { createOpenApiDocument } from '#server/api/openapi.ts';
import { matchRoute, readQuery, restRoutes } from '#server/api/rest.ts';
import type { Health } from '#server/contracts/system-status.ts';
import { AppError, toErrorBody } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { createCallerFactory, toAppError, type Context } from '#server/platform/trpc.ts';

import { isSameOrigin } from './same-origin.ts';

type Env = { Bindings: HttpBindings };

const bodyBytesMax = 1024 * 1024;
/** Files of cameras, from the owner alone: a body is read before a procedure can say who may send it. */
const fileBytesMax = 64 * 1024 * 1024;
const takesFile = /^\/trpc\/feeds\.(?:previewFile|importFile)$/;

interface Options {
  appRouter: AppRouter;
  createContext: (bindings: HttpBindings) => Promise<Context>;
  publicUrl: string | null;
  version: string;
  log: Logger;
}

/** `/trpc/*` and REST under `/api/v1/*` and `/api/*`: the same procedures. */
export function createApiDoors({ appRouter, createContext, publicUrl, version, log }: Options): Hono<Env> {
  const app = new Hono<Env>();
  const routes = restRoutes(appRouter._def.procedures);
  const callerOf = createCallerFactory(appRouter);
  let document: object | null = null;

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
    if (!isSameOrigin(c.req.raw, publicUrl))
      throw new AppError('FORBIDDEN', { message: 'the request comes from a page of another site' });
    await next();
    c.header('cache-control', 'no-store');
  });
  const small = bodyAtMost(bodyBytesMax);
  const large = bodyAtMost(fileBytesMax);
  app.use(async (c, next) => {
    const { actor } = takesFile.test(c.req.path) ? await createContext(c.env) : { actor: null };
    return (actor?.type === 'user' && actor.isOwner ? large : small)(c, next);
  });

  app.all('/trpc/*', (c) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      maxBatchSize: 50,
      createContext: () => createContext(c.env),
    }),
  );

  app.get('/api/openapi.json', (c) => {
    document ??= createOpenApiDocument(appRouter, version);
    return c.json(document);
  });

  const rest = async (c: HonoContext<Env>) => {
    const path = c.req.path.replace(/^\/api(\/v1)?/, '');
    const match = matchRoute(routes, c.req.method === 'HEAD' ? 'GET' : c.req.method, path);
    if (!match) return c.notFound();
    if ('allowed' in match) {
      const allow = match.allowed.join(', ');
      return failed(c, new AppError('BAD_REQUEST', { message: `this address takes ${allow}` }), {
        status: 405,
        headers: { allow },
      });
    }
    const { route, parameters } = match;
    const given =
      route.method === 'GET' || route.method === 'DELETE'
        ? readQuery(new URL(c.req.url).searchParams, route.input)
        : await readBody(c);
    const input = route.input ? { ...given, ...parameters } : undefined;
    const answer: unknown = await callProcedure(callerOf(await createContext(c.env)), route.procedure, input);
    const status =
      route.procedure === 'system.health' && isDown(answer) ? 503 : route.procedure === 'cameras.create' ? 201 : 200;
    return c.json(answer, status);
  };
  app.all('/api/*', rest);
  return app;
}

function bodyAtMost(bytes: number) {
  return bodyLimit({
    maxSize: bytes,
    onError: () => {
      throw new AppError('TOO_LARGE', { message: `a body has ${bytes} bytes at most` });
    },
  });
}

async function callProcedure(caller: object, path: string, input: unknown): Promise<unknown> {
  let step: unknown = caller;
  for (const name of path.split('.')) {
    // Routers and procedures of a caller are proxies: functions that have fields.
    step = typeof step === 'object' || typeof step === 'function' ? Reflect.get(Object(step), name) : undefined;
  }
  if (typeof step !== 'function') throw new AppError('INTERNAL', { message: `procedure ${path} is not there` });
  return Reflect.apply(step, undefined, [input]);
}

async function readBody(c: HonoContext<Env>): Promise<Record<string, unknown>> {
  if (!c.req.header('content-type')?.toLowerCase().startsWith('application/json')) {
    throw new AppError('BAD_REQUEST', { message: 'the body is application/json' });
  }
  let body: unknown;
  try {
    body = JSON.parse(await c.req.text());
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('BAD_REQUEST', { message: 'the body is not JSON', cause });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AppError('BAD_REQUEST', { message: 'the body is a JSON object' });
  }
  return { ...body };
}

function failed(
  c: HonoContext<Env>,
  error: AppError,
  more: { status?: number; headers?: Record<string, string> } = {},
): Response {
  const wait = error.details['retryAfterSeconds'];
  const reference = String(c.env.outgoing.getHeader('x-request-id') ?? '');
  return Response.json(toErrorBody(error, { reference }), {
    status: more.status ?? error.status,
    headers: {
      'cache-control': 'no-store',
      ...(typeof wait === 'number' && { 'retry-after': String(wait) }),
      // The rest of the body is not read, so the connection can't carry another request.
      ...(error.code === 'TOO_LARGE' && { connection: 'close' }),
      ...more.headers,
    },
  });
}

function isDown(answer: unknown): answer is Health {
  return typeof answer === 'object' && answer !== null && 'status' in answer && answer.status === 'down';
}
