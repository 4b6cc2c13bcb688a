import type { AddressGuard } from '../guard/address-guard.ts';
import { openRtspRelay } from '../guard/rtsp-relay.ts';
import { SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { Demuxer } from './demuxer.ts';
import { readLive, runSource } from './live-run.ts';

const openMsMax = 8000;
const silenceMsMax = 8000;
const defaultPort = 554;

/** RTSP by libav: over UDP, and over TCP for cameras that our own client does not understand. */
export async function openRtspByLibav(
  options: { address: string; transport: 'tcp' | 'udp'; guard: AddressGuard; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const url = URL.parse(options.address);
  if (url?.protocol === 'rtsps:') {
    throw new SourceError('CODEC_UNSUPPORTED', 'RTSP over TLS is read by our own client only', { retry: false });
  }
  if (!url?.hostname || url.protocol !== 'rtsp:')
    throw new SourceError('ADDRESS_INVALID', 'write rtsp://host/path', { retry: false });
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const relay = await openRtspRelay({
    guard: options.guard,
    host: url.hostname,
    port: Number(url.port) || defaultPort,
    signal,
  });
  const hasCredentials = url.username !== '';
  // Setting `host` would drop nothing else: user, password and path stay as they were written.
  url.host = `127.0.0.1:${relay.port}`;
  let demuxer: Demuxer;
  try {
    demuxer = await Demuxer.open({
      input: {
        url: url.href,
        format: 'rtsp',
        options: {
          rtsp_transport: options.transport,
          timeout: String(openMsMax * 1000),
          protocol_whitelist: 'rtsp,rtp,udp,tcp',
          format_whitelist: 'rtsp,rtp,sdp',
          analyzeduration: '2000000',
          fpsprobesize: '2',
        },
      },
      openMsMax: openMsMax + 1000,
      silenceMsMax,
      signal,
    });
  } catch (error) {
    await relay.close();
    const refused = error instanceof SourceError && error.code === 'AUTH_REFUSED' && !hasCredentials;
    throw refused ? new SourceError('AUTH_REQUIRED', error.message, { retry: false, cause: error }) : error;
  }
  return runSource({
    work: () => readLive({ demuxer, clock: 'sr', feed: null }, sink),
    release: async () => {
      await demuxer.close();
      await relay.close();
    },
    stopping,
    signal,
  });
}
