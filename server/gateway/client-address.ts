import type { IncomingMessage } from 'node:http';

/**
 * Whose request it is. Each proxy adds the address it saw to the end of X-Forwarded-For, so with n proxies of ours in front the n-th from the end
 * is the person's; what stands before it anybody may have written.
 */
export function clientAddress(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustedProxies: number): string {
  // A socket of both families tells IPv4 as `::ffff:192.0.2.1`.
  const direct = (request.socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
  if (trustedProxies === 0) return direct;
  const header = request.headers['x-forwarded-for'];
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? ''))
    .split(',')
    .map((hop) => hop.trim())
    .filter((hop) => hop !== '');
  return hops[Math.max(0, hops.length - trustedProxies)] ?? direct;
}
