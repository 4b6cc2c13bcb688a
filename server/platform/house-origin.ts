import type { ServerEnv } from './env.ts';

/**
 * Where this house is reached, without a slash at its end: what links in mails, tokens and passkeys name. By the operator's word or by our own port;
 * never by what a request says of itself, which anybody may write.
 */
export function houseOrigin(env: Pick<ServerEnv, 'PUBLIC_URL' | 'PUBLIC_PORT' | 'PORT' | 'TLS_CERT'>): string {
  const own = `${env.TLS_CERT === undefined ? 'http' : 'https'}://localhost:${env.PUBLIC_PORT ?? env.PORT}`;
  return (env.PUBLIC_URL ?? own).replace(/\/+$/, '');
}
