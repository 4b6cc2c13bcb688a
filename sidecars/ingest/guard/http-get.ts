import { request, type Dispatcher } from 'undici';

import type { SourceFault } from '#server/contracts/doctor.ts';

import { SourceError } from '../source.ts';
import type { AddressGuard } from './address-guard.ts';
import { httpAuthorization } from './http-authorization.ts';

export interface HttpAnswer {
  status: number;
  headers: Dispatcher.ResponseData['headers'];
  body: Dispatcher.ResponseData['body'];
  /** After redirects, without user and password. */
  url: URL;
}

const redirectsMax = 5;
const userAgent = 'Sensorium/0.1';

/** Parses an address that must be http or https. */
export function httpUrl(address: string, base?: URL): URL {
  const url = URL.parse(address, base);
  if (!url) throw new SourceError('ADDRESS_INVALID', 'the address can not be parsed', { retry: false });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new SourceError('ADDRESS_FORBIDDEN', `${url.protocol} is not allowed here`, { retry: false });
  }
  return url;
}

/** GET through the guard. Follows redirects itself, so that each is parsed and checked; credentials stay with the origin they were given for. */
export async function httpGet(
  address: URL,
  options: {
    guard: AddressGuard;
    signal: AbortSignal;
    headers?: Record<string, string>;
    credentials?: Credentials | null;
  },
): Promise<HttpAnswer> {
  let url = new URL(address);
  const given = options.credentials ?? credentialsOf(url);
  const { origin } = url;
  let challenge: string | null = null;
  for (let step = 0; step <= redirectsMax; step += 1) {
    [url.username, url.password] = ['', ''];
    const credentials = url.origin === origin ? given : null;
    const authorization = httpAuthorization({ credentials, challenge, path: `${url.pathname}${url.search}` });
    const answer = await ask(url, options, authorization);
    const status = answer.statusCode;
    if (status >= 200 && status < 300) return { status, headers: answer.headers, body: answer.body, url };
    if (status === 304) return { status, headers: answer.headers, body: answer.body, url };
    // An unread body would keep its connection.
    answer.body.destroy();
    const location = answer.headers['location'];
    if (status >= 300 && status < 400 && typeof location === 'string') {
      url = httpUrl(location, url);
      continue;
    }
    const asked = [answer.headers['www-authenticate']].flat().find((text) => /^digest\b/i.test(text ?? ''));
    if (status === 401 && credentials && asked && challenge === null) {
      challenge = asked;
      continue;
    }
    throw statusFault(status, credentials !== null);
  }
  throw new SourceError('DATA_INVALID', `more than ${redirectsMax} redirects`, { retry: false });
}

export interface Credentials {
  user: string;
  password: string;
}

export function credentialsOf(url: URL): Credentials | null {
  if (url.username === '' && url.password === '') return null;
  return { user: percentDecoded(url.username), password: percentDecoded(url.password) };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A bare % in a password: taken as it stands.
  }
}

async function ask(
  url: URL,
  options: { guard: AddressGuard; signal: AbortSignal; headers?: Record<string, string> },
  authorization: string | null,
): Promise<Dispatcher.ResponseData> {
  try {
    const answer = await request(url, {
      dispatcher: await options.guard.agent(),
      signal: options.signal,
      headers: { 'user-agent': userAgent, ...options.headers, ...(authorization ? { authorization } : {}) },
    });
    answer.body.on('error', () => {
      // Told to whoever reads; one that is thrown away unread would end the process.
    });
    return answer;
  } catch (cause) {
    throw httpFault(cause);
  }
}

function statusFault(status: number, hadCredentials: boolean): SourceError {
  const fault = (code: SourceFault, retry: boolean) => new SourceError(code, `the server answers ${status}`, { retry });
  switch (status) {
    case 401:
      return fault(hadCredentials ? 'AUTH_REFUSED' : 'AUTH_REQUIRED', false);
    case 403:
      return fault('AUTH_REFUSED', false);
    case 404:
    case 410:
      return fault('NOT_FOUND', true);
    case 429:
    case 503:
      return fault('BUSY', true);
    default:
      return fault(status >= 500 ? 'UNREACHABLE' : 'DATA_INVALID', status >= 500);
  }
}

const tlsCode = /CERT|SIGNATURE|ERR_SSL|ERR_TLS|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** What undici and Node throw, as our word. */
export function httpFault(cause: unknown): SourceError {
  for (let error = cause, depth = 0; error instanceof Error && depth < 4; error = error.cause, depth += 1) {
    if (error instanceof SourceError) return error;
    const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
    const as = (fault: SourceFault, retry = true) => new SourceError(fault, `${fault}: ${code}`, { retry, cause });
    if (tlsCode.test(code)) return as('TLS_INVALID', false);
    if (/TIMEOUT|ETIMEDOUT/.test(code) || error.name === 'TimeoutError') return as('TIMED_OUT');
    if (/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL/.test(code)) return as('UNREACHABLE');
    if (code.startsWith('HPE_')) return as('DATA_INVALID');
    if (/ECONNRESET|EPIPE|UND_ERR_SOCKET|UND_ERR_ABORTED|ABORT_ERR/.test(code)) return as('CLOSED');
  }
  return new SourceError('UNREACHABLE', 'the request failed', { retry: true, cause });
}

/** The pieces of a body as they come. */
export async function* bodyPieces(answer: HttpAnswer): AsyncGenerator<Buffer> {
  try {
    for await (const piece of answer.body) {
      if (piece instanceof Uint8Array) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    }
  } catch (cause) {
    throw httpFault(cause);
  }
}

/** A whole body, bounded. */
export async function readBody(answer: HttpAnswer, bytesMax: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const bytes of bodyPieces(answer)) {
    size += bytes.length;
    if (size > bytesMax) throw new SourceError('DATA_INVALID', `more than ${bytesMax} bytes`, { retry: true });
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
