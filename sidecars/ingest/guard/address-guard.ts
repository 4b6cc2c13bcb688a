import { lookup as dnsLookup } from 'node:dns/promises';
import { connect as netConnect, isIP, type LookupFunction, type OnReadOpts, type Socket } from 'node:net';

import type { buildConnector, Dispatcher } from 'undici';

import { SourceError } from '../source.ts';
import { cidrList, isReserved, mappedV4 } from './reserved-ranges.ts';

export interface CheckedAddress {
  address: string;
  family: 4 | 6;
}

/**
 * Stands between an address that a person typed (or a server answered) and our network: every connection goes to an address that was checked
 * after resolution, so that a name which resolves anew can't lead elsewhere.
 */
export interface AddressGuard {
  /** The first allowed address of a host name or literal. Throws ADDRESS_FORBIDDEN, ADDRESS_INVALID or NAME_UNKNOWN. */
  resolve: (host: string, signal?: AbortSignal) => Promise<CheckedAddress>;
  /** `onread` is passed on to the socket: a reader that owns its buffer costs less than `data` events. */
  connect: (host: string, port: number, signal: AbortSignal, reading?: { onread?: OnReadOpts }) => Promise<Socket>;
  /** For undici, which is loaded with it: each connection of a request and of its redirects is checked. */
  agent: () => Promise<Dispatcher>;
  close: () => Promise<void>;
}

type Lookup = (host: string) => Promise<{ address: string; family: number }[]>;

const lookupMsMax = 5000;
const connectMsMax = 6000;
const addressesMax = 8;

export function createAddressGuard(options: { allowedCidrs: readonly string[]; lookup?: Lookup }): AddressGuard {
  const allowed = cidrList(options.allowedCidrs);
  const lookup: Lookup = options.lookup ?? ((host) => dnsLookup(host, { all: true, order: 'ipv4first' }));

  const isAllowed = ({ address, family }: CheckedAddress): boolean => {
    const v4 = family === 6 ? mappedV4(address) : null;
    if (v4 !== null) return isAllowed({ address: v4, family: 4 });
    return allowed.check(address, family === 6 ? 'ipv6' : 'ipv4') || !isReserved(address, family);
  };

  const resolveAll = async (host: string, signal?: AbortSignal): Promise<CheckedAddress[]> => {
    const literal = literalAddress(host);
    const found = literal ? [literal] : await lookUp(lookup, host, signal);
    const permitted = found.filter(isAllowed).slice(0, addressesMax);
    if (permitted.length === 0) {
      throw new SourceError(
        'ADDRESS_FORBIDDEN',
        `${host} leads to ${found.map(({ address }) => address).join(', ')}, which the operator does not allow`,
        { retry: false },
      );
    }
    return permitted;
  };

  const resolve: AddressGuard['resolve'] = async (host, signal) => {
    const [first] = await resolveAll(host, signal);
    if (!first) throw new SourceError('NAME_UNKNOWN', `${host} has no address`, { retry: true });
    return first;
  };

  const connect: AddressGuard['connect'] = async (host, port, signal, reading) =>
    dial({ addresses: await resolveAll(host, signal), host, port, signal, reading });

  const resolved = async (host: string): Promise<CheckedAddress[] | Error> => {
    try {
      return await resolveAll(host);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  const answer = async (host: string, all: boolean, callback: Parameters<LookupFunction>[2]) => {
    const found = await resolved(host);
    if (found instanceof Error) callback(found, '');
    else if (all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  };
  const guardedLookup: LookupFunction = (host, lookupOptions, callback) => {
    void answer(host, lookupOptions.all === true, callback);
  };
  const createAgent = async (): Promise<Dispatcher> => {
    const undici = await import('undici');
    const connector = undici.buildConnector({ lookup: guardedLookup, autoSelectFamily: true, timeout: connectMsMax });
    // Node looks a literal up nowhere, so it is checked before the connector sees it.
    const connectChecked: buildConnector.connector = (connectOptions, callback) => {
      void (async () => {
        const literal = isIP(bareHost(connectOptions.hostname)) !== 0;
        const found = literal ? await resolved(connectOptions.hostname) : [];
        if (found instanceof Error) callback(found, null);
        else connector(connectOptions, callback);
      })();
    };
    return new undici.Agent({
      connect: connectChecked,
      headersTimeout: 10_000,
      bodyTimeout: 15_000,
      keepAliveTimeout: 5000,
    });
  };
  let agent: Promise<Dispatcher> | null = null;

  return {
    resolve,
    connect,
    agent: () => (agent ??= createAgent()),
    close: async () => (await agent)?.destroy(),
  };
}

function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}

/** Reads what a resolver would take for an address without asking anyone: also `127.1`, `0x7f000001`, `2130706433`, `017700000001`. */
function literalAddress(host: string): CheckedAddress | null {
  const bare = bareHost(host.trim());
  if (bare === '') throw new SourceError('ADDRESS_INVALID', 'the address names no host', { retry: false });
  const family = isIP(bare);
  if (family === 4) return { address: bare, family };
  // A zone (`fe80::1%eth0`) exists only for link-local addresses.
  if (family === 6) return { address: bare.split('%')[0] ?? bare, family };
  if (!/^(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}\.?$/i.test(bare)) return null;
  const url = URL.parse(`http://${bare}/`);
  if (!url || isIP(url.hostname) !== 4) {
    throw new SourceError('ADDRESS_INVALID', `${bare} is neither a name nor an address`, { retry: false });
  }
  return { address: url.hostname, family: 4 };
}

async function lookUp(lookup: Lookup, host: string, signal?: AbortSignal): Promise<CheckedAddress[]> {
  const deadline = AbortSignal.any([AbortSignal.timeout(lookupMsMax), ...(signal ? [signal] : [])]);
  // getaddrinfo can't be cancelled: we stop waiting for it.
  const aborted = new Promise<never>((_, reject) => {
    deadline.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
  try {
    const found = await Promise.race([lookup(host), aborted]);
    return found.flatMap(({ address, family }) => (family === 4 || family === 6 ? [{ address, family }] : []));
  } catch (cause) {
    throw new SourceError('NAME_UNKNOWN', `${host} does not resolve`, { retry: true, cause });
  }
}

interface Dialling {
  addresses: CheckedAddress[];
  host: string;
  port: number;
  signal: AbortSignal;
  reading: { onread?: OnReadOpts } | undefined;
}

function dial({ addresses, host, port, signal, reading }: Dialling): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(connectMsMax)]);
  const [only] = addresses;
  const socket = netConnect({
    // One address needs no lookup; several are tried in turn (RFC 8305), all of them checked.
    host: addresses.length === 1 && only ? only.address : host,
    port,
    autoSelectFamily: true,
    lookup: (_host, lookupOptions, callback) => {
      if (lookupOptions.all) callback(null, addresses);
      else callback(null, only?.address ?? '', only?.family);
    },
    noDelay: true,
    ...reading,
  });
  const fail = (cause: Error) => {
    socket.destroy();
    const timedOut = deadline.aborted && !signal.aborted;
    reject(
      new SourceError(
        timedOut ? 'TIMED_OUT' : 'UNREACHABLE',
        `${host}:${port} ${timedOut ? 'does not answer' : 'refuses'}`,
        {
          retry: true,
          cause,
        },
      ),
    );
  };
  const onAbort = () => fail(new Error('aborted'));
  deadline.addEventListener('abort', onAbort, { once: true });
  socket.once('error', fail);
  socket.once('connect', () => {
    deadline.removeEventListener('abort', onAbort);
    socket.off('error', fail);
    resolve(socket);
  });
  if (deadline.aborted) onAbort();
  return promise;
}
