import type { IncomingMessage, ServerResponse } from 'node:http';

import { errorText } from './error-text.ts';

/** Readers of any origin may play; `Content-Length` and dates are what players look at. */
const cors = [
  'access-control-allow-origin',
  '*',
  'access-control-expose-headers',
  'content-length, date, etag, retry-after, x-capture-time',
];
export const playlistType = 'application/vnd.apple.mpegurl';

export interface Reply {
  type: string;
  /** `cache-control` */
  caching: string;
  etag?: string;
  encoding?: 'gzip';
  /** Names and values of further headers. */
  headers?: string[];
}

export function headersOf(reply: Reply): string[] {
  const headers = [...cors, 'content-type', reply.type, 'cache-control', reply.caching];
  if (reply.etag) headers.push('etag', reply.etag);
  if (reply.type === playlistType) headers.push('vary', 'accept-encoding');
  if (reply.encoding) headers.push('content-encoding', reply.encoding);
  if (reply.headers) headers.push(...reply.headers);
  return headers;
}

export function sendNotModified(response: ServerResponse, reply: Reply): void {
  response.writeHead(304, headersOf(reply));
  response.end();
}

/** 200 with one or several buffers, or 304 where the client has them. Buffers are shared, never copied. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  body: Buffer | readonly Buffer[],
): void {
  if (reply.etag && request.headers['if-none-match'] === reply.etag) return sendNotModified(response, reply);
  const headers = headersOf(reply);
  const buffers = Buffer.isBuffer(body) ? [body] : body;
  const length =
    buffers.length === 1 ? (buffers[0]?.length ?? 0) : buffers.reduce((sum, buffer) => sum + buffer.length, 0);
  headers.push('content-length', String(length));
  response.writeHead(200, headers);
  if (request.method === 'HEAD' || buffers.length === 1) {
    response.end(buffers[0]);
    return;
  }
  response.cork();
  for (const buffer of buffers) response.write(buffer);
  response.end();
}

export function refuse(response: ServerResponse, status: number, message: string, retryAfterSeconds?: number): void {
  if (response.headersSent || response.destroyed) return;
  const body = errorText(status, message);
  const headers = [
    ...cors,
    'content-type',
    'application/json',
    'cache-control',
    'no-store',
    'content-length',
    String(Buffer.byteLength(body)),
  ];
  if (retryAfterSeconds !== undefined) headers.push('retry-after', String(retryAfterSeconds));
  response.writeHead(status, headers);
  response.end(body);
}

/** Not yet, which is no fault to who asks again by itself (RFC 7240, `respond-async`). */
export function postpone(response: ServerResponse, retryAfterSeconds: number): void {
  if (response.headersSent || response.destroyed) return;
  const wait = ['retry-after', String(retryAfterSeconds), 'preference-applied', 'respond-async'];
  response.writeHead(202, [...cors, ...wait, 'cache-control', 'no-store', 'content-length', '0']);
  response.end();
}

export function preflight(response: ServerResponse): void {
  response.writeHead(204, [
    ...cors,
    'access-control-allow-methods',
    'GET, HEAD, OPTIONS',
    'access-control-allow-headers',
    'range, if-none-match',
    'access-control-max-age',
    '86400',
  ]);
  response.end();
}
