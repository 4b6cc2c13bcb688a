import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';

import type { Logger } from 'pino';

import { Absences } from './absences.ts';
import { BlobShelf, findSegment, readSegment, touches } from './blob-shelf.ts';
import { diskIo, type BlobIo, type BlobSummary } from './blob.ts';
import { mergeSpans } from './coverage.ts';
import { metaOf } from './index-line.ts';
import { defaultLimits, type RecorderLimits } from './limits.ts';
import { bootId, type SequenceFile } from './mark.ts';
import { spliceInits } from './moov-splice.ts';
import { openLog, type OpenedLog } from './open-log.ts';
import { Recorder } from './recorder.ts';
import { SegmentCache } from './segment-cache.ts';
import type {
  Durable,
  LogPart,
  LogRun,
  PauseReason,
  RecordingState,
  SegmentClose,
  SegmentMeta,
  Span,
  StoredSegment,
  WriterPosition,
} from './segment.ts';

/** Runs whose inits stay at hand; older ones are read from their blobs. */
const runsMax = 16;

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
  readonly #runs = new Map<number, LogRun>();
  readonly #absences: Absences;
  readonly #cache: SegmentCache;
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
    this.#cache = options.cache ?? new SegmentCache();
    this.#lastMediaSequence = opened.lastMediaSequence;
    this.#lastRun = opened.lastRun;
    this.lastWriter = opened.lastWriter;
    const { dir, epoch, log, recording = true, io = diskIo } = options;
    this.#recorder = new Recorder({ dir, epoch, log, limits: this.#limits, io, recording, hole: opened.notes.hole });
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
    this.#runs.set(run.run, run);
    for (const old of this.#runs.keys()) {
      if (this.#runs.size <= runsMax) break;
      this.#runs.delete(old);
    }
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
  async read(mediaSequence: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    const { dir } = this.#options;
    const blob = this.#recorder.blob;
    const segment = blob && findSegment(blob.index.segments, mediaSequence);
    const found = segment
      ? { name: blob.name, segment }
      : await this.#shelf.find(mediaSequence).then(
          (place) => place && { name: place.blob.name, segment: place.segment },
          () => null,
        );
    if (!found) return null;
    // By its blob: what was recorded under the same number in another life lies in another.
    const key = `${dir}/${found.name}/${mediaSequence}/${tracks === 'all' ? tracks : tracks.join()}`;
    return this.#cache.get(key, () => readSegment({ dir, ...found }, tracks));
  }

  /** What the index knows of a closed segment. */
  async find(mediaSequence: number): Promise<SegmentMeta | null> {
    const open = findSegment(this.#recorder.blob?.index.segments ?? [], mediaSequence);
    const segment = open ?? (await this.#shelf.find(mediaSequence).catch(() => null))?.segment;
    return segment ? metaOf(segment) : null;
  }

  async run(run: number): Promise<LogRun | null> {
    return this.#runs.get(run) ?? this.#recorder.blob?.index.runs.get(run) ?? this.#shelf.run(run).catch(() => null);
  }

  /** The init of a run for these tracks, in the order of the run; null where the run or one of its inits is not known. */
  async init(run: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    const known = await this.run(run);
    if (!known) return null;
    const wanted = known.tracks.filter(({ track }) => tracks === 'all' || tracks.includes(track));
    const inits = wanted.map(({ track }) => known.inits.get(track));
    return inits.length > 0 && inits.every((init) => init !== undefined) ? spliceInits(inits) : null;
  }

  /** Closed segments that touch [fromMs, toMs), in order of media sequence. */
  async segments(fromMs: number, toMs: number): Promise<SegmentMeta[]> {
    const open: StoredSegment[] = this.#recorder.blob?.index.segments ?? [];
    const growing = open.filter((segment) => touches(segment, fromMs, toMs));
    return [...(await this.#shelf.segments(fromMs, toMs)), ...growing].map(metaOf);
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

  /** Takes away every ended blob whose media is older, unless it is pinned. */
  async evict(beforeMs: number, isPinned: (blob: BlobSummary) => boolean = () => false): Promise<Evicted> {
    const taken: Evicted = { bytes: 0, seconds: 0 };
    for (const blob of this.#shelf.blobs.filter((old) => endMs(old) <= beforeMs && !isPinned(old))) {
      const evicted = await this.evictBlob(blob);
      taken.bytes += evicted.bytes;
      taken.seconds += evicted.seconds;
    }
    return taken;
  }

  async evictBlob(blob: BlobSummary): Promise<Evicted> {
    const { media, evicted } = evictedOf(blob);
    await this.#shelf.remove(blob);
    await this.#absences.evict(media);
    return evicted;
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

export interface Evicted {
  bytes: number;
  seconds: number;
}

/** What goes with a blob. */
export function evictedOf(blob: BlobSummary): { media: Span[]; evicted: Evicted } {
  const media = blob.spans.filter(isMedia);
  const seconds = media.reduce((sum, span) => sum + (span.toMs - span.fromMs) / 1000, 0);
  return { media, evicted: { bytes: blob.bytes, seconds } };
}

function isMedia({ kind }: Span): boolean {
  return kind === 'recorded' || kind === 'slate';
}

export function endMs(blob: BlobSummary): number {
  return Math.max(...blob.spans.map((span) => span.toMs));
}
