import { isIP } from 'node:net';

import type { DiscoveredDevice, DiscoveryAnswer, DiscoveryQuestion } from '#server/contracts/discovery.ts';

import { createAddressGuard } from '../guard/address-guard.ts';
import { cidrList } from '../guard/reserved-ranges.ts';
import { SourceError } from '../source.ts';
import type { ProbeOptions } from './probe.ts';

/** WS-Discovery over IPv4. */
const group = { address: '239.255.255.250', port: 3702 };
const listenMs = 5000;
const streamsMsMax = 15_000;
const askedMax = 4;

interface Options {
  allowedCidrs: readonly string[];
  target?: ProbeOptions['target'];
  listenMs?: number;
}

export interface Discovery {
  /** Always answers, within 16 s. */
  answer: (question: DiscoveryQuestion) => Promise<DiscoveryAnswer>;
  close: () => Promise<void>;
}

/** Finds ONVIF devices of the operator's own network, and their streams. Nothing is called where no private range is allowed. */
export function createDiscovery(options: Options): Discovery {
  const allowed = cidrList(options.allowedCidrs);
  const guard = createAddressGuard({ allowedCidrs: options.allowedCidrs });
  const closing = new AbortController();
  const isAllowed = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && allowed.check(address, family === 6 ? 'ipv6' : 'ipv4');
  };
  let calling: Promise<DiscoveredDevice[]> | null = null;
  let asked = 0;

  const devices = async (): Promise<DiscoveryAnswer> => {
    if (options.allowedCidrs.length === 0) {
      throw new SourceError('ADDRESS_FORBIDDEN', 'no range of the local network is allowed', { retry: false });
    }
    // Who asks while a call is out gets its answers.
    calling ??= probe({
      target: options.target ?? group,
      listenMs: options.listenMs ?? listenMs,
      isAllowed,
      signal: closing.signal,
    }).finally(() => (calling = null));
    return { found: 'devices', devices: await calling };
  };

  const streams = async (of: Extract<DiscoveryQuestion, { ask: 'streams' }>['of']): Promise<DiscoveryAnswer> => {
    if (asked >= askedMax) throw new SourceError('BUSY', 'as many devices as may be are being asked', { retry: true });
    asked += 1;
    try {
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(streamsMsMax)]);
      const { readOnvifStreams } = await import('./onvif-streams.ts');
      return { found: 'streams', streams: await readOnvifStreams(of, { guard, isAllowed, signal }) };
    } finally {
      asked -= 1;
    }
  };

  return {
    answer: async (question) => {
      try {
        return question.ask === 'devices' ? await devices() : await streams(question.of);
      } catch (error) {
        const fault = error instanceof SourceError ? error.code : 'INTERNAL';
        const message = error instanceof SourceError ? error.message.slice(0, 500) : 'the call could not be made';
        return { found: 'fault', fault, message };
      }
    },
    close: async () => {
      closing.abort();
      await guard.close();
    },
  };
}

/** What reads XML and asks over HTTP takes megabytes, and most nodes never search. */
async function probe(options: ProbeOptions): Promise<DiscoveredDevice[]> {
  const { probeDevices } = await import('./probe.ts');
  return probeDevices(options);
}
