import { EventEmitter } from 'node:events';

import type { Logger } from 'pino';

import { BlobEndings } from './blob-endings.ts';
import { BlobWriter, blobName, removeBlob, type BlobIo, type BlobSummary } from './blob.ts';
import { Durability } from './durability.ts';
import { isMedia } from './eviction.ts';
import type { RecorderLimits } from './limits.ts';
import { encodePartFrame } from './part-frame.ts';
import { SegmentBuilder } from './segment-builder.ts';
import type {
  Durable,
  Hole,
  LogPart,
  LogRun,
  PauseReason,
  RecordingState,
  SegmentClose,
  Span,
  StoredSegment,
} from './segment.ts';

interface RecorderOptions {
  dir: string;
  epoch: number;
  log: Logger;
  limits: RecorderLimits;
  io: BlobIo;
  recording: boolean;
  hole: Hole | null;
}

interface RecorderEvents {
  state: [RecordingState];
  durable: [Durable];
  /** A blob grows no more. */
  ended: [BlobSummary];
  hole: [Hole | null];
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT']);

/** The writing side of one stream's log. The store calls it one call after another; no fault of the disk leaves it. */
export class Recorder extends EventEmitter<RecorderEvents> {
  readonly #options: RecorderOptions;
  #state: RecordingState;
  #blob: BlobWriter | null = null;
  #segment: SegmentBuilder | null = null;
  #run: LogRun | null = null;
  #hole: Hole | null;
  #triedAt = 0;
  readonly #durability: Durability;
  readonly #endings: BlobEndings;
  readonly #timer: NodeJS.Timeout;

  constructor(options: RecorderOptions) {
    super();
    this.#options = options;
    this.#endings = new BlobEndings(options.dir, options.log);
    this.#hole = options.hole;
    this.#state = options.recording ? { state: 'recording' } : { state: 'off' };
    this.#durability = new Durability({
      growing: () => this.#blob,
      advanced: (durable) => this.emit('durable', durable),
      failed: (error) => this.#fail(error),
    });
    this.#timer = setInterval(() => void this.#durability.sync(), options.limits.syncMs);
    this.#timer.unref();
  }

  get state(): RecordingState {
    return this.#state;
  }

  get blob(): BlobWriter | null {
    return this.#blob;
  }

  get hole(): Hole | null {
    return this.#hole;
  }

  get durable(): Durable | null {
    return this.#durability.durable;
  }

  async putRun(run: LogRun): Promise<void> {
    this.#run = run;
    const blob = this.#blob;
    if (blob) await this.#guard(() => blob.putRun(run));
  }

  async append(part: LogPart): Promise<void> {
    const run = this.#run;
    if (!run || !this.#mayWrite(part)) return;
    const opens = this.#segment?.mediaSequence !== part.mediaSequence;
    // What joins in the middle has no key frame before it: wait for the next segment.
    if (opens && part.part !== 0) return;
    await this.#guard(async () => {
      if (opens && this.#segment) await this.#putSegment(this.#segment.closeShort());
      this.#blob ??= await this.#openBlob(part, run);
      await this.#blob.putRun(run);
      await this.#write({ blob: this.#blob, part, run, opens });
      if (this.#state.state === 'paused') this.#setState({ state: 'recording' });
    });
  }

  async closeSegment(close: SegmentClose): Promise<StoredSegment | null> {
    const segment = this.#segment;
    if (segment?.mediaSequence !== close.mediaSequence) return null;
    this.#segment = null;
    const stored = segment.close(close);
    const kept = await this.#guard(async () => {
      await this.#putSegment(stored);
      const { blobMs, blobBytes } = this.#options.limits;
      const blob = this.#blob;
      if (blob && (Date.now() - blob.openedAt >= blobMs || blob.size >= blobBytes)) this.#endBlob(blob);
    });
    return kept ? stored : null;
  }

  /** Stops writing until `resume`, or for the disk's own reasons until it takes bytes again. */
  async pause(reason: PauseReason, message: string): Promise<void> {
    const { state } = this;
    // The disk refused bytes before it was seen that there is no room: nothing is tried until there is.
    if (state.state === 'paused' && state.reason === 'full' && reason === 'space')
      return this.#setState({ ...state, reason, message });
    if (state.state !== 'recording') return;
    this.#triedAt = Date.now();
    this.#stopAt('dropped');
    this.#setState({ state: 'paused', reason, sinceMs: Date.now(), message });
    await this.#endings.settled();
  }

  resume(): void {
    if (this.#state.state === 'paused') this.#setState({ state: 'recording' });
  }

  async setRecording(on: boolean): Promise<void> {
    if (on === (this.#state.state !== 'off')) return;
    if (!on) this.#stopAt('off');
    this.#setState(on ? { state: 'recording' } : { state: 'off' });
    await this.#endings.settled();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const segment = this.#segment;
    this.#segment = null;
    if (segment) await this.#guard(() => this.#putSegment(segment.closeShort()));
    if (this.#blob) this.#endBlob(this.#blob);
    await Promise.allSettled([this.#endings.settled(), this.#durability.settled()]);
  }

  #mayWrite(part: LogPart): boolean {
    if (this.#state.state === 'recording') return true;
    if (this.#state.state === 'off' || this.#state.reason === 'space') return false;
    return part.part === 0 && Date.now() - this.#triedAt >= this.#options.limits.retryMs;
  }

  async #write(work: { blob: BlobWriter; part: LogPart; run: LogRun; opens: boolean }): Promise<void> {
    const { blob, part, run } = work;
    const frame = encodePartFrame(part, run.run);
    let offset = blob.size + frame.length;
    await blob.append(part.data ? [frame, part.data] : [frame, ...part.chunks.map((chunk) => chunk.data)]);
    if (work.opens) {
      const { mediaSequence, discontinuity = false } = part;
      this.#segment = new SegmentBuilder({ mediaSequence, run: run.run, tracks: run.tracks, offset, discontinuity });
    }
    const segment = this.#segment;
    for (const chunk of part.chunks) {
      segment?.add(chunk, chunk.data, offset);
      offset += chunk.data.length;
    }
    segment?.endPart();
    const seq = part.chunks.findLast((chunk) => chunk.seq !== undefined)?.seq;
    if (seq !== undefined) blob.writer = { epoch: part.writerEpoch ?? 0, seq };
    if (segment) segment.writer = blob.writer;
    this.#durability.written({ mediaSequence: part.mediaSequence, part: part.part, writer: blob.writer });
  }

  async #openBlob(part: LogPart, run: LogRun): Promise<BlobWriter> {
    const { dir, epoch, io } = this.#options;
    const startUs = part.chunks.find((chunk) => chunk.captureUs > 0)?.captureUs;
    const hole = this.#hole;
    const holes: Span[] = hole && startUs && startUs / 1000 > hole.fromMs ? [{ ...hole, toMs: startUs / 1000 }] : [];
    const name = blobName(epoch, part.mediaSequence);
    const blob = await BlobWriter.create({ dir, name, io, run, holes }).catch(async (error: unknown) => {
      await removeBlob(dir, name);
      throw error;
    });
    this.#setHole(null);
    return blob;
  }

  async #putSegment(segment: StoredSegment | null): Promise<void> {
    if (segment) await this.#blob?.putSegment(segment);
  }

  #endBlob(blob: BlobWriter): void {
    this.#blob = null;
    const synced = this.#durability.mark();
    const summary = this.#endings.end(blob, () => synced?.());
    if (summary) this.emit('ended', summary);
  }

  /** True when it went well; a fault of the disk pauses recording and is not thrown. */
  async #guard(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  #fail(error: unknown): void {
    this.#triedAt = Date.now();
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const message = error instanceof Error ? error.message : String(error);
    this.#stopAt('dropped');
    if (this.#state.state !== 'recording') return;
    this.#setState({ state: 'paused', reason: fullCodes.has(code) ? 'full' : 'fault', sinceMs: Date.now(), message });
  }

  /** Lets go of the blob in hand and remembers from when on nothing is kept. The segment in hand is lost with it. */
  #stopAt(kind: Hole['kind']): void {
    this.#segment = null;
    const blob = this.#blob;
    const spans = blob?.spans ?? [];
    // A blob without a segment goes, and takes the hole before it along: that one goes on.
    const sinceMs = spans.findLast(isMedia)?.toMs ?? spans[0]?.fromMs;
    if (!this.#hole || this.#hole.kind !== kind) this.#setHole({ fromMs: sinceMs ?? Date.now(), kind });
    this.#durability.abandon();
    if (blob) this.#endBlob(blob);
  }

  #setState(state: RecordingState): void {
    this.#state = state;
    const { log } = this.#options;
    if (state.state === 'paused') log.warn({ action: 'recording.paused', ...state }, 'recording pauses, live goes on');
    else log.info({ action: `recording.${state.state}` }, 'recording');
    this.emit('state', state);
  }

  #setHole(hole: Hole | null): void {
    if (hole === this.#hole) return;
    this.#hole = hole;
    this.emit('hole', hole);
  }
}
