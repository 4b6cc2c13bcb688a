import { SourceError } from '../source.ts';
import type { Credentials } from './authorization.ts';

/** An address taken apart: what goes on the wire carries no credentials. */
export interface RtspAddress {
  isSecure: boolean;
  host: string;
  port: number;
  /** The request URI: the address as given, without credentials and fragment. */
  uri: string;
  credentials: Credentials | null;
}

export function readRtspAddress(text: string): RtspAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // The text may hold a password: it appears in no message.
    throw new SourceError('ADDRESS_INVALID', 'the address is not a URL', { retry: false });
  }
  const isSecure = url.protocol === 'rtsps:';
  if ((!isSecure && url.protocol !== 'rtsp:') || url.hostname === '') {
    throw new SourceError('ADDRESS_INVALID', `not an RTSP address: ${url.protocol}`, { retry: false });
  }
  const user = decode(url.username);
  const password = decode(url.password);
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    isSecure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (isSecure ? 322 : 554),
    uri: url.pathname === '' ? `${url.protocol}//${url.host}/${url.search}` : url.href,
    credentials: user === '' && password === '' ? null : { user, password },
  };
}

/**
 * Where a redirection leads. The credentials go along only to the same host, and never from TLS to plain text: a hijacked
 * camera could collect passwords otherwise.
 */
export function followRedirect(from: RtspAddress, location: string): RtspAddress {
  const to = readRtspAddress(URL.canParse(location) ? location : resolveControl(from.uri, location));
  if (to.credentials) return to;
  const isSameHost = to.host.toLowerCase() === from.host.toLowerCase();
  return { ...to, credentials: isSameHost && (to.isSecure || !from.isSecure) ? from.credentials : null };
}

/** The URI of an `a=control` (RFC 2326 C.1.1), joined as cameras mean it: appended, even behind a query. */
export function resolveControl(base: string, control: string | undefined): string {
  if (control === undefined || control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return withoutCredentials(control);
  if (control.startsWith('?')) return base + control;
  return `${base.replace(/\/$/, '')}/${control.replace(/^\//, '')}`;
}

/** The address that controls are relative to (RFC 2326 C.1.1). */
export function describeBase(
  uri: string,
  contentBase: string | undefined,
  contentLocation: string | undefined,
): string {
  const given = contentBase || contentLocation;
  if (!given) return uri;
  return /^rtsps?:\/\//i.test(given) ? withoutCredentials(given) : resolveControl(uri, given);
}

function withoutCredentials(uri: string): string {
  return uri.replace(/^(rtsps?:\/\/)[^/@]*@/i, '$1');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A bare % belongs to the password.
  }
}
