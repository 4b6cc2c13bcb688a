import type { CameraKind } from '#server/contracts/camera.ts';

import { SourceError } from '../source.ts';

const defaultPorts: Record<string, number> = { 'rtsp:': 554, 'rtsps:': 322, 'http:': 80, 'https:': 443 };
/** Protocols that have no connection to try: SRT's handshake is UDP. */
const datagrams = new Set(['udp:', 'srt:']);

/** Where a source is on the network; null for what is on this machine. `port` is null where there is nothing to connect to beforehand. */
export function networkPlace(kind: CameraKind, address: string): { host: string; port: number | null } | null {
  if (kind === 'file' || kind === 'synthetic') return null;
  const url = URL.parse(address.replace(/^udp:\/\/@/i, 'udp://'));
  if (url?.protocol === 'udp:' || /^udp:\/\/@?:\d/i.test(address))
    return { host: url?.hostname || '0.0.0.0', port: null };
  if (!url?.hostname) throw new SourceError('ADDRESS_INVALID', 'the address can not be parsed', { retry: false });
  if (datagrams.has(url.protocol)) return { host: url.hostname, port: null };
  const port = Number(url.port) || defaultPorts[url.protocol];
  if (port === undefined) {
    throw new SourceError('ADDRESS_INVALID', `${url.protocol} without a port, or no protocol of cameras`, {
      retry: false,
    });
  }
  return { host: url.hostname, port };
}
