import type { BlobWriter } from './blob.ts';
import type { Durable } from './segment.ts';

interface Options {
  /** The blob that is written to. */
  growing: () => BlobWriter | null;
  advanced: (durable: Durable) => void;
  /** A sync of the blob that is still written to did not go well. */
  failed: (error: unknown) => void;
}

/** Up to where a log is written, and up to where the disk holds it, come what may. */
export class Durability {
  readonly #options: Options;
  #written: Durable | null = null;
  #durable: Durable | null = null;
  #syncing: Promise<void> | null = null;

  constructor(options: Options) {
    this.#options = options;
  }

  get durable(): Durable | null {
    return this.#durable;
  }

  written(through: Durable): void {
    this.#written = through;
  }

  /** What is in no closed segment was cut away: nothing of it becomes durable. */
  abandon(): void {
    this.#written = null;
  }

  /** To be called when what is written by now is on the disk; null where nothing is. */
  mark(): (() => void) | null {
    const written = this.#written;
    return written && (() => this.#advance(written));
  }

  /** Everything written so far to the disk; beside the writes, not between them, for it can take a second. */
  async sync(): Promise<void> {
    if (this.#syncing) return this.#syncing;
    const blob = this.#options.growing();
    const written = this.#written;
    if (!blob || !written || written === this.#durable) return;
    this.#syncing = blob
      .sync()
      .then(() => this.#advance(written))
      .catch((error: unknown) => {
        // A blob that was ended meanwhile is synced by its end.
        if (this.#options.growing() === blob) this.#options.failed(error);
      })
      .finally(() => {
        this.#syncing = null;
      });
    return this.#syncing;
  }

  /** The sync under way, if there is one, is over. */
  async settled(): Promise<void> {
    await this.#syncing;
  }

  #advance(durable: Durable): void {
    const last = this.#durable;
    // The end of a blob can be slower than the first sync of the next.
    if (last && (last.mediaSequence - durable.mediaSequence || last.part - durable.part) > 0) return;
    this.#durable = durable;
    this.#options.advanced(durable);
  }
}
