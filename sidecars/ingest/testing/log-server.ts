import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

import { WebSocketServer, type WebSocket } from 'ws';

import { readRecord, recordFlag, recordType, runPayload, type RecordHeader } from '#server/contracts/log-record.ts';

interface Received extends RecordHeader {
  /** The chunk's own count; its place in the epoch else. */
  n: number;
  epoch: number;
  bytes: number;
  payload: string;
}

interface Refusal {
  status: number;
  headers?: Record<string, string>;
}

/** The log as a writer sees it: says hello, acknowledges, cuts, refuses, freezes; keeps what it was given once. */
export class LogServer {
  readonly #server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 32 * 1024 * 1024 });
  readonly #streams = new Map<string, LogStream>();
  readonly #frozen = new Set<Socket>();
  isFrozen = false;
  /** Answers to the next requests, in order. */
  refusals: Refusal[] = [];
  /** Every request's bearer token. */
  tokens: string[] = [];

  static async start(): Promise<LogServer> {
    const log = new LogServer();
    log.#server.on('upgrade', (request: IncomingMessage, socket: Socket, head) =>
      log.#onUpgrade(request, socket, head),
    );
    log.#server.listen(0, '127.0.0.1');
    await once(log.#server, 'listening');
    return log;
  }

  get origin(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('the server does not listen on a port');
    return `127.0.0.1:${address.port}`;
  }

  url(stream: string): string {
    return `ws://${this.origin}/log/v1/streams/${stream}?rung=src`;
  }

  stream(stream: string): LogStream {
    const known = this.#streams.get(stream) ?? new LogStream();
    this.#streams.set(stream, known);
    return known;
  }

  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Reads nothing any more, as a stopped process does. */
  freeze(): void {
    this.isFrozen = true;
    for (const stream of this.#streams.values()) stream.acknowledges = false;
    for (const socket of this.#sockets.clients) socket.pause();
  }

  thaw(): void {
    this.isFrozen = false;
    for (const stream of this.#streams.values()) stream.acknowledges = true;
    for (const socket of this.#frozen) socket.destroy();
    this.cut();
  }

  async close(): Promise<void> {
    this.thaw();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #onUpgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (this.isFrozen) {
      this.#frozen.add(socket);
      return;
    }
    const token = request.headers.authorization?.replace('Bearer ', '') ?? '';
    this.tokens.push(token);
    const epoch = Number(token.replace('epoch-', ''));
    const stream = this.stream(new URL(request.url ?? '/', 'http://log').pathname.split('/').at(-1) ?? '');
    const refusal = epoch < stream.epoch ? { status: 409 } : this.refusals.shift();
    if (refusal) {
      const headers = Object.entries(refusal.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(
        `HTTP/1.1 ${refusal.status} refused\r\n${headers.join('')}content-length: 0\r\nconnection: close\r\n\r\n`,
      );
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (line) => stream.open(line, epoch));
  }
}

class LogStream {
  epoch = 0;
  lastRun = 0;
  lastSeqWritten = 0;
  lines = 0;
  /** Everything taken, once each. */
  taken: Received[] = [];
  /** Chunks that came a second time: there must be none. */
  chunkRepeats = 0;
  /** RUN, INIT and CLOCK that came again at a resume. */
  preambleRepeats = 0;
  /** False: takes records and says nothing. */
  acknowledges = true;
  #line: WebSocket | null = null;

  open(line: WebSocket, epoch: number): void {
    if (epoch > this.epoch) this.lastSeqWritten = 0;
    this.epoch = epoch;
    this.#line?.terminate();
    this.#line = line;
    this.lines += 1;
    line.send(JSON.stringify({ type: 'hello', lastRun: this.lastRun, lastSeqWritten: this.lastSeqWritten }));
    line.on('message', (data: Buffer) => {
      if (this.#line === line) this.#take(data);
    });
    const acks = setInterval(() => {
      if (this.acknowledges) line.send(JSON.stringify({ type: 'ack', written: this.lastSeqWritten, durable: 0 }));
    }, 20);
    line.on('close', () => clearInterval(acks));
  }

  /** What was taken last and not written is gone, as after SIGKILL. */
  forget(records: number): void {
    this.taken.splice(-records);
    this.lastSeqWritten = this.taken.at(-1)?.seq ?? 0;
  }

  say(message: object): void {
    this.#line?.send(JSON.stringify(message));
  }

  chunks(track = 1): Received[] {
    return this.taken.filter((record) => record.type === recordType.chunk && record.track === track);
  }

  runs(): { run: number; reason: string }[] {
    return this.taken
      .filter((record) => record.type === recordType.run)
      .map((record) => runPayload.parse(JSON.parse(record.payload)));
  }

  #take(data: Buffer): void {
    const { header, payload } = readRecord(data);
    if (header.seq <= this.lastSeqWritten) {
      if (header.type === recordType.chunk) this.chunkRepeats += 1;
      else this.preambleRepeats += 1;
      return;
    }
    this.lastSeqWritten = header.seq;
    const isChunk = header.type === recordType.chunk;
    const n = isChunk ? payload.readUInt32BE() : header.seq;
    this.taken.push({
      ...header,
      n,
      epoch: this.epoch,
      bytes: data.length,
      payload: isChunk ? '' : payload.toString(),
    });
    if (header.type === recordType.run) this.lastRun = runPayload.parse(JSON.parse(payload.toString())).run;
  }
}

/** Where a count does not go on by one without `lost-before`, or does not rise: there must be none. */
export function faultsOf(chunks: Received[]): string[] {
  const faults: string[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const before = chunks[index - 1];
    if (!before) continue;
    const isFlagged = (chunk.flags & recordFlag.lostBefore) !== 0;
    if (chunk.n <= before.n) faults.push(`${chunk.n} after ${before.n}`);
    else if (chunk.n !== before.n + 1 && !isFlagged) faults.push(`${before.n + 1} to ${chunk.n - 1} lost unsaid`);
    else if (chunk.n === before.n + 1 && isFlagged) faults.push(`${chunk.n} claims a loss there was not`);
  }
  return faults;
}
