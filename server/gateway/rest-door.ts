import { createHash } from 'node:crypto';

import type { HttpBindings } from '@hono/node-server';
import type { Context as HonoContext } from 'hono';

import type { AppRouter } from '#server/api/app-router.ts';
import type { Answer, IdempotentAnswers } from '#server/api/idempotency/service.ts';
import { matchRoute, readQuery, restAnswer, type RestRoute } from '#server/api/rest.ts';
import { AppError } from '#server/platform/app-error.ts';
import { createCallerFactory, type Context } from '#server/platform/trpc.ts';

import { postedPages } from './request-facts.ts';

type Env = { Bindings: HttpBindings };

interface Options {
  appRouter: AppRouter;
  routes: readonly RestRoute[];
  createContext: (bindings: HttpBindings) => Promise<Context>;
  idempotent: Pick<IdempotentAnswers, 'once'>;
}

/** The operations of the OpenAPI document. */
export function createRestDoor({ appRouter, routes, createContext, idempotent }: Options) {
  const callerOf = createCallerFactory(appRouter);

  return async (c: HonoContext<Env>): Promise<Response> => {
    const { method } = c.req;
    const path = postedPages.get(c.req.path) ?? c.req.path.replace(/^\/api(\/v1)?/, '');
    const match = matchRoute(routes, method === 'HEAD' ? 'GET' : method, path);
    if (!match) throw new AppError('NOT_FOUND', { message: 'no such address' });
    if ('allowed' in match) throw new MethodRefused(allowedOf(match.allowed));
    const { route, parameters } = match;
    const { given, body } = await read(c, route);
    const input = route.input ? { ...given, ...parameters } : undefined;
    const context = await createContext(c.env);
    const work = async (): Promise<Answer> => {
      const answer: unknown = await callProcedure(callerOf(context), route.procedure, input);
      return restAnswer(route, answer);
    };
    const key = c.req.header('idempotency-key');
    if (method !== 'POST' || key === undefined) return send(c, await work());
    const asked = { key, actor: context.actor, ip: context.ip, path: c.req.path, body };
    const { replayed, ...answer } = await idempotent.once(asked, work);
    return send(c, answer, replayed ? { 'idempotency-replayed': 'true' } : {});
  };
}

/** Another method is asked for than the address takes: 405. */
export class MethodRefused extends AppError {
  readonly allow: string;
  constructor(allow: string) {
    super('BAD_REQUEST', { message: `this address takes ${allow}` });
    this.allow = allow;
  }
}

/** HEAD is answered wherever GET is, OPTIONS everywhere. */
export function allowedOf(methods: readonly string[]): string {
  return [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))), 'OPTIONS'].join(
    ', ',
  );
}

/** The weak validator of an answer: the same as long as it says the same. */
function etagOf(text: string): string {
  return `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
}

function send(c: HonoContext<Env>, { status, body }: Answer, more: Record<string, string> = {}): Response {
  if (body === null) return new Response(null, { status, headers: more });
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)), ...more };
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!isRead || status !== 200) return new Response(c.req.method === 'HEAD' ? null : text, { status, headers });
  const etag = etagOf(text);
  const validated = { etag, 'cache-control': 'private, no-cache', vary: 'authorization, cookie, x-api-key' };
  if (isKnown(c.req.header('if-none-match'), etag)) return new Response(null, { status: 304, headers: validated });
  return new Response(c.req.method === 'HEAD' ? null : text, { status, headers: { ...headers, ...validated } });
}

/** If-None-Match compares weakly (RFC 9110 §13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const bare = (tag: string) => tag.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((tag) => bare(tag) === bare(etag));
}

async function read(c: HonoContext<Env>, route: RestRoute): Promise<{ given: Record<string, unknown>; body: string }> {
  if (route.method === 'GET') return { given: readQuery(new URL(c.req.url).searchParams, route.input), body: '' };
  const body = await c.req.text();
  if (route.method === 'DELETE') {
    if (!/^\s*(?:\{\s*\}\s*)?$/.test(body))
      throw new AppError('BAD_REQUEST', { message: 'the address alone says what is removed: a body is not read' });
    return { given: readQuery(new URL(c.req.url).searchParams, route.input), body: '' };
  }
  const type = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (route.takesForm && type === 'application/x-www-form-urlencoded')
    return { given: readQuery(new URLSearchParams(body), route.input), body };
  // An operation that takes nothing from its body needs none.
  if (body === '' && type !== 'application/json') return { given: {}, body };
  if (type !== 'application/json')
    throw new AppError('BAD_REQUEST', {
      message: route.takesForm ? 'the body is application/json or a form' : 'the body is application/json',
    });
  return { given: parseObject(body), body };
}

function parseObject(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', { message: 'the body is not JSON', cause });
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AppError('BAD_REQUEST', { message: 'the body is a JSON object' });
  return { ...body };
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
