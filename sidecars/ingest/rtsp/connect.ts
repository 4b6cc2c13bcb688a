import net, { type OnReadOpts, type Socket } from 'node:net';
import tls from 'node:tls';

import type { SourceFault } from '#server/contracts/doctor.ts';

import { SourceError } from '../source.ts';
import type { RtspAddress } from './rtsp-address.ts';
import type { SocketReader } from './socket-reader.ts';

/**
 * Opens a TCP connection; resolves names and checks addresses if it wants to. May throw a SourceError of its own.
 * `onread` is for `net.connect`; without it the stream is read too, and costs more (`SocketReader`).
 */
export type Connect = (
  host: string,
  port: number,
  signal: AbortSignal,
  options?: { onread?: OnReadOpts },
) => Promise<Socket>;

export interface ConnectOptions {
  connect: Connect;
  deadlineMs: number;
  /** Certificates to trust besides the machine's. */
  ca: string | undefined;
  signal: AbortSignal;
}

export const connectTcp: Connect = (host, port, signal, options) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The signal is for connecting: given to the socket it would end the stream with it.
    const socket = net.connect({ host, port, ...options });
    const give = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    const abort = () => give(new Error('gave up connecting'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', give);
    socket.once('connect', () => {
      socket.off('error', give);
      signal.removeEventListener('abort', abort);
      resolve(socket);
    });
  });

/** A connection to the address, in TLS for rtsps. @throws SourceError */
export async function openConnection(
  address: RtspAddress,
  reader: SocketReader,
  options: ConnectOptions,
): Promise<Socket> {
  const attempt = new AbortController();
  const abort = () => attempt.abort();
  const deadline = setTimeout(abort, options.deadlineMs);
  options.signal.addEventListener('abort', abort, { once: true });
  if (options.signal.aborted) abort();
  try {
    // TLS reads the socket itself.
    const reading = address.isSecure ? {} : { onread: reader.onread };
    const socket = await options.connect(address.host, address.port, attempt.signal, reading);
    return address.isSecure ? await secure(socket, address.host, options.ca, attempt.signal) : socket;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (options.signal.aborted) throw new SourceError('CLOSED', 'closed by us', { retry: false, cause: error });
    if (attempt.signal.aborted) {
      throw new SourceError('UNREACHABLE', 'no connection in time', { retry: true, cause: error });
    }
    const code = connectFault(error);
    throw new SourceError(code, `can't connect to port ${address.port}`, {
      retry: code !== 'TLS_INVALID',
      cause: error,
    });
  } finally {
    clearTimeout(deadline);
    options.signal.removeEventListener('abort', abort);
  }
}

function secure(socket: Socket, host: string, ca: string | undefined, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secured = tls.connect({
      socket,
      // SNI carries names only (RFC 6066 §3); an address is compared with the certificate as `host`.
      ...(net.isIP(host) ? { host } : { servername: host }),
      ...(ca === undefined ? {} : { ca: [...tls.rootCertificates, ca] }),
    });
    const give = (error: Error) => {
      secured.destroy();
      reject(error);
    };
    const abort = () => give(new Error('no TLS connection in time'));
    signal.addEventListener('abort', abort, { once: true });
    secured.once('error', give);
    secured.once('secureConnect', () => {
      secured.off('error', give);
      signal.removeEventListener('abort', abort);
      resolve(secured);
    });
  });
}

const unreachable = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']);
const unknownName = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NONAME', 'EAI_NODATA']);

function connectFault(error: unknown): SourceFault {
  // AggregateError: each address of a name was tried.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (unknownName.has(code)) return 'NAME_UNKNOWN';
  if (unreachable.has(code) || code === 'ETIMEDOUT' || code === '') return 'UNREACHABLE';
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return 'TLS_INVALID';
  return 'CLOSED';
}
