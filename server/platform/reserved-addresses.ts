import { BlockList, isIP } from 'node:net';

/** Addresses that are nobody's public host (IANA special-purpose registries, RFC 6890), and a cloud's host agent outside of them. */
const reservedV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Only 2000::/3 is handed out; these parts of it stand for something else (Teredo, documentation, 6to4). */
const globalV6 = ['2000::/3'];
const reservedV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

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
