import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';

import type { buildConnector, Dispatcher } from 'undici';

import { isPublicAddress } from './reserved-addresses.ts';

/** A request was to lead into a network that is not the public one. */
export class AddressForbidden extends Error {
  constructor(host: string) {
    super(`${host} does not lead to a public address`);
    this.name = 'AddressForbidden';
  }
}

const lookupMsMax = 5000;
const connectMsMax = 6000;

/**
 * Connects to public addresses alone. What a name resolves to is checked at each connection, so that neither a redirect nor a name that resolves
 * anew leads into our own network.
 */
export async function createPublicAgent(
  options: { isAllowed?: (address: string) => boolean; headersMsMax?: number; bodyIdleMsMax?: number } = {},
): Promise<Dispatcher> {
  const undici = await import('undici');
  const isAllowed = options.isAllowed ?? isPublicAddress;

  const answer = async (host: string, all: boolean, callback: Parameters<LookupFunction>[2]) => {
    try {
      const found = await withDeadline(dnsLookup(host, { all: true, order: 'ipv4first' }));
      const allowed = found.filter(({ address }) => isAllowed(address));
      const [first] = allowed;
      if (!first) callback(new AddressForbidden(host), '');
      else if (all) callback(null, allowed);
      else callback(null, first.address, first.family);
    } catch (error) {
      callback(error instanceof Error ? error : new Error(String(error)), '');
    }
  };
  const lookup: LookupFunction = (host, lookupOptions, callback) =>
    void answer(host, lookupOptions.all === true, callback);
  const connector = undici.buildConnector({ lookup, autoSelectFamily: true, timeout: connectMsMax });
  const connect: buildConnector.connector = (target, callback) => {
    const host = target.hostname.replace(/^\[|\]$/g, '');
    // A literal is looked up nowhere.
    if (isIP(host) !== 0 && !isAllowed(host)) callback(new AddressForbidden(host), null);
    else connector(target, callback);
  };
  return new undici.Agent({
    connect,
    headersTimeout: options.headersMsMax ?? 20_000,
    bodyTimeout: options.bodyIdleMsMax ?? 20_000,
    keepAliveTimeout: 5000,
    connections: 2,
  });
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('the name was not resolved in time')), lookupMsMax);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
