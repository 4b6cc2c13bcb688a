import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';

import type { AddressGuard } from '../guard/address-guard.ts';
import { bodyPieces, httpFault, httpGet, httpUrl } from '../guard/http-get.ts';
import { SourceError, type OpenSource, type SourceSink } from '../source.ts';
import { ByteFeed } from './byte-feed.ts';
import { Demuxer } from './demuxer.ts';
import { readLive, runSource } from './live-run.ts';

const feedBytesMax = 4 * 1024 * 1024;
const datagramBufferBytes = 4 * 1024 * 1024;
const openMsMax = 8000;
const silenceMsMax = 10_000;
const packetSizes = [188, 192, 204];
/** Enough for three packets after a first one that was cut. */
const probeBytes = 1024;

/** Live streams tell their tracks in the first second or two; longer probing is a later first picture. */
export const tsProbing = { analyzeduration: '2000000', probesize: '4000000', fpsprobesize: '2' };

/** MPEG-TS over HTTP, TCP or UDP. The connection is ours, libav only takes the bytes apart. */
export async function openMpegTs(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  sink: SourceSink,
): Promise<OpenSource> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([options.signal, stopping.signal]);
  const feed = new ByteFeed(feedBytesMax);
  signal.addEventListener('abort', () => feed.abort(), { once: true });
  const disconnect = await connectFeed({ ...options, signal }, feed);
  let demuxer: Demuxer | null = null;
  try {
    const read = await probedReader(feed, signal);
    demuxer = await Demuxer.open({
      input: { read, format: 'mpegts', options: tsProbing },
      openMsMax,
      silenceMsMax,
      signal,
    });
  } catch (error) {
    feed.abort();
    await disconnect();
    throw feed.error ?? error;
  }
  const open = demuxer;
  return runSource({
    work: () => readLive({ demuxer: open, clock: 'capture', feed }, sink),
    release: async () => {
      feed.abort();
      await open.close();
      await disconnect();
    },
    stopping,
    signal,
  });
}

/** Connects and lets the bytes flow into the feed; gives back what undoes it. */
async function connectFeed(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  feed: ByteFeed,
): Promise<() => Promise<void>> {
  const url = URL.parse(options.address);
  switch (url?.protocol) {
    case 'http:':
    case 'https:':
      return connectHttp(options, feed);
    case 'tcp:':
      return connectTcp(url, options, feed);
    case 'udp:':
      return connectUdp(options.address, options, feed);
    case undefined:
      throw new SourceError('ADDRESS_INVALID', 'the address can not be parsed', { retry: false });
    default:
      throw new SourceError('ADDRESS_FORBIDDEN', `${url?.protocol} carries no MPEG-TS here`, { retry: false });
  }
}

async function connectHttp(
  options: { address: string; guard: AddressGuard; signal: AbortSignal },
  feed: ByteFeed,
): Promise<() => Promise<void>> {
  const answer = await httpGet(httpUrl(options.address), options);
  const pump = async () => {
    try {
      for await (const piece of bodyPieces(answer)) {
        if (!(await feed.write(piece))) return;
      }
      feed.end();
    } catch (cause) {
      feed.end(httpFault(cause));
    }
  };
  const pumping = pump();
  return async () => {
    answer.body.destroy();
    await pumping;
  };
}

async function connectTcp(
  url: URL,
  options: { guard: AddressGuard; signal: AbortSignal },
  feed: ByteFeed,
): Promise<() => Promise<void>> {
  const port = Number(url.port);
  if (!port) throw new SourceError('ADDRESS_INVALID', 'the address names no port', { retry: false });
  const socket = await options.guard.connect(url.hostname, port, options.signal);
  socket.on('data', (bytes) => {
    socket.pause();
    void feed.write(bytes).then(() => socket.resume());
  });
  socket.on('error', (cause) => feed.end(new SourceError('CLOSED', 'the connection broke', { retry: true, cause })));
  socket.on('close', () => feed.end());
  return () => {
    socket.destroy();
    return Promise.resolve();
  };
}

/** `udp://group:port`, `udp://@group:port`, `udp://@:port` (any sender) or `udp://sender:port` (only this one). */
async function connectUdp(
  address: string,
  options: { guard: AddressGuard; signal: AbortSignal },
  feed: ByteFeed,
): Promise<() => Promise<void>> {
  // The URL parser takes no empty host.
  const match = /^udp:\/\/@?(\[[^\]]+\]|[^:/?@]*):(\d+)/i.exec(address);
  const port = Number(match?.[2]);
  if (!match || !port || port > 65_535)
    throw new SourceError('ADDRESS_INVALID', 'write udp://host:port', { retry: false });
  const checked = await options.guard.resolve(match[1] || '0.0.0.0', options.signal);
  const socket = createSocket({
    type: checked.family === 6 ? 'udp6' : 'udp4',
    reuseAddr: isMulticast(checked.address),
    recvBufferSize: datagramBufferBytes,
  });
  const close = closeDatagram(socket);
  try {
    const local = isLocal(checked.address) || isMulticast(checked.address);
    socket.bind(port, local && !isMulticast(checked.address) ? checked.address : undefined);
    // Rejects with the error where the port is taken.
    await once(socket, 'listening');
    if (isMulticast(checked.address)) socket.addMembership(checked.address);
    socket.on('message', (bytes, from) => {
      if (!local && from.address !== checked.address) return;
      // A sender that can't wait: what does not fit is lost, and libav sees the gap by its counters.
      if (!feed.isFull) feed.push(bytes);
    });
    socket.on('error', (cause) => feed.end(new SourceError('CLOSED', 'the socket broke', { retry: true, cause })));
    return close;
  } catch (cause) {
    await close();
    throw new SourceError('UNREACHABLE', `UDP port ${port} can not be opened`, { retry: true, cause });
  }
}

function closeDatagram(socket: DatagramSocket): () => Promise<void> {
  let closed = false;
  socket.once('close', () => {
    closed = true;
  });
  return async () => {
    if (closed) return;
    const gone = once(socket, 'close');
    socket.close();
    await gone;
  };
}

function isMulticast(address: string): boolean {
  return isIPv4(address) ? /^2(?:2[4-9]|3\d)\./.test(address) : /^ff/i.test(address);
}

function isLocal(address: string): boolean {
  return isIPv6(address) ? address === '::' || address === '::1' : address === '0.0.0.0' || address.startsWith('127.');
}

/** Looks at the first bytes before libav does: a forced format would search a web page for packets for seconds. */
async function probedReader(feed: ByteFeed, signal: AbortSignal): Promise<(size: number) => Promise<Buffer | null>> {
  const pieces: Buffer[] = [];
  let size = 0;
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    feed.end();
  }, openMsMax);
  while (size < probeBytes && !signal.aborted) {
    const piece = await feed.read(64 * 1024);
    if (piece === null) break;
    pieces.push(piece);
    size += piece.length;
  }
  clearTimeout(timer);
  const head = Buffer.concat(pieces);
  if (feed.error) throw feed.error;
  if (timedOut) throw new SourceError('TIMED_OUT', `nothing came for ${openMsMax} ms`, { retry: true });
  if (size === 0) throw new SourceError('CLOSED', 'the source closed without a byte', { retry: true });
  if (!looksLikeTs(head)) throw new SourceError('DATA_INVALID', 'what comes is no MPEG-TS', { retry: true });
  let rest: Buffer | null = head;
  return async (wanted) => {
    if (rest === null) return feed.read(wanted);
    const piece = rest.subarray(0, wanted);
    rest = piece.length < rest.length ? rest.subarray(wanted) : null;
    return piece;
  };
}

/** Sync bytes at three packets' distance, wherever the first begins. */
export function looksLikeTs(head: Buffer): boolean {
  return packetSizes.some((size) => {
    for (let at = 0; at < size && at + 2 * size < head.length; at += 1) {
      if (head[at] === 0x47 && head[at + size] === 0x47 && head[at + 2 * size] === 0x47) return true;
    }
    return false;
  });
}
