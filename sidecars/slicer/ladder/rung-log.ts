import { recordFlag, recordType, readRecord, runPayload } from '#server/contracts/log-record.ts';

import type { LogRun } from '../disk/segment.ts';
import type { LiveWindow } from '../live-window.ts';
import type { LiveStream } from '../stream.ts';
import type { Waiters } from '../waiters.ts';
import { RungCutter } from './rung-cutter.ts';
import type { Rung } from './rung.ts';

/** The log of one rung while it is watched, as its doors see it: a transcoder's records in, a live window out. */
export class RungLog {
  readonly id: string;
  readonly source: LiveStream;
  readonly rung: Rung;
  /** Nothing of it is on the disk. */
  readonly store = null;
  /** Epoch of the transcoder in force and the last of its records that is here. */
  writer = { epoch: 0, seq: 0 };
  readonly #cutter: RungCutter;
  /** A transcoder is connected. */
  #isFed = false;
  #run: LogRun | null = null;

  /** `from`: no segment below this number may be published. */
  constructor(source: LiveStream, rung: Rung, from: number) {
    this.id = `${source.id}?${rung.name}`;
    this.rung = rung;
    this.source = source;
    this.#cutter = new RungCutter(source, from);
  }

  get window(): LiveWindow {
    return this.#cutter.window;
  }

  get waiters(): Waiters {
    return this.#cutter.waiters;
  }

  get policy(): LiveStream['policy'] {
    return this.source.policy;
  }

  get writing(): boolean {
    return this.source.writing;
  }

  /** Its source is, and it has come to the end of it. */
  get ended(): boolean {
    return this.source.ended && (!this.#isFed || this.#cutter.isDrained);
  }

  get lastRun(): number {
    return this.#run?.run ?? 0;
  }

  get writtenSeq(): number {
    return this.writer.seq;
  }

  get durableSeq(): number {
    return this.writer.seq;
  }

  get lagSeconds(): number {
    return this.#cutter.lagSeconds;
  }

  get resumeAt(): number | null {
    return this.#cutter.resumeAt;
  }

  get readFromMs(): number | null {
    return this.#cutter.readFromMs;
  }

  playlistGiven(): void {
    this.source.playlistGiven();
  }

  wantKeyFrame(): void {
    this.source.wantKeyFrame();
  }

  /** Nothing is asked of a transcoder: it makes a key frame wherever its source has one. */
  onKeyFrameWanted(): () => void {
    return () => {};
  }

  beginWriter(epoch: number): void {
    this.writer = { epoch, seq: 0 };
    this.#isFed = true;
    this.#cutter.forgetPending();
  }

  endWriter(): void {
    this.#isFed = false;
    this.window.version += 1;
    if (this.ended) this.waiters.settleAll();
  }

  /** Takes one record as it came over the wire. Throws on what is none. */
  record(record: Buffer): void {
    const { header, payload } = readRecord(record);
    const { type, seq, track, flags, tfdt, duration, captureUs } = header;
    this.writer.seq = Math.max(this.writer.seq, seq);
    if (type === recordType.run) {
      const { run, tracks } = runPayload.parse(JSON.parse(payload.toString()));
      this.#run = this.#cutter.run({ run, tracks, inits: new Map(), discontinuity: true });
    } else if (type === recordType.init) this.#init(track, payload);
    else if (type === recordType.chunk && this.#run) {
      const key = (flags & recordFlag.key) !== 0;
      const synthetic = (flags & recordFlag.synthetic) !== 0;
      this.#cutter.push({ track, data: payload, tfdt, duration, captureUs, key, synthetic, seq }, this.#run.run);
    }
  }

  close(): void {
    this.#cutter.close();
  }

  #init(track: number, payload: Buffer): void {
    const inits = this.#run?.inits;
    const known = inits?.get(track);
    // It is cached for ever under the number of its run.
    if (known && !known.equals(payload)) throw new Error(`another init of run ${this.lastRun}`);
    inits?.set(track, Buffer.from(payload));
  }
}
