import type { IncomingMessage, ServerResponse } from 'node:http';

import type { MediaState, Timeline } from '#server/contracts/media-state.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { LookThumbnail } from '#server/streams/service.ts';

/** Readers of any origin may play, and read why they may not. */
export function allowReaders(response: ServerResponse): void {
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader(
    'access-control-expose-headers',
    'content-length, date, etag, retry-after, x-capture-time, x-picture-age, x-request-id',
  );
}

export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'access-control-allow-methods': 'GET, HEAD, OPTIONS',
    'access-control-allow-headers': 'range, if-none-match, prefer',
    'access-control-max-age': '86400',
  });
  response.end();
}

/** The last picture of a source that nobody reads, with its age: it must not pass for the present. */
export function sendLook(
  request: IncomingMessage,
  response: ServerResponse,
  { look, isPublic }: { look: LookThumbnail; isPublic: boolean },
): void {
  const { jpeg, capturedAt, etag } = look;
  const headers = {
    'cache-control': `${isPublic ? 'public' : 'private'}, max-age=5`,
    etag,
    'x-capture-time': capturedAt.toISOString(),
    'x-picture-age': String(Math.max(0, Math.round((Date.now() - capturedAt.getTime()) / 1000))),
  };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': 'image/jpeg', 'content-length': jpeg.length });
  response.end(request.method === 'HEAD' ? undefined : jpeg);
}

export function sendState(request: IncomingMessage, response: ServerResponse, state: MediaState): void {
  sendJson(request, response, state);
}

const rfc3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

const hourMs = 3_600_000;

/** The timeline of a stream that has no log: nothing was recorded, which is no fault. An open end is now, an open beginning an hour before the end. */
export function sendNothingRecorded(request: IncomingMessage, response: ServerResponse, query: string): void {
  const asked = new URLSearchParams(query);
  const to = timeOf(asked.get('to')) ?? new Date();
  const from = timeOf(asked.get('from')) ?? new Date(to.getTime() - hourMs);
  if (to <= from) throw new AppError('BAD_REQUEST', { message: 'the window ends before it begins' });
  const span = { from: from.toISOString(), to: to.toISOString() };
  sendJson(request, response, { ...span, spans: [{ ...span, kind: 'off' }] } satisfies Timeline);
}

/** Null where nothing is asked for. */
function timeOf(text: string | null): Date | null {
  if (text === null || text === '') return null;
  const time = readTime(text);
  if (!time || Number.isNaN(time.getTime()))
    throw new AppError('BAD_REQUEST', { message: 'from and to are RFC 3339 or milliseconds since 1970' });
  return time;
}

function readTime(text: string): Date | null {
  if (/^\d{1,15}$/.test(text)) return new Date(Number(text));
  // A plus that nobody escaped arrives as a blank.
  const repaired = text.replace(/ (\d{2}:\d{2})$/, '+$1');
  return rfc3339.test(repaired) ? new Date(repaired) : null;
}

function sendJson(request: IncomingMessage, response: ServerResponse, value: object): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-cache',
    'content-length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
