import type { AddressGuard } from '../guard/address-guard.ts';
import { SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { Demuxer } from './demuxer.ts';
import { readLive, runSource } from './live-run.ts';
import { tsProbing } from './open-mpegts.ts';

const openMsMax = 8000;
const silenceMsMax = 10_000;
/** What an address may set; listening, rendezvous and local addresses are not for a stranger to choose. */
const settings = ['streamid', 'passphrase', 'pbkeylen', 'latency', 'rcvlatency', 'peerlatency'];

/** SRT as a caller, to the checked address. SRT knows no redirect, so libav may dial it. */
export async function openSrt(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const url = URL.parse(options.address);
  if (!url?.hostname || !url.port || url.protocol !== 'srt:') {
    throw new SourceError('ADDRESS_INVALID', 'write srt://host:port', { retry: false });
  }
  const mode = url.searchParams.get('mode');
  if (mode !== null && mode !== 'caller')
    throw new SourceError('ADDRESS_INVALID', 'only mode=caller is read', { retry: false });
  const { address, family } = await options.guard.resolve(url.hostname, options.signal);
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const chosen = settings.flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const demuxer = await Demuxer.open({
    input: {
      url: `srt://${family === 6 ? `[${address}]` : address}:${url.port}`,
      format: 'mpegts',
      options: {
        ...tsProbing,
        ...Object.fromEntries(chosen),
        mode: 'caller',
        connect_timeout: '5000',
        protocol_whitelist: 'srt',
        format_whitelist: 'mpegts',
      },
    },
    openMsMax,
    silenceMsMax,
    signal,
  });
  return runSource({
    work: () => readLive({ demuxer, clock: 'capture', feed: null }, sink),
    release: () => demuxer.close(),
    stopping,
    signal,
  });
}
