import { createHash, randomBytes } from 'node:crypto';

import type { Credentials } from './http-get.ts';

const algorithms = new Map([
  ['MD5', 'md5'],
  ['SHA-256', 'sha256'],
]);

/** The `Authorization` of a request, a GET where nothing else is said: Basic at once, Digest (RFC 7616) after a server asked for it. Null where none can be made. */
export function httpAuthorization(options: {
  credentials: Credentials | null;
  challenge: string | null;
  path: string;
  method?: string;
  cnonce?: string;
}): string | null {
  const { credentials, challenge, path } = options;
  if (!credentials) return null;
  if (challenge === null) {
    return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
  }
  const asked = parameters(challenge);
  const algorithm = asked.get('algorithm') ?? 'MD5';
  const hashName = algorithms.get(algorithm.toUpperCase());
  const [realm, nonce] = [asked.get('realm') ?? '', asked.get('nonce')];
  if (!hashName || nonce === undefined) return null;
  const hash = (text: string) => createHash(hashName).update(text).digest('hex');
  const secret = hash(`${credentials.user}:${realm}:${credentials.password}`);
  const action = hash(`${options.method ?? 'GET'}:${path}`);
  const cnonce = options.cnonce ?? randomBytes(8).toString('hex');
  const count = '00000001';
  const withQop = (asked.get('qop') ?? '').split(',').some((word) => word.trim() === 'auth');
  const response = withQop
    ? hash(`${secret}:${nonce}:${count}:${cnonce}:auth:${action}`)
    : hash(`${secret}:${nonce}:${action}`);
  const quoted = (name: string, value: string) => `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`;
  const opaque = asked.get('opaque');
  return [
    `Digest ${quoted('username', credentials.user)}`,
    quoted('realm', realm),
    quoted('nonce', nonce),
    quoted('uri', path),
    quoted('response', response),
    `algorithm=${algorithm}`,
    ...(withQop ? ['qop=auth', `nc=${count}`, quoted('cnonce', cnonce)] : []),
    ...(opaque === undefined ? [] : [quoted('opaque', opaque)]),
  ].join(', ');
}

function parameters(challenge: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of challenge.matchAll(/([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/gi)) {
    found.set((match[1] ?? '').toLowerCase(), match[2]?.replaceAll(/\\(.)/g, '$1') ?? match[3] ?? '');
  }
  return found;
}
