import type { Logger } from 'pino';

import { recordFlag, recordHeaderBytes, recordType, type RecordHeader } from '#server/contracts/log-record.ts';

import type { LogRun } from '../disk/segment.ts';
import type { Picture, PicturePool } from './picture-pool.ts';
import { keyFrameHash, mediaData, PictureTruth, type PictureVerdict } from './truth.ts';

/** One picture in ten seconds, one in two while somebody looks (media contract §7). */
const restingMs = 10_000;
const watchedMs = 2000;
/** A page asks for its thumbnails at least this often. */
const watchedForMs = 15_000;

export interface Thumbnail extends Picture {
  /** UTC of its capture where known, else of its arrival, ms. */
  takenAtMs: number;
}

export interface PictureWatchOptions {
  streamId: string;
  pool: PicturePool;
  log: Logger;
  now?: () => number;
}

/** Looks at the records of one stream as they pass: its thumbnail, and the truth about its picture. A sink of the stream. */
export class PictureWatch {
  latest: Thumbnail | null = null;
  readonly #options: PictureWatchOptions;
  readonly #truth = new PictureTruth();
  readonly #now: () => number;
  #init: Buffer | null = null;
  #track = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #watchedAt = Number.NEGATIVE_INFINITY;
  #isAsking = false;

  constructor(options: PictureWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  run(run: LogRun): void {
    const video = run.tracks.find((track) => track.kind === 'video');
    this.#track = video?.track ?? 0;
    this.#init = run.inits.get(this.#track) ?? null;
    this.#truth.begin({ width: video?.width ?? 0, height: video?.height ?? 0 });
    // Another run, another picture: not one interval of the old one more.
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  record(record: Buffer, header: RecordHeader): void {
    if (header.type !== recordType.chunk || header.track !== this.#track) return;
    if ((header.flags & recordFlag.synthetic) !== 0) return;
    const now = this.#now();
    const chunk = record.subarray(recordHeaderBytes);
    if ((header.flags & recordFlag.key) === 0) return this.#truth.frame(now, mediaData(chunk).length);
    this.#truth.keyFrame(keyFrameHash(chunk));
    const everyMs = now - this.#watchedAt < watchedForMs ? watchedMs : restingMs;
    // A little early rather than a whole GOP late.
    if (now - this.#askedAt >= everyMs - 250)
      void this.#take(chunk, header.captureUs > 0 ? header.captureUs / 1000 : now);
  }

  /** Somebody looks. */
  watched(): void {
    this.#watchedAt = this.#now();
  }

  verdict(): PictureVerdict {
    return this.#truth.verdict(this.#now());
  }

  async #take(chunk: Buffer, takenAtMs: number): Promise<void> {
    const init = this.#init;
    if (!init || this.#isAsking) return;
    const askedAt = this.#now();
    this.#askedAt = askedAt;
    this.#isAsking = true;
    const { pool, streamId, log } = this.#options;
    try {
      const picture = await pool.picture({ streamId, init, chunk });
      this.latest = { ...picture, takenAtMs };
      this.#truth.look(askedAt, picture);
    } catch (error) {
      log.debug({ action: 'picture.failed', streamId, error: String(error) }, 'no picture from this key frame');
    } finally {
      this.#isAsking = false;
    }
  }
}
