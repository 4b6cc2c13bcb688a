import { BlockList, isIP } from 'node:net';

import { globalV6, reservedV4, reservedV6 } from '#server/contracts/reserved-ranges.ts';

const listOf = (cidrs: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefix = ''] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
};
const v4 = listOf(reservedV4);
const v6Global = listOf(globalV6);
const v6Reserved = listOf(reservedV6);

/** Whether a literal address is one that the internet routes to. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !v4.check(address, 'ipv4');
  if (family !== 6) return false;
  // `::ffff:a.b.c.d` lies outside of 2000::/3 and is refused with the rest: no public host is named so.
  return v6Global.check(address, 'ipv6') && !v6Reserved.check(address, 'ipv6');
}
