/**
 * Addresses that are nobody's public host (IANA special-purpose registries, RFC 6890), and the metadata services of clouds that sit outside those
 * ranges. What reads cameras and what reads feeds refuse the same ones.
 */
export const reservedV4: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32', // Azure's host agent
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

/** Only 2000::/3 is handed out; the parts below tunnel to, or stand for, something else (Teredo, documentation, 6to4). */
export const globalV6: readonly string[] = ['2000::/3'];
export const reservedV6: readonly string[] = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
