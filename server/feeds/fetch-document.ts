import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import type { Dispatcher } from 'undici';

import { feedFaultSentence } from '#server/contracts/feed-fault.ts';
import { AddressForbidden } from '#server/platform/public-agent.ts';

import { FeedFault } from './feed-fault.ts';
import type { HostTurns } from './host-turns.ts';

export const userAgent = 'Sensorium/0.1 (self-hosted camera map; reads open data lists)';
const redirectsMax = 5;
const retriesMax = 2;
const retryAfterMsMax = 60_000;

/** What a server said of the document that it sent last. */
export interface Validators {
  etag: string | null;
  lastModified: string | null;
}

export interface Fetched extends Validators {
  bytes: Uint8Array;
}

export interface FetchLimits {
  /** After decompression. */
  bytesMax: number;
  /** A try as a whole. */
  withinMs: number;
  /** Before the first retry; the next waits longer. */
  retryMs: number;
}

export interface FetchOptions {
  agent: Dispatcher;
  turns: HostTurns;
  limits: FetchLimits;
  signal: AbortSignal;
  headers?: Record<string, string>;
  known?: Validators | null;
}

/** Reads a document politely. Null: it is the one that `known` describes. Throws FeedFault, or the signal's reason. */
export async function fetchDocument(address: string, options: FetchOptions): Promise<Fetched | null> {
  const { limits, signal } = options;
  const policy = retry(
    handleWhen((error) => error instanceof FeedFault && error.retry && !signal.aborted),
    {
      maxAttempts: retriesMax,
      backoff: new DelegateBackoff(({ attempt, result }) => {
        const asked = 'error' in result && result.error instanceof FeedFault ? result.error.retryAfterMs : null;
        return asked ?? limits.retryMs * 3 ** (attempt - 1) * (0.75 + Math.random() / 2);
      }),
    },
  );
  return policy.execute(async () => {
    signal.throwIfAborted();
    const url = new URL(address);
    return options.turns.take(url.host, signal, () => readOnce(url, options));
  }, signal);
}

async function readOnce(start: URL, options: FetchOptions): Promise<Fetched | null> {
  const deadline = AbortSignal.timeout(options.limits.withinMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    let url = start;
    for (let step = 0; step <= redirectsMax; step += 1) {
      const answer = await ask(url, options, signal);
      const location = answer.headers['location'];
      if (answer.statusCode >= 300 && answer.statusCode < 400 && answer.statusCode !== 304 && location !== undefined) {
        answer.body.destroy();
        url = followed(url, String(location));
        continue;
      }
      return await take(answer, options.limits.bytesMax);
    }
    throw new FeedFault('REFUSED', feedFaultSentence('REDIRECTS', { about: redirectsMax }));
  } catch (error) {
    options.signal.throwIfAborted();
    throw faultOf(error, deadline.aborted);
  }
}

async function ask(url: URL, options: FetchOptions, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  const { request } = await import('undici');
  const { known } = options;
  const answer = await request(url, {
    dispatcher: options.agent,
    signal,
    headers: {
      'user-agent': userAgent,
      accept: 'application/json, application/geo+json, application/xml, text/xml, */*;q=0.5',
      'accept-encoding': 'gzip, br, deflate',
      ...(known?.etag ? { 'if-none-match': known.etag } : {}),
      ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
      ...options.headers,
    },
  });
  answer.body.on('error', () => {
    // Told to whoever reads; one that is thrown away unread would end the process.
  });
  return answer;
}

function followed(from: URL, location: string): URL {
  const url = URL.parse(location, from);
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:');
  if (!url || !isWeb || url.username !== '') throw new FeedFault('ADDRESS_FORBIDDEN', feedFaultSentence('REDIRECTED'));
  return url;
}

async function take(answer: Dispatcher.ResponseData, bytesMax: number): Promise<Fetched | null> {
  const { statusCode: status, headers, body } = answer;
  if (status === 304) {
    await body.dump();
    return null;
  }
  if (status !== 200) {
    body.destroy();
    throw statusFault(status, headers['retry-after']);
  }
  if (Number(headers['content-length'] ?? 0) > bytesMax) {
    body.destroy();
    throw tooLarge(bytesMax);
  }
  const bytes = await decoded(body, String(headers['content-encoding'] ?? ''), bytesMax);
  const text = (name: string) => (typeof headers[name] === 'string' ? headers[name] : null);
  return { bytes, etag: text('etag'), lastModified: text('last-modified') };
}

function statusFault(status: number, retryAfter: string | string[] | undefined): FeedFault {
  const said = feedFaultSentence('STATUS', { about: status });
  if (status === 429 || status === 503) {
    const seconds = Number(retryAfter);
    const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : null;
    return new FeedFault('BUSY', said, { retry: (retryAfterMs ?? 0) <= retryAfterMsMax, retryAfterMs });
  }
  if (status >= 500 || status === 408) return new FeedFault('UNREACHABLE', said, { retry: true });
  return new FeedFault('REFUSED', said);
}

async function decoded(body: Dispatcher.ResponseData['body'], encoding: string, bytesMax: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  // As it comes: a small answer can unpack to a large one.
  const gather = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      length += chunk.length;
      if (length > bytesMax) throw tooLarge(bytesMax);
      chunks.push(chunk);
    }
  };
  switch (encoding.trim().toLowerCase()) {
    case '':
    case 'identity':
      await pipeline(body, gather);
      break;
    case 'gzip':
    case 'x-gzip':
      await pipeline(body, createGunzip(), gather);
      break;
    case 'deflate':
      await pipeline(body, createInflate(), gather);
      break;
    case 'br':
      await pipeline(body, createBrotliDecompress(), gather);
      break;
    default:
      body.destroy();
      throw new FeedFault('DAMAGED', feedFaultSentence('PACKED'));
  }
  return Buffer.concat(chunks);
}

function tooLarge(bytesMax: number): FeedFault {
  return new FeedFault('TOO_LARGE', feedFaultSentence('LARGER', { about: Math.round(bytesMax / 1_048_576) }));
}

function faultOf(error: unknown, late: boolean): FeedFault {
  if (error instanceof FeedFault) return error;
  if (late) return new FeedFault('TIMED_OUT', feedFaultSentence('LATE'), { retry: true, cause: error });
  if (error instanceof AddressForbidden) return new FeedFault('ADDRESS_FORBIDDEN', error.message, { cause: error });
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
    return new FeedFault('DAMAGED', feedFaultSentence('BROKEN'), { retry: true, cause: error });
  if (code.includes('TIMEOUT')) return new FeedFault('TIMED_OUT', feedFaultSentence('LATE'), { retry: true });
  return new FeedFault('UNREACHABLE', feedFaultSentence('UNREACHED'), { retry: true, cause: error });
}
