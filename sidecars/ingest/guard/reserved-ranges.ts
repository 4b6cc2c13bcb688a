import { BlockList, isIP } from 'node:net';

import { globalV6, reservedV4, reservedV6 } from '#server/contracts/reserved-ranges.ts';

export function cidrList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [address = '', prefixText, ...rest] = cidr.trim().split('/');
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    const prefix = prefixText === undefined ? bits : Number(prefixText);
    if (
      family === 0 ||
      rest.length > 0 ||
      prefixText === '' ||
      !Number.isInteger(prefix) ||
      prefix < 0 ||
      prefix > bits
    ) {
      throw new Error(`"${cidr}" is no address range: write it as 192.168.0.0/16 or fd00::/8`);
    }
    list.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}

const v4 = cidrList(reservedV4);
const v6Global = cidrList(globalV6);
const v6 = cidrList(reservedV6);

/** The IPv4 address inside `::ffff:a.b.c.d` (either spelling), as the kernel would dial it; else null. */
export function mappedV4(address: string): string | null {
  // The URL parser writes every IPv6 address in one canonical form.
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!match) return null;
  const [high = 0, low = 0] = [match[1], match[2]].map((part) => Number.parseInt(part ?? '0', 16));
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

/** Whether a literal, canonical address lies in a reserved range. */
export function isReserved(address: string, family: 4 | 6): boolean {
  if (family === 4) return v4.check(address, 'ipv4');
  return !v6Global.check(address, 'ipv6') || v6.check(address, 'ipv6');
}
