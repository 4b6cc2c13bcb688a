import type { Socket } from 'node:net';

import { interleave } from './fake-rtp.ts';
import { FakeAuthorizer, type FakeAuth } from './fake-rtsp-auth.ts';

export interface FakeRequest {
  method: string;
  uri: string;
  /** Names in lower case. */
  headers: Record<string, string>;
}

export interface FakeReply {
  status: string;
  headers?: Record<string, string | string[]>;
  body?: string;
}

export interface FakeClientOptions {
  socket: Socket;
  auth: FakeAuth | undefined;
  sessionSeconds: number;
  /** Answers in the server's place where it gives something; `null` leaves the request without an answer. */
  respond: ((request: FakeRequest) => FakeReply | null | undefined) | undefined;
  describe: () => string;
  onRequest: (request: FakeRequest) => void;
}

/** A client that lags so far behind gets nothing more, like a camera whose buffer is full. */
const unsentBytesMax = 1024 * 1024;

/** One client's connection: answers its requests, carries media to the channels it set up. */
export class FakeRtspClient {
  isPlaying = false;
  /** Receiver reports that came. */
  reports = 0;
  private readonly options: FakeClientOptions;
  private readonly authorizer: FakeAuthorizer | null;
  private readonly channels = new Map<string, number>();
  private pending: Buffer = Buffer.alloc(0);

  constructor(options: FakeClientOptions) {
    this.options = options;
    this.authorizer = options.auth ? new FakeAuthorizer(options.auth) : null;
    const { socket } = options;
    socket.on('data', (read: Buffer) => this.onData(read));
    socket.on('error', () => socket.destroy());
  }

  /** To the channel of `track`, or the one after it for RTCP; left out where the client did not set it up. */
  send(track: 'video' | 'audio', kind: 'rtp' | 'rtcp', packet: Buffer): void {
    const channel = this.channels.get(track);
    if (channel !== undefined) this.write(interleave(channel + (kind === 'rtcp' ? 1 : 0), packet));
  }

  write(bytes: Buffer): void {
    const { socket } = this.options;
    if (this.isPlaying && !socket.destroyed && socket.writableLength < unsentBytesMax) socket.write(bytes);
  }

  destroy(): void {
    this.options.socket.destroy();
  }

  private onData(read: Buffer): void {
    this.pending = Buffer.concat([this.pending, read]);
    for (;;) {
      if (this.pending[0] === 0x24) {
        if (this.pending.length < 4) return;
        const end = 4 + this.pending.readUInt16BE(2);
        if (this.pending.length < end) return;
        if (this.pending[5] === 201) this.reports += 1;
        this.pending = this.pending.subarray(end);
        continue;
      }
      const end = this.pending.indexOf('\r\n\r\n');
      if (end < 0) return;
      const request = readRequest(this.pending.toString('utf8', 0, end));
      this.pending = this.pending.subarray(end + 4);
      this.options.onRequest(request);
      const reply = this.options.respond?.(request);
      if (reply !== null) this.reply(request, reply ?? this.answer(request));
    }
  }

  private answer({ method, uri, headers }: FakeRequest): FakeReply {
    const session = { Session: `12345678;timeout=${this.options.sessionSeconds}` };
    if (method === 'OPTIONS') {
      return { status: '200 OK', headers: { Public: 'OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN' } };
    }
    const challenges = this.authorizer?.refuse(method, headers['authorization']);
    if (challenges) return { status: '401 Unauthorized', headers: { 'WWW-Authenticate': challenges } };
    if (method === 'DESCRIBE') {
      const base = `${uri.replace(/\/$/, '')}/`;
      return {
        status: '200 OK',
        headers: { 'Content-Base': base, 'Content-Type': 'application/sdp' },
        body: this.options.describe(),
      };
    }
    if (method === 'SETUP') {
      const transport = headers['transport'] ?? '';
      const channel = Number(/interleaved=(\d+)/.exec(transport)?.[1]);
      if (Number.isNaN(channel)) return { status: '461 Unsupported Transport' };
      this.channels.set(uri.endsWith('audio') ? 'audio' : 'video', channel);
      return { status: '200 OK', headers: { ...session, Transport: transport } };
    }
    if (method === 'PLAY') this.isPlaying = true;
    if (method === 'TEARDOWN') this.isPlaying = false;
    return { status: '200 OK', headers: session };
  }

  private reply(request: FakeRequest, { status, headers = {}, body = '' }: FakeReply): void {
    const lines = Object.entries({ CSeq: request.headers['cseq'] ?? '0', ...headers }).flatMap(([name, values]) =>
      [values].flat().map((value) => `${name}: ${value}`),
    );
    if (body) lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    if (!this.options.socket.destroyed) {
      this.options.socket.write(`RTSP/1.0 ${status}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
    }
  }
}

function readRequest(head: string): FakeRequest {
  const [first = '', ...lines] = head.trimStart().split('\r\n');
  const [method = '', uri = ''] = first.split(' ');
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { method, uri, headers };
}
