import type { IncomingMessage } from 'node:http';

import type { ServerEnv } from '#server/platform/env.ts';

import { jwksPath } from './jwks-door.ts';

export type Door = 'api' | 'keys' | 'media' | 'metrics' | 'nothing' | 'picture' | 'web';

/** Operations of ours among next-auth's addresses. */
const authOperations = new Set(['register', 'login', 'refresh', 'password-reset'].map((name) => `/api/auth/${name}`));
/** Pages that are operations when they are posted to. */
export const postedPages: ReadonlyMap<string, string> = new Map([
  ['/login', '/auth/login'],
  ['/signup', '/auth/register'],
  ['/password-reset', '/auth/password-reset'],
]);

/** Who answers an address. */
export function doorOf(path: string, method: string): Door {
  if (path.startsWith('/media/')) return 'media';
  if (path === '/mcp' || path.startsWith('/trpc/')) return 'api';
  if (method === 'POST' && postedPages.has(path)) return 'api';
  if (path.startsWith('/pictures/')) return 'picture';
  if (path === '/metrics') return 'metrics';
  if (path === jwksPath) return 'keys';
  // Of the processes among themselves.
  if (path.startsWith('/internal/')) return 'nothing';
  // next-auth's own addresses are pages of web.
  if (path.startsWith('/api/auth/'))
    return (method === 'POST' || method === 'OPTIONS') && authOperations.has(path) ? 'api' : 'web';
  return path.startsWith('/api/') ? 'api' : 'web';
}

export function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0] ?? '';
}

const plainPath = /^(?:\/[\w-][\w.,-]*)*$/;

/**
 * An address as the doors behind read it, whatever it was written like: they decode, resolve dots and leave slashes out, so what counts by an address
 * must count all of its spellings.
 */
export function canonicalPath(path: string): string {
  if (plainPath.test(path)) return path;
  // An absolute address as a proxy is sent one; anything else begins with a slash.
  const address = path.startsWith('/') ? `http://house${path}` : path;
  const resolved = URL.canParse(address) ? new URL(address).pathname : path;
  return decoded(resolved)
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(.)\/$/, '$1');
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // What does not decode is no address of ours further in either.
  }
}

/** HTTP/2 has it among the pseudo headers. */
export function hostOf(request: IncomingMessage): string {
  const authority = request.headers[':authority'];
  return request.headers.host ?? (typeof authority === 'string' ? authority : '');
}

/** Only a proxy of ours is believed about the outside. */
export function forwarded(request: IncomingMessage, name: string, env: ServerEnv): string | undefined {
  const value = env.TRUSTED_PROXIES > 0 ? request.headers[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
