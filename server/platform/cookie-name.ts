import type { ServerEnv } from './env.ts';

/** Whether browsers reach the house over TLS: by its own certificate, or by a proxy in front, whose address PUBLIC_URL is. */
export function isReachedByTls(env: Pick<ServerEnv, 'TLS_CERT' | 'PUBLIC_URL'>): boolean {
  return env.TLS_CERT !== undefined || env.PUBLIC_URL?.startsWith('https:') === true;
}

/**
 * What a cookie is called in the browser. Over TLS its name makes the browser refuse one that came over an open line or, where it counts for every
 * path, from another host of the domain (RFC 6265bis §4.1.3): nobody beside us plants a session. No other name is read then.
 */
export function cookieName(name: string, { tls, path }: { tls: boolean; path: string }): string {
  if (!tls) return name;
  return `${path === '/' ? '__Host-' : '__Secure-'}${name}`;
}
