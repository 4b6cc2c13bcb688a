import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { SignJWT } from 'jose';
import { WebSocket } from 'ws';

import {
  encodeRecord,
  logMessage,
  recordFlag,
  recordType,
  type LogMessage,
  type RecordHeader,
  type RunPayload,
} from '#server/contracts/log-record.ts';

import { movedTo, type FixtureTrack } from './fixture-media.ts';

export const testSecret = 'a secret of the tests only';

export function leaseToken(stream: string, epoch: number, secret = testSecret): Promise<string> {
  return new SignJWT({ stream, epoch, writer: '0198a000-0000-7000-8000-00000000000a' })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(secret));
}

export function playbackToken(
  stream: string,
  { seconds = 15, audience = 'slicer' }: { seconds?: number; audience?: string } = {},
): Promise<string> {
  return new SignJWT({ stream })
    .setProtectedHeader({ alg: 'HS256' })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${seconds}s`)
    .sign(new TextEncoder().encode(testSecret));
}

interface Line {
  epoch: number;
  run?: number;
}

/** A writer as ingest is one: RUN, INIT, CLOCK, then chunks at the pace of their time stamps. */
export class TestWriter {
  readonly socket: WebSocket;
  readonly messages: LogMessage[] = [];
  seq = 0;
  /** UTC ms of tfdt 0. */
  readonly epochMs: number;
  readonly #tracks: FixtureTrack[];
  #startMs = 0;
  #index: number[] = [];
  #offset: number[] = [];
  #stopped = false;

  constructor(socket: WebSocket, tracks: FixtureTrack[], epochMs: number) {
    this.socket = socket;
    this.#tracks = tracks;
    this.epochMs = epochMs;
    socket.on('message', (data: Buffer) => this.messages.push(logMessage.parse(JSON.parse(data.toString()))));
  }

  static async connect(
    url: string,
    stream: string,
    line: { epoch: number; tracks: FixtureTrack[]; epochMs: number },
  ): Promise<TestWriter> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/log/v1/streams/${stream}?rung=src`, {
      headers: { authorization: `Bearer ${await leaseToken(stream, line.epoch)}` },
      perMessageDeflate: false,
      generateMask() {},
    });
    const writer = new TestWriter(socket, line.tracks, line.epochMs);
    await once(socket, 'open');
    const beat = setInterval(() => socket.ping(), 1000);
    socket.on('close', () => clearInterval(beat));
    while (writer.messages.length === 0) await sleep(5);
    const hello = writer.messages[0];
    if (hello?.type === 'hello') writer.seq = hello.lastSeqWritten;
    return writer;
  }

  send(header: Partial<RecordHeader> & Pick<RecordHeader, 'type'>, payload: Buffer | object): Buffer {
    this.seq += 1;
    const record = encodeRecord(
      { flags: 0, track: 0, seq: this.seq, tfdt: 0, duration: 0, captureUs: 0, clock: 'arrival', ...header },
      payload,
    );
    this.socket.send(record);
    return record;
  }

  /** A run whose time line begins at `startMs` (UTC). */
  beginRun(line: Pick<Line, 'run'> & { startMs: number; reason?: RunPayload['reason'] }): void {
    this.#startMs = line.startMs;
    const payload: RunPayload = {
      run: line.run ?? 1,
      reason: line.reason ?? 'start',
      tracks: this.#tracks.map((track) => track.info),
    };
    this.send({ type: recordType.run }, payload);
    for (const { info, init } of this.#tracks) this.send({ type: recordType.init, track: info.track }, init);
    this.#index = this.#tracks.map(() => 0);
    this.#offset = this.#tracks.map(({ info }) => Math.round(((line.startMs - this.epochMs) / 1000) * info.timescale));
    for (const [index, { info }] of this.#tracks.entries()) {
      const tfdt = this.#offset[index] ?? 0;
      const clock = { track: info.track, tfdt, utcUs: line.startMs * 1000, ppb: 0, errorUs: 0, clock: 'arrival' };
      this.send({ type: recordType.clock, track: info.track, tfdt }, clock);
    }
  }

  /** Sends every chunk that is due `seconds` after the run began; fixtures go round. */
  sendUntil(seconds: number): void {
    for (;;) {
      let best = -1;
      let bestTime = seconds;
      for (const [index, track] of this.#tracks.entries()) {
        const time = this.#timeOf(index) / track.info.timescale;
        if (time < bestTime) {
          best = index;
          bestTime = time;
        }
      }
      if (best < 0) return;
      this.#sendNext(best);
    }
  }

  /** At the pace of the clock, until stopped or `seconds` are sent. */
  async play(seconds: number): Promise<void> {
    for (;;) {
      const elapsed = (Date.now() - this.#startMs) / 1000;
      this.sendUntil(Math.min(elapsed, seconds));
      if (elapsed >= seconds || this.#stopped || this.socket.readyState !== WebSocket.OPEN) return;
      await sleep(10);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.socket.close();
  }

  #timeOf(index: number): number {
    const track = this.#tracks[index];
    const at = this.#index[index] ?? 0;
    if (!track) return Number.POSITIVE_INFINITY;
    const { chunks } = track;
    const first = chunks[0]?.tfdt ?? 0;
    const last = chunks.at(-1);
    const length = last ? last.tfdt + last.duration - first : 0;
    return Math.floor(at / chunks.length) * length + (chunks[at % chunks.length]?.tfdt ?? 0) - first;
  }

  #sendNext(index: number): void {
    const track = this.#tracks[index];
    const number = this.#index[index] ?? 0;
    const chunk = track?.chunks[number % track.chunks.length];
    if (!track || !chunk) return;
    const time = this.#timeOf(index);
    const tfdt = (this.#offset[index] ?? 0) + time;
    const captureUs = Math.round((this.#startMs + (time / track.info.timescale) * 1000) * 1000);
    const { duration, key } = chunk;
    const head = {
      type: recordType.chunk,
      flags: key ? recordFlag.key : 0,
      track: track.info.track,
      tfdt,
      duration,
      captureUs,
    };
    this.send(head, movedTo(chunk, tfdt));
    this.#index[index] = number + 1;
  }
}
