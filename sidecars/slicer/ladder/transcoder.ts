import { once } from 'node:events';

import type { Frame } from 'node-av/lib';
import type { WebSocket } from 'ws';

import {
  readRecord,
  recordFlag,
  recordType,
  runPayload,
  trackId,
  type RecordHeader,
  type RunPayload,
} from '#server/contracts/log-record.ts';
import { chunkSamples } from '#sidecars/cmaf/chunk-samples.ts';

import { LeadDecoder } from './lead-decoder.ts';
import { openLine, RungLine, type Origin } from './rung-line.ts';
import { RungOutput, type SourceRun } from './rung-output.ts';
import type { RungWork, TranscodeAsk } from './transcode-protocol.ts';

/** Records that wait for the decoder; beyond it the log keeps them, and leaves out what grows too old. */
const queueMax = 256;
/** Pictures in the decoder: reordering of 16, and a few. */
const originsMax = 64;
const fpsAssumed = 25;

type Begin = Extract<TranscodeAsk, { type: 'begin' }>;

interface Picture {
  key: boolean;
  origin: Origin;
}

/** One decode of a stream and as many encodes as it has rungs. It reads records as they come and knows of no parts or segments: only the log cuts. */
export class Transcoder {
  readonly #logUrl: string;
  readonly #onLost: (why: string) => void;
  readonly #outputs = new Map<string, RungOutput>();
  readonly #queue: Buffer[] = [];
  /** Pictures on their way through the decoder, by display time. */
  readonly #pictures = new Map<number, Picture>();
  #reader: WebSocket | null = null;
  #isPaused = false;
  #isWorking = false;
  #isOver = false;
  #run: SourceRun | null = null;
  #decoder: LeadDecoder | null = null;
  #nextDts: number | null = null;
  /** Rungs are changed between two records. */
  #wanted: readonly RungWork[] | null = null;

  private constructor(logUrl: string, onLost: (why: string) => void) {
    this.#logUrl = logUrl;
    this.#onLost = onLost;
  }

  /** `onLost`: it can't go on; called once. */
  static async begin(ask: Begin, onLost: (why: string) => void): Promise<Transcoder> {
    let isTold = false;
    const transcoder = new Transcoder(ask.logUrl, (why) => {
      if (!isTold) onLost(why);
      isTold = true;
    });
    await transcoder.#change(ask.rungs);
    await transcoder.#read(ask);
    return transcoder;
  }

  /** These and no others, from the next record on. */
  setRungs(rungs: readonly RungWork[]): void {
    this.#wanted = rungs;
    void this.#work();
  }

  async #change(rungs: readonly RungWork[]): Promise<void> {
    const names = new Set<string>(rungs.map((rung) => rung.name));
    for (const [name, output] of this.#outputs) {
      if (names.has(name)) continue;
      this.#outputs.delete(name);
      await output.close();
    }
    for (const rung of rungs) {
      if (this.#outputs.has(rung.name)) continue;
      const { token, track, name } = rung;
      const url = `${this.#logUrl}?rung=${name}`;
      const line = await RungLine.open({
        url,
        token,
        track,
        onLost: () => this.#onLost(`the line of ${name} is gone`),
      });
      this.#outputs.set(name, new RungOutput(rung, line));
    }
  }

  async #read({ logUrl, readToken, fromMs }: Begin): Promise<void> {
    const from = fromMs === null ? '' : `&from=${fromMs}`;
    const reader = openLine(`${logUrl}/read?tracks=${trackId.video}${from}`, readToken);
    this.#reader = reader;
    reader.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return;
      this.#queue.push(data);
      if (this.#queue.length >= queueMax && !this.#isPaused) {
        this.#isPaused = true;
        reader.pause();
      }
      void this.#work();
    });
    reader.on('close', () => {
      this.#isOver = true;
      void this.#work();
    });
    await once(reader, 'open');
  }

  /** One thing after the other. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (;;) {
        if (this.#wanted) {
          const wanted = this.#wanted;
          this.#wanted = null;
          await this.#change(wanted);
        }
        const record = this.#queue.shift();
        if (!record) break;
        if (this.#isPaused && this.#queue.length < queueMax / 2) {
          this.#isPaused = false;
          this.#reader?.resume();
        }
        await this.#take(record);
      }
      if (this.#isOver) {
        await this.#interrupt();
        await Promise.all([...this.#outputs.values()].map((output) => output.close()));
        this.#onLost('the log let its reader go');
      }
    } catch (error) {
      this.#onLost(String(error));
    } finally {
      this.#isWorking = false;
    }
  }

  async #take(record: Buffer): Promise<void> {
    const { header, payload } = readRecord(record);
    if (header.type === recordType.run) await this.#announce(runPayload.parse(JSON.parse(payload.toString())));
    else if (header.type === recordType.init && this.#run) {
      this.#decoder?.close();
      this.#decoder = await LeadDecoder.open(Buffer.from(payload), this.#run.video.timescale);
    } else if (header.type === recordType.chunk) await this.#chunk(header, payload);
  }

  async #announce({ run, reason, tracks }: RunPayload): Promise<void> {
    await this.#interrupt();
    this.#decoder?.close();
    this.#decoder = null;
    const lead = tracks.find((track) => track.kind === 'video');
    if (!lead?.width || !lead.height) this.#run = null;
    else {
      const video = { ...lead, width: lead.width, height: lead.height };
      this.#run = { run, reason, video, usualDuration: Math.round(lead.timescale / (lead.fps ?? fpsAssumed)) };
    }
  }

  async #chunk(header: RecordHeader, payload: Buffer): Promise<void> {
    const { tfdt, captureUs, clock, flags, duration } = header;
    const key = (flags & recordFlag.key) !== 0;
    // The log left something out for this reader, who was too slow: it goes on with a key frame.
    if (this.#nextDts !== null && tfdt !== this.#nextDts) await this.#interrupt();
    if (this.#nextDts === null && !key) return;
    this.#nextDts = tfdt + duration;
    const decoder = this.#decoder;
    if (!decoder) return;
    const synthetic = (flags & recordFlag.synthetic) !== 0;
    let dts = tfdt;
    for (const sample of chunkSamples(payload)) {
      const pts = dts + sample.compositionOffset;
      const isKey = key && dts === tfdt;
      this.#pictures.set(pts, { key: isKey, origin: { captureUs, clock, synthetic } });
      await decoder.decode({ data: sample.data, dts, pts, key: isKey }, (frame) => this.#picture(frame));
      dts += sample.duration;
    }
    for (const [pts] of this.#pictures) {
      if (this.#pictures.size <= originsMax) break;
      this.#pictures.delete(pts);
    }
  }

  async #picture(frame: Frame): Promise<void> {
    const run = this.#run;
    const pts = Number(frame.pts);
    const known = this.#pictures.get(pts);
    if (!run || !known) return;
    this.#pictures.delete(pts);
    for (const output of this.#outputs.values()) await output.picture(frame, run, known);
  }

  /** Gives out what is in the decoder and waits for a key frame. */
  async #interrupt(): Promise<void> {
    const run = this.#run;
    await this.#decoder?.drain((frame) => this.#picture(frame));
    if (run) for (const output of this.#outputs.values()) output.interrupt(run);
    this.#pictures.clear();
    this.#nextDts = null;
  }
}
