import type { OutgoingHttpHeaders } from 'node:http';

/** On every answer of the public port, whoever made it. */
export function securityHeaders(options: { tls: boolean; development: boolean }): OutgoingHttpHeaders {
  const scripts = options.development ? "'self' 'unsafe-inline' 'unsafe-eval'" : "'self' 'unsafe-inline'";
  return {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), geolocation=(self), browsing-topics=()',
    'cross-origin-opener-policy': 'same-origin',
    // Media Source objects and hls.js's worker are blobs; Next's own start-up scripts are inline.
    'content-security-policy': [
      "default-src 'self'",
      `script-src ${scripts}`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "worker-src 'self' blob:",
      "connect-src 'self' ws: wss:",
      "font-src 'self' data:",
      "object-src 'none'",
      "base-uri 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    ...(options.tls && { 'strict-transport-security': 'max-age=31536000' }),
  };
}

/** Of one connection, not of the message (RFC 9110 §7.6.1): never passed on. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function withoutHopByHop(headers: NodeJS.Dict<string | string[]>): OutgoingHttpHeaders {
  const connection = headers['connection'];
  const named = new Set(
    (Array.isArray(connection) ? connection.join(',') : (connection ?? ''))
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.has(name) && !name.startsWith(':')),
  );
}
