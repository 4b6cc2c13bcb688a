import type { IncomingMessage, ServerResponse } from 'node:http';

import { isAppError, toErrorBody, type AppError } from '#server/platform/app-error.ts';

/**
 * A browser writes every 404 and 503 into its console, also where the page knows what they mean and simply asks again.
 * Whoever says so (RFC 7240, `respond-async`) hears of a picture that is not there yet with 202 instead.
 */
export const prefersLater = (request: IncomingMessage): boolean =>
  /\brespond-async\b/.test(String(request.headers['prefer']));

/** What may be different in a moment. */
export const isForNow = (error: unknown): error is AppError =>
  isAppError(error) && (error.code === 'UNAVAILABLE' || error.code === 'NOT_FOUND');

/** The body is the one of the fault that it would have been. */
export function sendLater(request: IncomingMessage, response: ServerResponse, error: AppError): void {
  const body = Buffer.from(
    JSON.stringify(toErrorBody(error, { reference: String(response.getHeader('x-request-id') ?? '') })),
  );
  const { retryAfterSeconds } = error.details;
  response.writeHead(202, {
    'preference-applied': 'respond-async',
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'content-length': body.length,
    ...(typeof retryAfterSeconds === 'number' && { 'retry-after': String(retryAfterSeconds) }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
