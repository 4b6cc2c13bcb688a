import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocketServer, type WebSocket } from 'ws';

import {
  encodeRecord,
  recordFlag,
  recordType,
  type ClockPayload,
  type RecordHeader,
  type RunPayload,
} from '#server/contracts/log-record.ts';

import type { LogChunk, LogRun } from './disk/segment.ts';
import { KeepUp } from './keep-up.ts';
import type { TokenCheck } from './lease-token.ts';
import type { StreamShelf } from './stream-shelf.ts';
import type { LiveStream } from './stream.ts';
import { parseTracks } from './tail.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';

/** Readers say nothing. */
const messageBytesMax = 4096;
/** Of one stream; viewers of `tail.mp4` have a bound of their own. */
const readersMax = 64;

const header = (over: Partial<RecordHeader> & Pick<RecordHeader, 'type'>): RecordHeader => ({
  flags: 0,
  track: 0,
  seq: 0,
  tfdt: 0,
  duration: 0,
  captureUs: 0,
  clock: 'arrival',
  ...over,
});

/**
 * The door for readers in the house: `GET /log/v1/streams/{id}/read?tracks=&from=`. The same records as the writer's: RUN, INITs and CLOCK first,
 * then from the last key frame, or from the one before `from` (UTC ms) as far as memory reaches.
 */
export class ReaderDoor {
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: messageBytesMax });
  readonly #shelf: StreamShelf;
  readonly #tokens: TokenCheck;

  constructor(options: { shelf: StreamShelf; tokens: TokenCheck }) {
    this.#shelf = options.shelf;
    this.#tokens = options.tokens;
  }

  get readers(): number {
    return this.#sockets.clients.size;
  }

  async upgrade(
    request: IncomingMessage,
    socket: Duplex,
    asked: { head: Buffer; streamId: string; query: URLSearchParams },
  ): Promise<void> {
    const { streamId, query } = asked;
    if (!(await this.#tokens.mayRead(request.headers.authorization, streamId))) {
      return refuseUpgrade(socket, 401, 'the token does not open this stream');
    }
    const stream = await this.#shelf.open(streamId);
    if (!stream) return refuseUpgrade(socket, 404, 'this node does not hold the stream');
    if (stream.sinks.size - stream.tails >= readersMax)
      return refuseUpgrade(socket, 503, 'too many readers', { 'retry-after': '5' });
    const from = Number(query.get('from') ?? Number.NaN);
    const tracks = parseTracks(query.get('tracks'));
    this.#sockets.handleUpgrade(request, socket, asked.head, (line) => {
      readStream(line, stream, { tracks, fromMs: Number.isFinite(from) ? from : null });
    });
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }
}

function readStream(
  socket: WebSocket,
  stream: LiveStream,
  wish: { tracks: number[] | null; fromMs: number | null },
): void {
  const wants = (track: number) => wish.tracks === null || wish.tracks.includes(track);
  const keepUp = new KeepUp();
  const sendRun = (run: LogRun) => {
    const tracks = run.tracks.filter((track) => wants(track.track));
    if (tracks.length === 0) return;
    const payload: RunPayload = { run: run.run, reason: run.discontinuity ? 'reconnect' : 'start', tracks };
    socket.send(encodeRecord(header({ type: recordType.run }), payload));
    for (const { track } of tracks) {
      const init = run.inits.get(track);
      if (init) socket.send(encodeRecord(header({ type: recordType.init, track }), init));
    }
    const clock = stream.clock;
    if (clock && wants(clock.track)) socket.send(clockRecord(clock));
  };
  if (stream.run && stream.hasRunStarted) {
    sendRun(stream.run);
    const since = stream.chunksSince(wish.fromMs);
    if (since.length === 0) stream.wantKeyFrame();
    for (const chunk of since) if (wants(chunk.track)) socket.send(chunkRecord(chunk, stream));
  }
  const sink = {
    run: sendRun,
    record: (record: Buffer, head: RecordHeader) => {
      const ofTrack = head.type === recordType.chunk || head.type === recordType.clock;
      if (ofTrack && !wants(head.track)) return;
      if (head.type === recordType.chunk) {
        const opens = (head.flags & recordFlag.key) !== 0 && head.track === stream.lead?.track;
        if (!keepUp.admits(opens, socket.bufferedAmount)) {
          stream.readerDrops += 1;
          return;
        }
      }
      socket.send(record);
    },
    close: () => socket.close(1001),
  };
  stream.sinks.add(sink);
  socket.on('close', () => stream.sinks.delete(sink));
  socket.on('error', () => socket.terminate());
}

function chunkRecord(chunk: LogChunk, stream: LiveStream): Buffer {
  const { track, tfdt, duration, captureUs, seq = 0 } = chunk;
  const flags = (chunk.key ? recordFlag.key : 0) | (chunk.synthetic ? recordFlag.synthetic : 0);
  const clock = stream.meter.clock ?? 'arrival';
  return encodeRecord(
    header({ type: recordType.chunk, flags, track, seq, tfdt, duration, captureUs, clock }),
    chunk.data,
  );
}

function clockRecord(clock: ClockPayload): Buffer {
  return encodeRecord(
    header({ type: recordType.clock, track: clock.track, tfdt: clock.tfdt, clock: clock.clock }),
    clock,
  );
}
