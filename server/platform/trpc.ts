import { initTRPC, TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server/rpc';
import superjson from 'superjson';
import type { OpenApiMeta } from 'trpc-to-openapi';
import { ZodError } from 'zod';

import type { ErrorBody, ErrorCode } from '#server/contracts/error-code.ts';
import type { Actor } from '#server/contracts/identity.ts';

import { AppError, toErrorBody } from './app-error.ts';
import type { Logger } from './log.ts';

/** What every procedure knows of the call. */
export interface Context {
  actor: Actor;
  /** `http`: from outside; `inProcess`: from a page of ours on the server. */
  door: 'http' | 'inProcess';
  requestId: string;
  /** Of the person, as far as the proxies in front are believed; null in process without a request. */
  ip: string | null;
  userAgent: string | null;
  log: Logger;
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
  if (error instanceof AppError) return error;
  if (error instanceof TRPCError) {
    if (error.cause instanceof AppError) return error.cause;
    if (error.code === 'BAD_REQUEST' && error.cause instanceof ZodError) {
      const fields = error.cause.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
      return new AppError('BAD_REQUEST', {
        message: 'the request does not have the right shape',
        details: { fields },
        cause: error,
      });
    }
    const code = appCodes[error.code];
    if (code) return new AppError(code, { message: error.message, cause: error });
  }
  return new AppError('INTERNAL', { message: 'unexpected fault', cause: error });
}

export function toTrpcError(error: AppError): TRPCError {
  return new TRPCError({ code: trpcCode[error.code], message: error.message, cause: error });
}

const t = initTRPC
  .context<Context>()
  .meta<OpenApiMeta>()
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
export const createCallerFactory = t.createCallerFactory;

/** Translates what services throw, and writes faults of ours to the log under the reference that the caller is told. */
const translated = t.procedure.use(async ({ next, ctx, path }) => {
  const result = await next();
  if (result.ok) return result;
  const error = toAppError(result.error);
  if (error.status >= 500) {
    ctx.log.error(
      { action: path, requestId: ctx.requestId, code: error.code, error: error.cause ?? error },
      error.message,
    );
  }
  throw toTrpcError(error);
});

/** Anybody; the service decides what they see. */
export const publicProcedure = translated;

/** Somebody who is signed in. */
export const userProcedure = translated.use(({ ctx, next }) => {
  if (ctx.actor.type !== 'user') throw new AppError('UNAUTHENTICATED', { message: 'nobody is signed in' });
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});

/** The owner of this house. */
export const ownerProcedure = userProcedure.use(({ ctx, next, path }) => {
  if (!ctx.actor.isOwner) throw new AppError('FORBIDDEN', { message: `${path} is for the owner` });
  return next({ ctx });
});
