import type { OutgoingHttpHeaders } from 'node:http';

/** On every answer of the public port, whoever made it; what may be loaded and framed is said by the policy of each kind (policy.ts). */
export function securityHeaders(options: { tls: boolean }): Record<string, string> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'permissions-policy':
      'camera=(self), microphone=(self), display-capture=(self), geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), browsing-topics=()',
    'cross-origin-opener-policy': 'same-origin',
    'x-permitted-cross-domain-policies': 'none',
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
