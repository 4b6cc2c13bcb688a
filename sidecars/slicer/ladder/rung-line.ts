import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { WebSocket } from 'ws';

import type { ClockKind } from '#server/contracts/clock.ts';
import {
  encodeRecord,
  recordFlag,
  recordType,
  writeRecordHeader,
  type RecordHeader,
  type RunPayload,
} from '#server/contracts/log-record.ts';
import { writeChunk } from '#sidecars/cmaf/chunk-writer.ts';
import { NalScan } from '#sidecars/codec/annexb.ts';
import type { EncodedPicture } from '#sidecars/encode/x264-encoder.ts';

const openWithinMs = 5000;
const closeWithinMs = 500;
const beatMs = 1000;
/** The log takes everything at once; one that does not has stopped. */
const bufferedBytesMax = 8 * 1024 * 1024;

/** What of a picture's source its chunk carries on. */
export interface Origin {
  captureUs: number;
  clock: ClockKind;
  synthetic: boolean;
}

/** The writer's side of the record protocol for one rung. Nothing is sent twice: a process whose line broke ends, and another resumes from the log's memory. */
export class RungLine {
  readonly #socket: WebSocket;
  readonly #beat: NodeJS.Timeout;
  readonly #track: number;
  readonly #scan = new NalScan();
  #seq = 0;
  #sequence = 0;

  private constructor(socket: WebSocket, track: number) {
    this.#socket = socket;
    this.#track = track;
    this.#beat = setInterval(() => socket.ping(), beatMs);
  }

  static async open(to: { url: string; token: string; track: number; onLost: () => void }): Promise<RungLine> {
    const socket = openLine(to.url, to.token);
    await once(socket, 'open');
    const line = new RungLine(socket, to.track);
    socket.on('close', () => {
      clearInterval(line.#beat);
      to.onLost();
    });
    return line;
  }

  run(payload: RunPayload, init: Buffer): void {
    this.#send(encodeRecord(this.#header({ type: recordType.run }), payload));
    this.#send(encodeRecord(this.#header({ type: recordType.init, track: this.#track }), init));
  }

  picture(picture: EncodedPicture, duration: number, origin: Origin): void {
    const { pts: tfdt, key, data } = picture;
    this.#scan.scan(data, false);
    const { size } = this.#scan;
    const { captureUs } = origin;
    this.#sequence += 1;
    const head = { track: this.#track, kind: 'video', sequence: this.#sequence, tfdt, captureUs } as const;
    const sample = { data, scan: this.#scan, pieces: null, size, duration, compositionOffset: 0, key };
    const record = writeChunk(head, [sample]);
    const flags = (key ? recordFlag.key : 0) | (origin.synthetic ? recordFlag.synthetic : 0);
    const { clock } = origin;
    const header = { type: recordType.chunk, track: this.#track, flags, tfdt, duration, captureUs, clock };
    this.#send(writeRecordHeader(record, this.#header(header)));
  }

  /** Resolves when the log has everything that was sent, or does not say so in time. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    this.#socket.removeAllListeners('close');
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.close();
    await Promise.race([once(this.#socket, 'close'), sleep(closeWithinMs)]);
  }

  #header(over: Partial<RecordHeader> & Pick<RecordHeader, 'type'>): RecordHeader {
    this.#seq += 1;
    return { flags: 0, track: 0, tfdt: 0, duration: 0, captureUs: 0, clock: 'arrival', ...over, seq: this.#seq };
  }

  #send(record: Buffer): void {
    if (this.#socket.bufferedAmount > bufferedBytesMax) this.#socket.terminate();
    else this.#socket.send(record);
  }
}

/** To the log of this machine: nothing is compressed, and the zero key spares the mask. */
export function openLine(url: string, token: string): WebSocket {
  return new WebSocket(url, {
    headers: { authorization: `Bearer ${token}` },
    perMessageDeflate: false,
    handshakeTimeout: openWithinMs,
    generateMask() {},
  });
}
