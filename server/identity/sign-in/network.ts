import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

/** What one subscriber or office shares: the /24 of IPv4, the /64 of IPv6; null for what is no address. */
export function networkOf(ip: string | null): string | null {
  if (ip === null || isIP(ip) === 0) return null;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return `${address.toByteArray().slice(0, 3).join('.')}.0/24`;
  const bytes = address.toByteArray().map((byte, index) => (index < 8 ? byte : 0));
  return `${ipaddr.fromByteArray(bytes).toString()}/64`;
}
