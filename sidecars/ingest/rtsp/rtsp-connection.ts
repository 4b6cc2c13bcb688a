import type { Socket } from 'node:net';

import { SourceError } from '../source.ts';
import { Authorization, readChallenges, type Credentials } from './authorization.ts';
import { InterleavedParser } from './interleaved-parser.ts';
import { header, writeReply, writeRequest, type RtspMessage } from './rtsp-message.ts';
import type { SocketReader } from './socket-reader.ts';

export interface RtspConnectionOptions {
  socket: Socket;
  reader: SocketReader;
  credentials: Credentials | null;
  requestMs: number;
  onPacket: (channel: number, buffer: Buffer, start: number, end: number) => void;
  /** Before each socket read is split: the time its packets arrived. */
  onRead: () => void;
}

export interface RtspRequest {
  method: string;
  uri: string;
  headers?: Record<string, string>;
  deadlineMs?: number;
}

interface Waiting {
  settle: (outcome: RtspMessage | SourceError) => void;
}

/** A server may call a nonce stale again and again. */
const attemptsMax = 3;
/** A peer that reads nothing gets nothing more from us; the media watchdog ends it. */
const unsentBytesMax = 64 * 1024;

/** One connection: requests and their replies by CSeq, media between them, the server's own requests answered. */
export class RtspConnection {
  /** Settles once: why the connection is over. */
  readonly closed: Promise<SourceError>;
  readonly parser: InterleavedParser;
  private readonly options: RtspConnectionOptions;
  private readonly authorization: Authorization | null;
  private readonly waiting = new Map<number, Waiting>();
  private resolveClosed: (why: SourceError) => void = () => undefined;
  private ended: SourceError | null = null;
  private cseq = 0;
  private hasAuthorized = false;
  /** The session that SETUP made; sent with every request that follows. */
  session: string | null = null;

  constructor(options: RtspConnectionOptions) {
    this.options = options;
    this.authorization = options.credentials && new Authorization(options.credentials);
    this.closed = new Promise((resolve) => {
      this.resolveClosed = resolve;
    });
    this.parser = new InterleavedParser({
      onPacket: options.onPacket,
      onMessage: (message) => this.onMessage(message),
    });
    const { socket } = options;
    socket.setNoDelay(true);
    options.reader.attach(socket, (read) => this.onData(read));
    socket.on('error', (error) =>
      this.end(new SourceError('CLOSED', 'the connection broke', { retry: true, cause: error })),
    );
    socket.on('end', () => this.end(new SourceError('CLOSED', 'the source closed the connection', { retry: true })));
    socket.on('close', () => this.end(new SourceError('CLOSED', 'the source closed the connection', { retry: true })));
  }

  /** The reply, whatever its status but 401. @throws SourceError when none comes or the credentials do not open. */
  async request(request: RtspRequest): Promise<RtspMessage> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = this.authorization?.answer(request) ?? null;
      const reply = await this.exchange(request, answer);
      if (reply.status !== 401) {
        this.hasAuthorized ||= answer !== null;
        return reply;
      }
      if (!this.authorization) throw new SourceError('AUTH_REQUIRED', 'the source wants credentials', { retry: false });
      const challenges = readChallenges(reply.headers.get('www-authenticate') ?? []);
      const canRetry = this.authorization.accept(challenges, {
        wasAnswered: answer !== null,
        hasWorked: this.hasAuthorized,
      });
      if (!canRetry || attempt === attemptsMax) {
        throw new SourceError('AUTH_REFUSED', `the credentials were refused (${describe(challenges)})`, {
          retry: false,
        });
      }
    }
  }

  /** An interleaved packet of ours; dropped when the peer does not read. */
  sendPacket(channel: number, packet: Buffer): void {
    const { socket } = this.options;
    if (this.ended || socket.writableLength > unsentBytesMax) return;
    const frame = Buffer.allocUnsafe(4 + packet.length);
    frame.writeUInt8(0x24, 0);
    frame.writeUInt8(channel, 1);
    frame.writeUInt16BE(packet.length, 2);
    packet.copy(frame, 4);
    socket.write(frame);
  }

  /** It plays: packets are worth more together than a moment earlier. */
  readInRounds(): void {
    this.options.reader.isSteady = true;
  }

  /** Ends it at once; what waits is told `why`. */
  end(why: SourceError): void {
    if (this.ended) return;
    this.ended = why;
    this.options.socket.destroy();
    for (const { settle } of this.waiting.values()) settle(why);
    this.waiting.clear();
    this.resolveClosed(why);
  }

  private async exchange(request: RtspRequest, answer: string | null): Promise<RtspMessage> {
    if (this.ended) throw this.ended;
    this.cseq += 1;
    const cseq = this.cseq;
    const outcome = await new Promise<RtspMessage | SourceError>((resolve) => {
      const timer = setTimeout(() => {
        resolve(new SourceError('TIMED_OUT', `no reply to ${request.method}`, { retry: true }));
      }, request.deadlineMs ?? this.options.requestMs);
      this.waiting.set(cseq, {
        settle: (settled) => {
          clearTimeout(timer);
          resolve(settled);
        },
      });
      this.options.socket.write(
        writeRequest(request.method, request.uri, {
          CSeq: String(cseq),
          'User-Agent': 'Sensorium',
          ...(this.session ? { Session: this.session } : {}),
          ...(answer ? { Authorization: answer } : {}),
          ...request.headers,
        }),
      );
    });
    this.waiting.delete(cseq);
    if (outcome instanceof SourceError) throw outcome;
    return outcome;
  }

  private onData(read: Buffer): void {
    if (this.ended) return;
    try {
      this.options.onRead();
      this.parser.push(read);
    } catch (error) {
      this.end(
        error instanceof SourceError
          ? error
          : new SourceError('INTERNAL', 'reading the stream failed', { retry: true, cause: error }),
      );
    }
  }

  private onMessage(message: RtspMessage): void {
    if (message.status === null) {
      this.onServerRequest(message);
      return;
    }
    // Some servers leave CSeq out; replies come in the order of requests.
    const cseq = Number(header(message, 'cseq') ?? this.waiting.keys().next().value);
    const waiting = this.waiting.get(cseq);
    this.waiting.delete(cseq);
    waiting?.settle(message);
  }

  private onServerRequest(message: RtspMessage): void {
    if (message.title === 'TEARDOWN' || message.title === 'REDIRECT') {
      this.end(new SourceError('CLOSED', `the source asked for ${message.title}`, { retry: true }));
      return;
    }
    const status = message.title === 'ANNOUNCE' ? '501 Not Implemented' : '200 OK';
    const { socket } = this.options;
    if (socket.writableLength < unsentBytesMax)
      socket.write(writeReply(status, { CSeq: header(message, 'cseq') ?? '0' }));
  }
}

function describe(challenges: ReturnType<typeof readChallenges>): string {
  return challenges
    .map(({ scheme, parameters }) => `${scheme} ${parameters.get('algorithm') ?? ''}`.trim().slice(0, 30))
    .join(', ');
}
