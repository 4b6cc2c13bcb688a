import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';

import type { Logger } from 'pino';

import { Absences } from './absences.ts';
import { BlobShelf } from './blob-shelf.ts';
import { diskIo, type BlobIo, type BlobSummary } from './blob.ts';
import { mergeSpans } from './coverage.ts';
import { evictedOf, isMedia, type Evicted } from './eviction.ts';
import { metaOf } from './index-line.ts';
import { defaultLimits, type RecorderLimits } from './limits.ts';
import { bootId, type SequenceFile } from './mark.ts';
import { openLog, type OpenedLog } from './open-log.ts';
import { Recorder } from './recorder.ts';
import { SegmentCache } from './segment-cache.ts';
import { SegmentReader } from './segment-reader.ts';
import type {
  Durable,
  LogPart,
  LogRun,
  PauseReason,
  RecordingState,
  SegmentClose,
  SegmentMeta,
  Span,
  WriterPosition,
} from './segment.ts';

export interface SegmentStoreOptions {
  /** DATA_DIR/media/{streamId}; made when it is not there. */
  dir: string;
  /** Of the slicer lease. */
  epoch: number;
  log: Logger;
  limits?: Partial<RecorderLimits>;
  /** False: nothing is kept but the sequence; true unless told. */
  recording?: boolean;
  io?: BlobIo;
  /** Shared by the stores of a process; one of its own unless told. */
  cache?: SegmentCache;
}

interface SegmentStoreEvents {
  state: [RecordingState];
  durable: [Durable];
}

export async function openSegmentStore(options: SegmentStoreOptions): Promise<SegmentStore> {
  return new SegmentStore(options, await openLog(options.dir, options.log));
}

/** The fragment log of one stream on disk. Calls that write are taken in order and never throw: what the disk refuses is told by `state`. */
export class SegmentStore extends EventEmitter<SegmentStoreEvents> {
  /** Where the writer stood at opening: what `hello` answers to the same epoch. */
  readonly lastWriter: WriterPosition | null;
  readonly #options: SegmentStoreOptions;
  readonly #limits: RecorderLimits;
  readonly #sequence: SequenceFile;
  readonly #shelf: BlobShelf;
  readonly #recorder: Recorder;
  readonly #reader: SegmentReader;
  readonly #absences: Absences;
  #lastMediaSequence: number;
  #lastRun: number;
  #chain: Promise<unknown> = Promise.resolve();
  #pendingBytes = 0;
  readonly #boot = bootId();
  #markedAt = 0;
  #closed: Promise<void> | null = null;

  constructor(options: SegmentStoreOptions, opened: OpenedLog) {
    super();
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#sequence = opened.sequence;
    this.#shelf = new BlobShelf(options.dir, opened.blobs);
    this.#absences = new Absences({ dir: options.dir, log: options.log, notes: opened.notes });
    this.#lastMediaSequence = opened.lastMediaSequence;
    this.#lastRun = opened.lastRun;
    this.lastWriter = opened.lastWriter;
    const { dir, epoch, log, recording = true, io = diskIo } = options;
    this.#recorder = new Recorder({ dir, epoch, log, limits: this.#limits, io, recording, hole: opened.notes.hole });
    this.#reader = new SegmentReader({
      dir,
      shelf: this.#shelf,
      growing: () => this.#recorder.blob,
      cache: options.cache ?? new SegmentCache(),
    });
    this.#recorder.on('state', (state) => this.emit('state', state));
    this.#recorder.on('durable', (durable) => this.emit('durable', durable));
    this.#recorder.on('ended', (blob) => this.#shelf.put(blob));
    this.#recorder.on('hole', (hole) => this.#absences.setHole(hole));
  }

  /** The highest number ever given out, in this life or an earlier one; −1 before the first. The next segment takes a higher one. */
  get lastMediaSequence(): number {
    return this.#lastMediaSequence;
  }

  get lastRun(): number {
    return this.#lastRun;
  }

  get state(): RecordingState {
    return this.#recorder.state;
  }

  get durableThrough(): Durable | null {
    return this.#recorder.durable;
  }

  get bytes(): number {
    const blob = this.#recorder.blob;
    return this.#shelf.bytes + (blob ? blob.size + blob.indexSize : 0);
  }

  /** Start of the oldest kept segment, UTC ms. */
  get oldestMs(): number | null {
    const spans = this.#shelf.blobs[0]?.spans ?? this.#recorder.blob?.spans ?? [];
    return spans.find(isMedia)?.fromMs ?? null;
  }

  /** End of the newest closed segment, UTC ms. */
  get newestMs(): number | null {
    const spans = this.#recorder.blob?.spans ?? this.#shelf.blobs.at(-1)?.spans ?? [];
    return spans.findLast(isMedia)?.toMs ?? null;
  }

  /** Ended blobs, oldest first: what retention chooses from. */
  get blobs(): readonly BlobSummary[] {
    return this.#shelf.blobs;
  }

  putRun(run: LogRun): Promise<void> {
    if (this.#closed) return Promise.resolve();
    this.#lastRun = Math.max(this.#lastRun, run.run);
    this.#reader.keepRun(run);
    return this.#inTurn(async () => {
      await this.#mark();
      await this.#recorder.putRun(run);
    });
  }

  /** Resolves when the part is in the page cache, or will not be: a process killed afterwards loses nothing of it. Chunks are held until then. */
  appendPart(part: LogPart): Promise<void> {
    // What comes after the end would open a blob that nobody ends.
    if (this.#closed) return Promise.resolve();
    const isNew = part.mediaSequence > this.#lastMediaSequence;
    if (isNew) this.#lastMediaSequence = part.mediaSequence;
    const bytes = part.chunks.reduce((sum, chunk) => sum + chunk.data.length, 0);
    if (this.#pendingBytes + bytes > this.#limits.pendingBytesMax) {
      const message = `${this.#pendingBytes} bytes wait for the disk`;
      return this.#inTurn(() => this.#recorder.pause('slow', message));
    }
    this.#pendingBytes += bytes;
    return this.#inTurn(async () => {
      if (isNew) await this.#mark();
      await this.#recorder.append(part);
    }).finally(() => {
      this.#pendingBytes -= bytes;
    });
  }

  /** Null where the segment is not recorded. */
  async closeSegment(close: SegmentClose): Promise<SegmentMeta | null> {
    const stored = await this.#inTurn(() => this.#recorder.closeSegment(close));
    return stored && metaOf(stored);
  }

  /** Bytes of a closed segment, the wanted tracks joined in order of arrival; null where it is not kept (any more). */
  read(mediaSequence: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    return this.#reader.read(mediaSequence, tracks);
  }

  /** The same of one part of a closed segment. */
  readPart(mediaSequence: number, part: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    return this.#reader.readPart(mediaSequence, part, tracks);
  }

  /** What the index knows of a closed segment. */
  find(mediaSequence: number): Promise<SegmentMeta | null> {
    return this.#reader.find(mediaSequence);
  }

  run(run: number): Promise<LogRun | null> {
    return this.#reader.run(run);
  }

  /** The init of a run for these tracks, in the order of the run; null where the run or one of its inits is not known. */
  init(run: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    return this.#reader.init(run, tracks);
  }

  /** Closed segments that touch [fromMs, toMs), in order of media sequence. */
  segments(fromMs: number, toMs: number): Promise<SegmentMeta[]> {
    return this.#reader.segments(fromMs, toMs);
  }

  /** What is there and, where known, why the rest is not; UTC ms, in order, joined. Stretches without a span are outages of the source. */
  coverage(fromMs: number, toMs: number): Span[] {
    const spans = [...this.#absences.evicted, ...this.#shelf.blobs.flatMap((blob) => blob.spans)];
    spans.push(...(this.#recorder.blob?.spans ?? []));
    const hole = this.#recorder.hole;
    if (hole && hole.fromMs < toMs) spans.push({ ...hole, toMs });
    return mergeSpans(spans.filter((span) => span.fromMs < toMs && span.toMs > fromMs));
  }

  /** The disk watch's word: keep nothing more until `resumeRecording`. */
  pauseRecording(reason: PauseReason, message: string): Promise<void> {
    return this.#inTurn(() => this.#recorder.pause(reason, message));
  }

  resumeRecording(): Promise<void> {
    return this.#inTurn(async () => this.#recorder.resume());
  }

  setRecording(on: boolean): Promise<void> {
    return this.#inTurn(() => this.#recorder.setRecording(on));
  }

  /** From the next blob on: a policy that keeps little wants small blobs, for they go as a whole. */
  setLimits(limits: Partial<RecorderLimits>): void {
    Object.assign(this.#limits, limits);
  }

  /** Takes away an ended blob, and remembers what was in it. */
  async evictBlob(blob: BlobSummary): Promise<Evicted> {
    await this.#shelf.remove(blob);
    await this.#absences.evict(blob.spans);
    return evictedOf(blob);
  }

  /** Syncs, ends the blob in hand and lets go. May be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#inTurn(async () => {
      await this.#recorder.close();
      await this.#absences.write();
      this.#sequence.close();
    });
    return this.#closed;
  }

  /** Closes and deletes everything, the sequence too: for a stream that is deleted for good. */
  async erase(): Promise<void> {
    await this.close();
    await rm(this.#options.dir, { recursive: true, force: true });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#chain.then(work);
    this.#chain = result.catch(() => {
      // Its caller has it; the next in turn goes on.
    });
    return result;
  }

  async #mark(): Promise<void> {
    try {
      await this.#sequence.write({ mediaSequence: this.#lastMediaSequence, run: this.#lastRun, boot: this.#boot });
      const now = Date.now();
      if (now - this.#markedAt < this.#limits.syncMs) return;
      this.#markedAt = now;
      this.#shelf.trim(now);
      await this.#sequence.sync();
    } catch (error) {
      this.#options.log.warn(
        { action: 'sequence.write', error: String(error) },
        'the media sequence could not be noted',
      );
    }
  }
}
