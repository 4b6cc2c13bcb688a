import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import type { HttpBindings } from '@hono/node-server';
import type { MiddlewareHandler } from 'hono';

import { codingOf } from './accepted-coding.ts';
import { proceduresOf } from './charges.ts';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** A shorter answer gains nothing. */
const bytesMin = 1024;
/** As fast as gzip, and smaller. */
const brotliQuality = 4;

/** What the pages keep for a reader who has no account: all else that a browser brings may say who it is. */
const namelessCookies = new Set(['locale', 'theme']);

/** Their answers repeat no text of who asks, so that a guess written into the question can't be told by the answer's length. */
const echoless = new Set(['earth.view', 'earth.labels', 'earth.coverage', 'earth.countries']);

/**
 * Answers of the API made smaller, where their length may be known: the length of a compressed answer tells what a guess in the question and a
 * secret in the answer have in common (BREACH). So only for who shows nothing of themselves, which is answered with what everybody may know, and
 * for what repeats nothing of the question.
 */
export const compressedAnswers: MiddlewareHandler<{ Bindings: HttpBindings }> = async (c, next) => {
  await next();
  const coding = c.req.method === 'GET' ? codingOf(c.req.header('accept-encoding')) : null;
  const { res } = c;
  if (coding === null || res.status !== 200 || res.headers.has('content-encoding')) return;
  if (!(res.headers.get('content-type') ?? '').startsWith('application/json')) return;
  if (!isNameless((name) => c.req.header(name)) && !isEcholess(c.req.path)) return;
  // Whole, not as a stream: who turns away in the middle of one leaves a broken compressor behind, and every answer is at hand whole.
  const whole = Buffer.from(await res.arrayBuffer());
  const headers = new Headers(res.headers);
  headers.append('vary', 'accept-encoding');
  headers.delete('content-length');
  if (whole.length >= bytesMin) headers.set('content-encoding', coding);
  // Hono lays the headers of the answer that stands over those of the next.
  c.res = undefined;
  c.res = new Response(whole.length < bytesMin ? whole : await squeeze(whole, coding), { status: 200, headers });
};

async function squeeze(whole: Buffer, coding: 'br' | 'gzip'): Promise<Uint8Array<ArrayBuffer>> {
  const bytes =
    coding === 'br'
      ? await brotli(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality } })
      : await zip(whole);
  return new Uint8Array(bytes);
}

function isNameless(header: (name: string) => string | undefined): boolean {
  if (header('authorization') !== undefined || header('x-api-key') !== undefined) return false;
  return (header('cookie') ?? '')
    .split(';')
    .map((cookie) => cookie.split('=')[0]?.trim() ?? '')
    .every((name) => name === '' || namelessCookies.has(name));
}

function isEcholess(path: string): boolean {
  const procedures = proceduresOf(path);
  return procedures.length > 0 && procedures.every((procedure) => echoless.has(procedure));
}
