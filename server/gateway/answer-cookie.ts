import { cookieName } from '#server/platform/cookie-name.ts';
import type { AnswerCookie } from '#server/platform/trpc.ts';

const valueForm = /^[\w.~+/=%-]*$/;

/** As RFC 6265 writes it. Scripts never read it, other sites' forms do not send it, and over TLS it stays there. */
export function serializeCookie({ name, value, path, maxAgeSeconds }: AnswerCookie, { tls }: { tls: boolean }): string {
  if (!valueForm.test(value)) throw new Error(`the value of cookie ${name} wants encoding`);
  return [
    `${cookieName(name, { tls, path })}=${value}`,
    `Path=${path}`,
    `Max-Age=${maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(tls ? ['Secure'] : []),
  ].join('; ');
}
