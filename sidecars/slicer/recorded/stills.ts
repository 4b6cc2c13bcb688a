import { UndecodableError, type PicturePool, type PictureRequest } from '../picture/picture-pool.ts';
import { KeyFrames, type KeyFrame, type PictureSource } from './key-frames.ts';
import { WorkQueue } from './work-queue.ts';

export const stillWidths = [160, 320, 640] as const;
export type StillWidth = (typeof stillWidths)[number];

export interface Still {
  jpeg: Buffer;
  frame: Omit<KeyFrame, 'chunk'>;
}

const cacheBytesMax = 32 * 1024 * 1024;
const runningMax = 2;
const waitingMax = 16;
/** Pictures that could not be decoded, remembered so that the one before them is shown. */
const damagedMax = 1024;
/** Damaged key frames in a row that one answer steps over. */
const attemptsMax = 3;

/** Pictures of any moment that memory or disk still holds, made once a key frame and width. */
export class Stills {
  readonly #pool: PicturePool;
  readonly #keyFrames = new KeyFrames();
  readonly #queue = new WorkQueue({ runningMax, waitingMax });
  /** In the order of use. */
  readonly #cache = new Map<string, Buffer>();
  readonly #damaged = new Set<string>();
  /** Pictures in whose hand a process ended once: the second time it was not chance. */
  readonly #suspects = new Set<string>();
  readonly #making = new Map<string, Promise<Buffer>>();
  #bytes = 0;

  constructor(pool: PicturePool) {
    this.#pool = pool;
  }

  get counters(): { bytes: number; waiting: number } {
    return { bytes: this.#bytes, waiting: this.#queue.waiting };
  }

  /** Null where nothing was received in the 30 s up to then. Rejects with a BusyError when too many wait, and when the signal says so while it waits. */
  async at(
    source: PictureSource,
    wish: { atMs: number; width: StillWidth },
    signal: AbortSignal,
  ): Promise<Still | null> {
    const quick = await this.#find(source, wish.atMs, false);
    if (quick === null) return null;
    const cached = quick && this.#cached(cacheKey(source, quick, wish.width));
    if (cached) return { jpeg: cached, frame: quick };
    return this.#queue.run(() => this.#make(source, wish, signal), signal);
  }

  async #make(
    source: PictureSource,
    { atMs, width }: { atMs: number; width: StillWidth },
    signal: AbortSignal,
  ): Promise<Still | null> {
    for (let attempt = 0; attempt < attemptsMax && !signal.aborted; attempt += 1) {
      const frame = await this.#find(source, atMs, true);
      if (!frame) return null;
      const key = cacheKey(source, frame, width);
      // Who waited in front of us may have asked for the same.
      const jpeg = this.#cached(key) ?? (await this.#decode(source, { frame, width, key }));
      if (jpeg) return { jpeg, frame };
    }
    return null;
  }

  /** Null where the picture is gone or damaged. */
  async #decode(
    source: PictureSource,
    { frame, width, key }: { frame: KeyFrame; width: StillWidth; key: string },
  ): Promise<Buffer | null> {
    const run = source.window.runs.get(frame.run) ?? (await source.store?.run(frame.run));
    const video = run?.tracks.find((track) => track.kind === 'video');
    const init = video && run?.inits.get(video.track);
    const chunk = init ? await this.#keyFrames.load(source, frame) : null;
    if (!init || !chunk) {
      this.#markDamaged(source, frame);
      return null;
    }
    try {
      return await this.#picture(key, { init, chunk, widthMax: width });
    } catch (error) {
      const isDamaged = error instanceof UndecodableError || this.#suspects.has(key);
      if (this.#suspects.size >= damagedMax) this.#suspects.clear();
      this.#suspects.add(key);
      if (!isDamaged) throw error;
      this.#markDamaged(source, frame);
      return null;
    }
  }

  /** Once, however many want it in the same moment. */
  #picture(key: string, request: Omit<PictureRequest, 'streamId'>): Promise<Buffer> {
    let making = this.#making.get(key);
    if (!making) {
      making = this.#pool
        .picture({ streamId: key, ...request })
        .then(({ jpeg }) => {
          this.#keep(key, jpeg);
          return jpeg;
        })
        .finally(() => this.#making.delete(key));
      this.#making.set(key, making);
    }
    return making;
  }

  #find(source: PictureSource, atMs: number, mayRead: boolean): Promise<KeyFrame | null | undefined> {
    const usable = (name: string) => !this.#damaged.has(`${source.id}/${name}`);
    return this.#keyFrames.find(source, { atMs, mayRead, usable });
  }

  #cached(key: string): Buffer | null {
    const jpeg = this.#cache.get(key);
    if (!jpeg) return null;
    // Taken out and put back: the map's order is the order of use.
    this.#cache.delete(key);
    this.#cache.set(key, jpeg);
    return jpeg;
  }

  #keep(key: string, jpeg: Buffer): void {
    this.#cache.set(key, jpeg);
    this.#bytes += jpeg.length;
    for (const [oldest, { length }] of this.#cache) {
      if (this.#bytes <= cacheBytesMax) break;
      this.#cache.delete(oldest);
      this.#bytes -= length;
    }
  }

  #markDamaged(source: PictureSource, frame: KeyFrame): void {
    if (this.#damaged.size >= damagedMax) this.#damaged.clear();
    this.#damaged.add(`${source.id}/${frame.name}`);
  }
}

function cacheKey(source: PictureSource, frame: KeyFrame, width: StillWidth): string {
  return `${source.id}/${frame.name}/${width}`;
}
