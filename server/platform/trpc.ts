import { initTRPC, TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import superjson from 'superjson';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { ZodError } from 'zod';

import type { ErrorBody, ErrorCode } from '#server/contracts/error-code.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { Permission, ProcedureAccess } from '#server/contracts/permissions.ts';

import { AppError, isAppError, toErrorBody } from './app-error.ts';
import { withChangeNote, type ChangeNote } from './change-note.ts';
import { inputFaults } from './input-faults.ts';
import type { Logger } from './log.ts';
import { holdsUnstorableText } from './storable-text.ts';

/** What every procedure knows of the call. */
export interface Context {
  actor: Actor;
  /** `http` and `socket`: from outside; `inProcess`: from a page of ours on the server. */
  door: 'http' | 'socket' | 'inProcess';
  requestId: string;
  /** Of the person, as far as the proxies in front are believed; null in process without a request. */
  ip: string | null;
  userAgent: string | null;
  log: Logger;
  /** Whether the actor holds the permission for everything; `some`: for anything at all, and what for, the service asks. */
  may: (permission: Permission, of: 'everything' | 'some') => boolean;
  /** Appends to the audit log. A write is not answered before it is written down. */
  audit: (entry: AuditNote) => Promise<void>;
  /** Adds a cookie to the answer; null where there is no answer of HTTP. */
  setCookie: ((cookie: AnswerCookie) => void) | null;
  /** Resolves when the connection takes more of what is told piece by piece. */
  takesMore?: (() => Promise<void>) | undefined;
}

/** Something that was done or refused, by the actor of the call. */
export interface AuditNote extends ChangeNote {
  /** The procedure, or a word for what happened: `session.failed`. */
  action: string;
  outcome: 'done' | 'refused';
}

/** HttpOnly, SameSite=Lax, Secure where the house is reached by TLS. `maxAgeSeconds` 0 takes it away. */
export interface AnswerCookie {
  name: string;
  value: string;
  path: string;
  maxAgeSeconds: number;
}

/** What REST says of a procedure besides its address. */
export interface RestMark {
  /** Of success, where it is not 200: made, or begun and not done yet. */
  status?: 201 | 202;
  /** Where the answer itself says under which status it travels. */
  statusOf?: (answer: unknown) => 200 | 503;
  /** Takes whole files. Who may not call it sends no such body. */
  takesFile?: true;
}

/** What stands at every procedure besides its REST address. */
interface ProcedureMeta extends OpenApiMeta {
  rest?: RestMark;
  /** Who it is for; a test refuses a procedure that does not say. */
  access?: ProcedureAccess;
  /** A mutation that changes nothing and is left out of the audit log: it only measures, previews or renews. */
  unaudited?: true;
  /** By nobody who is signed in it is written down only where a service noted a change: else anybody could fill the audit log with calls that do nothing. */
  auditedChanges?: true;
}

const trpcCode = {
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHENTICATED: 'UNAUTHORIZED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  // tRPC has no word for gone; the body's code says it.
  GONE: 'NOT_FOUND',
  TOO_LARGE: 'PAYLOAD_TOO_LARGE',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
  INTERNAL: 'INTERNAL_SERVER_ERROR',
  BAD_GATEWAY: 'BAD_GATEWAY',
  UNAVAILABLE: 'SERVICE_UNAVAILABLE',
  TIMED_OUT: 'GATEWAY_TIMEOUT',
} as const satisfies Record<ErrorCode, TRPC_ERROR_CODE_KEY>;

const appCodes: Partial<Record<TRPC_ERROR_CODE_KEY, ErrorCode>> = {
  PARSE_ERROR: 'BAD_REQUEST',
  METHOD_NOT_SUPPORTED: 'BAD_REQUEST',
  UNSUPPORTED_MEDIA_TYPE: 'BAD_REQUEST',
  BAD_REQUEST: 'BAD_REQUEST',
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
  PAYLOAD_TOO_LARGE: 'TOO_LARGE',
  TOO_MANY_REQUESTS: 'TOO_MANY_REQUESTS',
};

/** What went wrong in a procedure, in the house's words, whatever threw it. */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (isTrpcError(error)) {
    if (isAppError(error.cause)) return error.cause;
    if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) {
      return new AppError('BAD_REQUEST', {
        message: 'the request does not have the right shape',
        details: { fields: inputFaults(error.cause) },
        cause: error,
      });
    }
    const code = appCodes[error.code];
    if (code) return new AppError(code, { message: error.message, cause: error });
  }
  return new AppError('INTERNAL', { message: 'unexpected fault', cause: error });
}

/** By its name, as below: pages load the library more than once. */
function isTrpcError(error: unknown): error is TRPCError {
  return error instanceof TRPCError || (error instanceof Error && error.name === 'TRPCError' && 'code' in error);
}

export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: trpcCode[error.code], message: error.message, cause: error });
}

const t = initTRPC
  .context<Context>()
  .meta<ProcedureMeta>()
  .create({
    transformer: superjson,
    errorFormatter({ shape, error, ctx }) {
      const body: ErrorBody['error'] = toErrorBody(toAppError(error), { reference: ctx?.requestId ?? '' }).error;
      // The stack tRPC adds outside production stays in the log.
      const { httpStatus, path } = shape.data;
      return {
        message: body.message,
        code: shape.code,
        data: { code: shape.data.code, httpStatus, path, error: body },
      };
    },
  });

export const router = t.router;

/** Who calls in process and reads on may give no signal: they stop by returning. */
export const neverAborted = (): AbortSignal => new AbortController().signal;
export const createCallerFactory = t.createCallerFactory;

/** Translates what services throw, and writes faults of ours to the log under the reference that the caller is told. */
const translated = t.procedure.use(async ({ next, ctx, path, type }) => {
  // Nobody would look again at who reads an answer of HTTP that goes on.
  if (type === 'subscription' && ctx.door === 'http')
    throw toTrpcError(new AppError('BAD_REQUEST', { message: `${path} is told over the WebSocket at /trpc` }));
  const result = await next();
  if (!result.ok) throw translate(result.error, ctx, path);
  return isAsyncIterable(result.data) ? { ...result, data: toldBy(result.data, ctx, path) } : result;
});

function translate(thrown: unknown, ctx: Context, path: string): TRPCError {
  const error = toAppError(thrown);
  if (error.status >= 500) {
    ctx.log.error(
      { action: path, requestId: ctx.requestId, code: error.code, error: error.cause ?? error },
      error.message,
    );
  }
  return toTrpcError(error);
}

function isAsyncIterable(data: unknown): data is AsyncIterable<unknown> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

/** No faster than it is read. */
async function* toldBy(items: AsyncIterable<unknown>, ctx: Context, path: string): AsyncGenerator {
  try {
    for await (const item of items) {
      yield item;
      await ctx.takesMore?.();
    }
  } catch (error) {
    throw translate(error, ctx, path);
  }
}

/** Every write, done or refused, goes into the audit log with what its service noted. */
const audited = translated.use(async ({ next, ctx, path, type, meta }) => {
  if (type !== 'mutation' || meta?.unaudited) return next();
  const { value: result, note } = await withChangeNote(() => next());
  if (result.ok && meta?.auditedChanges && ctx.actor.type !== 'user' && !note.object) return result;
  if (result.ok) await ctx.audit({ ...note, action: path, outcome: 'done' });
  else if (ctx.actor.type !== 'anonymous' && toAppError(result.error).code === 'FORBIDDEN')
    await ctx.audit({ ...note, action: path, outcome: 'refused' });
  return result;
});

/** By which a look ends: they write nothing of the person who is looked at. */
const waysOutOfViews = new Set(['identity.signOut', 'passkeys.signInOptions']);

/** Who looks at the house as somebody else only looks. */
const guarded = audited.use(({ ctx, next, type, path }) => {
  const isView = ctx.actor.type === 'user' && ctx.actor.viewedBy !== null;
  if (type === 'mutation' && isView && !waysOutOfViews.has(path))
    throw new AppError('FORBIDDEN', {
      message: 'who views as somebody else changes nothing',
      details: { reason: 'viewAs' },
    });
  return next();
});

/** Text that the database would refuse is refused here, in words, for every procedure and every field. */
const readable = guarded.use(async ({ getRawInput, next }) => {
  if (holdsUnstorableText(await getRawInput()))
    throw new AppError('BAD_REQUEST', {
      message: 'text holds U+0000 or half a surrogate pair, which no field takes',
      details: { reason: 'text' },
    });
  return next();
});

/** Anybody; the service decides what they see. */
export const publicProcedure = readable.meta({ access: 'public' });

/** Somebody who is signed in, over what is their own. A key or token that was narrowed to other things is not for this. */
export const accountProcedure = readable.meta({ access: 'account' }).use(({ ctx, next }) => {
  if (ctx.actor.type !== 'user') throw new AppError('UNAUTHENTICATED', { message: 'nobody is signed in' });
  const { scope } = ctx.actor;
  if (scope && !(scope.permissions.includes('*') && scope.objects === null))
    throw new AppError('FORBIDDEN', {
      message: 'a narrowed key or token is not for the account itself',
      details: { reason: 'ownHands' },
    });
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});

/** Whoever holds `permission` for everything. */
export function permitted(permission: Permission) {
  return allowing(permission, 'everything');
}

/** Whoever holds `permission` if only for a thing of their own: the service must ask again for the thing itself. */
export function permittedForSome(permission: Permission) {
  return allowing(permission, 'some');
}

function allowing(permission: Permission, of: 'everything' | 'some') {
  return readable.meta({ access: permission }).use(({ ctx, next, path }) => {
    if (ctx.may(permission, of)) return next();
    if (ctx.actor.type === 'user') throw new AppError('FORBIDDEN', { message: `${path} needs ${permission}` });
    throw new AppError('UNAUTHENTICATED', { message: `${path} needs somebody signed in who holds ${permission}` });
  });
}
