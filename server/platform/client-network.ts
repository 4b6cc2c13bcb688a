import { isIPv4 } from 'node:net';

import ipaddr from 'ipaddr.js';

const mappedPrefix = '::ffff:';

/** The network that one person is taken to have: an IPv4 address, or the /64 that IPv6 gives a home. */
export function clientNetwork(address: string): string {
  // Asked at every request, so the common forms are not parsed.
  const plain = address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address;
  if (isIPv4(plain)) return plain;
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (!(parsed instanceof ipaddr.IPv6)) return parsed.toString();
  const home = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${home.join(':')}::/64`;
}
