import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';

import type { LogMessage } from '#server/contracts/log-record.ts';

import type { TokenCheck } from './lease-token.ts';
import type { StreamShelf } from './stream-shelf.ts';
import type { LiveStream } from './stream.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';

const recordBytesMax = 32 * 1024 * 1024;
const ackMs = 200;
const ackBytes = 1024 * 1024;
/** The writer pings each second; three missed and the line is dead. */
const silenceMs = 3000;
const untold = 'this node has not been told its streams yet';
/** What a stream's end still has on its way to the disk. */
const lastWordsMs = 2000;
/** A writer waits this long at the door of a log that is being opened; below its handshake's deadline. */
const openMsMax = 2000;

/** What a writer's line writes to: a stream, or a rung of one. */
type Writable = Pick<
  LiveStream,
  | 'id'
  | 'ended'
  | 'lastRun'
  | 'writer'
  | 'writtenSeq'
  | 'durableSeq'
  | 'beginWriter'
  | 'endWriter'
  | 'record'
  | 'onKeyFrameWanted'
>;

interface Line {
  socket: WebSocket;
  streamId: string;
  stream: Writable;
  epoch: number;
  heardAt: number;
  ackedSeq: number;
  ackedDurable: number;
  bytes: number;
  /** When it was first seen that the stream is over. */
  endedAt: number | null;
}

export interface LogDoorOptions {
  shelf: StreamShelf;
  tokens: TokenCheck;
  log: Logger;
  /** A rung that is being made; null where none is. */
  rung: (stream: LiveStream, name: string) => Writable | null;
}

/** The writers' door: `GET /log/v1/streams/{id}?rung=src` as WebSocket (media contract §3). */
export class LogDoor {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: recordBytesMax,
    skipUTF8Validation: true,
  });
  readonly #lines = new Map<string, Line>();
  readonly #options: LogDoorOptions;
  readonly #timer: NodeJS.Timeout;
  #tickedAt = performance.now();
  #draining = false;

  constructor(options: LogDoorOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), ackMs);
  }

  get lines(): number {
    return this.#lines.size;
  }

  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    asked: { head: Buffer; streamId: string; rung: string },
  ): Promise<void> {
    const { shelf, tokens } = this.#options;
    const { streamId } = asked;
    const claims = await tokens.lease(request.headers.authorization);
    if (!claims || claims.stream !== streamId)
      return refuseUpgrade(socket, 401, 'the lease token does not open this stream');
    if (this.#draining) return refuseUpgrade(socket, 503, 'this log is being closed', { 'retry-after': '1' });
    if (shelf.find(streamId).state === 'opening') await Promise.race([shelf.open(streamId), sleep(openMsMax)]);
    const place = shelf.find(streamId);
    if (place.state === 'opening') return refuseUpgrade(socket, 503, 'the log is being opened', { 'retry-after': '1' });
    if (place.state === 'released') {
      const { movedTo } = place;
      const location = movedTo && new URL(`/log/v1/streams/${streamId}?rung=${asked.rung}`, movedTo).href;
      return refuseUpgrade(socket, 421, 'another node holds this stream', location ? { location } : {});
    }
    if (place.state === 'erased') return refuseUpgrade(socket, 410, 'the stream was deleted');
    if (place.state === 'unknown') {
      // Told in a moment: a writer that waits a second loses a second.
      if (!place.isTold) return refuseUpgrade(socket, 503, untold, { 'retry-after': '0' });
      return refuseUpgrade(socket, 404, 'this node does not hold the stream');
    }
    const stream = asked.rung === 'src' ? place.stream : this.#options.rung(place.stream, asked.rung);
    if (!stream) return refuseUpgrade(socket, 404, `there is no rung ${asked.rung.slice(0, 20)}`);
    if (stream.ended) return refuseUpgrade(socket, 410, 'the stream is over');
    if (claims.epoch < stream.writer.epoch) {
      return refuseUpgrade(socket, 409, `epoch ${stream.writer.epoch} is in force`, {}, { epoch: stream.writer.epoch });
    }
    this.#sockets.handleUpgrade(request, socket, asked.head, (line) =>
      this.#open(line, { streamId, stream, epoch: claims.epoch }),
    );
  }

  /** Cuts the writers of a stream that is let go. */
  release(streamId: string): void {
    for (const line of this.#lines.values()) {
      if (line.streamId !== streamId) continue;
      this.#say(line, { type: 'error', code: 'RELEASED', message: 'this node lets the stream go', retry: true });
      line.socket.close(1001);
    }
  }

  close(): void {
    this.#draining = true;
    clearInterval(this.#timer);
    for (const line of this.#lines.values()) {
      this.#acknowledge(line);
      line.socket.close(1001);
    }
    for (const socket of this.#sockets.clients) setTimeout(() => socket.terminate(), 500).unref();
  }

  #open(socket: WebSocket, to: Pick<Line, 'streamId' | 'stream' | 'epoch'>): void {
    const { stream, epoch } = to;
    const { log } = this.#options;
    // One line a stream: a writer that comes again, or one of a higher epoch, cuts the one before.
    const old = this.#lines.get(stream.id);
    this.#lines.delete(stream.id);
    old?.socket.terminate();
    stream.beginWriter(epoch);
    const line: Line = {
      socket,
      ...to,
      heardAt: performance.now(),
      ackedSeq: 0,
      ackedDurable: 0,
      bytes: 0,
      endedAt: null,
    };
    this.#lines.set(stream.id, line);
    log.info({ action: 'writer.open', streamId: stream.id, epoch }, 'a writer is connected');
    const ask = (cutAt: number | null) =>
      this.#say(line, { type: 'request', keyframe: true, ...(cutAt !== null && { cutAt }) });
    socket.once('close', stream.onKeyFrameWanted(ask));
    const isCurrent = () => this.#lines.get(stream.id) === line;
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isCurrent()) return;
      line.heardAt = performance.now();
      if (!isBinary) return;
      try {
        stream.record(data);
      } catch (error) {
        log.warn({ action: 'record.invalid', streamId: stream.id, error: String(error) }, 'a record does not parse');
        this.#say(line, { type: 'error', code: 'RECORD_INVALID', message: 'a record does not parse', retry: true });
        socket.close(1007);
        return;
      }
      line.bytes += data.length;
      if (line.bytes >= ackBytes) this.#acknowledge(line);
    });
    socket.on('ping', () => {
      line.heardAt = performance.now();
    });
    socket.on('error', (error) =>
      log.debug({ action: 'writer.error', streamId: stream.id, error: error.message }, 'writer line'),
    );
    socket.on('close', () => {
      if (!isCurrent()) return;
      this.#lines.delete(stream.id);
      stream.endWriter();
      log.info({ action: 'writer.gone', streamId: stream.id, epoch }, 'the writer is gone');
    });
    this.#say(line, { type: 'hello', lastRun: stream.lastRun, lastSeqWritten: stream.writer.seq });
  }

  #tick(): void {
    const now = performance.now();
    // A process that was stopped has not listened either: it hears first, then judges.
    const slept = now - this.#tickedAt > silenceMs / 2;
    this.#tickedAt = now;
    for (const line of this.#lines.values()) {
      if (slept) line.heardAt = now;
      if (now - line.heardAt > silenceMs) line.socket.terminate();
      else this.#acknowledge(line);
      if (line.stream.ended) this.#leaveEnded(line, now);
    }
  }

  /** Once it has heard that its last records are in the log. */
  #leaveEnded(line: Line, now: number): void {
    const { stream, socket } = line;
    line.endedAt ??= now;
    if (stream.writtenSeq < stream.writer.seq && now - line.endedAt < lastWordsMs) return;
    if (socket.readyState !== socket.OPEN) return;
    this.#say(line, { type: 'error', code: 'ENDED', message: 'the stream is over', retry: false });
    socket.close(1000);
  }

  #acknowledge(line: Line): void {
    const { writtenSeq: written, durableSeq: durable } = line.stream;
    line.bytes = 0;
    if (line.ackedSeq === written && line.ackedDurable === durable) return;
    line.ackedSeq = written;
    line.ackedDurable = durable;
    this.#say(line, { type: 'ack', written, durable });
  }

  #say(line: Line, message: LogMessage): void {
    if (line.socket.readyState === line.socket.OPEN) line.socket.send(JSON.stringify(message));
  }
}
