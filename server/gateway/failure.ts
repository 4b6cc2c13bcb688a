import type { IncomingMessage, ServerResponse } from 'node:http';

import { toErrorBody } from '#server/platform/app-error.ts';
import type { Logger } from '#server/platform/log.ts';
import { toAppError } from '#server/platform/trpc.ts';

import { challengeOf, readableElsewhere } from './api-origins.ts';
import { dataPolicy } from './policy.ts';
import { pathOf, type Door } from './request-facts.ts';
import { waitingPage } from './waiting-page.ts';

interface Failure {
  cause: unknown;
  door: Door;
  log: Logger;
  requestId: string;
  /** Of the page's policy. */
  nonce: string;
}

/** Tells whoever asks what went wrong before an answer was made. */
export function answerFailure(
  request: IncomingMessage,
  response: ServerResponse,
  { cause, door, log, requestId, nonce }: Failure,
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
  if (error.status === 401) response.setHeader('www-authenticate', challengeOf(error));
  if (door === 'api') for (const [name, value] of Object.entries(readableElsewhere)) response.setHeader(name, value);
  if (typeof wait === 'number') response.setHeader('retry-after', wait);
  else if (error.status >= 500) response.setHeader('retry-after', 2);
  // What is left of a refused body is not read, so the connection can't carry another request.
  if (!request.complete && request.httpVersionMajor === 1) response.setHeader('connection', 'close');
  if (door === 'web' && error.status >= 502 && request.headers.accept?.includes('text/html')) {
    response
      .writeHead(503, { 'content-type': 'text/html; charset=utf-8' })
      .end(waitingPage(request.headers['accept-language'], nonce));
    return;
  }
  response.setHeader('content-security-policy', dataPolicy);
  response.writeHead(error.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(toErrorBody(error, { reference: requestId })));
}
