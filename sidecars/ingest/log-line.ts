import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import type { Logger } from 'pino';
import { WebSocket } from 'ws';

import { logMessage, type LogMessage } from '#server/contracts/log-record.ts';

const handshakeMsMax = 3000;
const helloMsMax = 6000;
const pingEveryMs = 1000;
const deadAfterMs = 3000;
const messageBytesMax = 64 * 1024;
const retryAfterMsMax = 30_000;
const closeMsMax = 500;

export type LineEnd =
  /** `wasOpen`: the log had said hello. */
  | { kind: 'closed'; wasOpen: boolean }
  | { kind: 'refused'; status: number; location: string | null; retryAfterMs: number | null };

export interface LogLineOptions {
  url: string;
  leaseToken: string;
  log: Logger;
  onMessage: (line: LogLine, message: LogMessage) => void;
}

/** One WebSocket to the log, from its handshake to its end: pinged each second, given up after three of silence. */
export class LogLine {
  readonly ended: Promise<LineEnd>;
  readonly #options: LogLineOptions;
  readonly #socket: WebSocket;
  /** What carries it. */
  #connection: Socket | null = null;
  #wasOpen = false;
  #heardAtMs = performance.now();
  #beatAtMs = performance.now();

  constructor(options: LogLineOptions) {
    this.#options = options;
    this.#socket = new WebSocket(options.url, {
      headers: { authorization: `Bearer ${options.leaseToken}` },
      perMessageDeflate: false,
      handshakeTimeout: handshakeMsMax,
      maxPayload: messageBytesMax,
      // The key stays 0 0 0 0: `ws` then skips the XOR and a copy on both sides. Between our own processes it protects nothing.
      generateMask() {},
    });
    this.ended = this.#live();
  }

  /** Bytes given to the socket that the system has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }
  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** What `send` sends goes to the system in one piece. */
  together(send: () => void): void {
    this.#connection?.cork();
    try {
      send();
    } finally {
      this.#connection?.uncork();
    }
  }

  /** An error ends the line, and `ended` says so; `onSent` is then called too and finds the line gone. */
  send(record: Buffer, onSent?: () => void): void {
    if (this.isOpen) this.#socket.send(record, { binary: true, compress: false }, onSent);
  }

  close(): void {
    this.#socket.close(1000);
    // A log that does not answer the close would hold the line for half a minute.
    setTimeout(() => this.terminate(), closeMsMax).unref();
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #live(): Promise<LineEnd> {
    const { promise, resolve } = Promise.withResolvers<LineEnd>();
    const socket = this.#socket;
    const beat = setInterval(() => this.#beat(), pingEveryMs);
    const helloDeadline = setTimeout(() => {
      if (!this.#wasOpen) socket.terminate();
    }, helloMsMax);
    socket.on('pong', () => {
      this.#heardAtMs = performance.now();
    });
    socket.once('upgrade', (response) => {
      this.#connection = response.socket;
    });
    socket.on('message', (data: Buffer) => this.#onMessage(data));
    socket.on('unexpected-response', (request, response) => {
      resolve({ kind: 'refused', ...readRefusal(response, this.#options.url) });
      response.resume();
      request.destroy();
    });
    socket.on('error', (error) =>
      this.#options.log.debug({ action: 'uplink.error', error: error.message }, 'line to the log'),
    );
    socket.once('close', () => resolve({ kind: 'closed', wasOpen: this.#wasOpen }));
    return promise.finally(() => {
      clearInterval(beat);
      clearTimeout(helloDeadline);
      socket.terminate();
    });
  }

  #beat(): void {
    const nowMs = performance.now();
    // A process that was stopped for a while has not listened either.
    if (nowMs - this.#beatAtMs > 2 * pingEveryMs) this.#heardAtMs = nowMs;
    this.#beatAtMs = nowMs;
    if (nowMs - this.#heardAtMs > deadAfterMs) this.#socket.terminate();
    else if (this.isOpen) this.#socket.ping();
  }

  #onMessage(data: Buffer): void {
    this.#heardAtMs = performance.now();
    const message = parseMessage(data);
    if (!message) return this.#options.log.warn({ action: 'uplink.unknown' }, 'message of the log is not known');
    if (message.type === 'hello') this.#wasOpen = true;
    this.#options.onMessage(this, message);
  }
}

function readRefusal(response: IncomingMessage, url: string): Omit<Extract<LineEnd, { kind: 'refused' }>, 'kind'> {
  const retryAfterSeconds = Number(response.headers['retry-after'] ?? Number.NaN);
  const { location } = response.headers;
  return {
    status: response.statusCode ?? 0,
    location: location ? webSocketUrl(location, url) : null,
    // Spread over half the time again: all writers of a log that restarts are refused in the same moment.
    retryAfterMs: Number.isFinite(retryAfterSeconds)
      ? Math.min(retryAfterMsMax, Math.max(0.1, retryAfterSeconds) * 1000 * (1 + Math.random() / 2))
      : null,
  };
}

function webSocketUrl(location: string, base: string): string | null {
  const url = URL.parse(location, base);
  if (!url) return null;
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  return url.protocol === 'ws:' || url.protocol === 'wss:' ? url.href : null;
}

function parseMessage(data: Buffer): LogMessage | null {
  try {
    return logMessage.safeParse(JSON.parse(data.toString())).data ?? null;
  } catch {
    return null; // No JSON: the caller says that it is not known.
  }
}
