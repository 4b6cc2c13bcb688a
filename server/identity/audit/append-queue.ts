import { AppError } from '#server/platform/app-error.ts';

/** Written together in one transaction. */
const batchLengthMax = 200;
/** More than this many wait for a database that does not keep up: the next is refused at once. */
const waitingMax = 2000;

interface Waiting<Entry> {
  entry: Entry;
  written: () => void;
  failed: (reason: unknown) => void;
  /** Its deadline has passed: nobody waits for it, and it is not begun any more. */
  isLate: boolean;
}

/** Entries of one process go to the database one batch after the other, on one connection: the rest of the pool stays free for reading. */
export class AppendQueue<Entry> {
  readonly #write: (entries: readonly Entry[]) => Promise<void>;
  readonly #waitMsMax: number;
  #waiting: Waiting<Entry>[] = [];
  #isWriting = false;

  constructor(write: (entries: readonly Entry[]) => Promise<void>, options: { waitMsMax: number }) {
    this.#write = write;
    this.#waitMsMax = options.waitMsMax;
  }

  /** Resolves when the entry is written. */
  add(entry: Entry): Promise<void> {
    if (this.#waiting.length >= waitingMax) return Promise.reject(overloaded('too many entries wait to be written'));
    return new Promise((resolve, reject) => {
      const waiting: Waiting<Entry> = { entry, isLate: false, written: resolve, failed: reject };
      const timer = setTimeout(() => {
        waiting.isLate = true;
        reject(overloaded('an entry was not written in time'));
      }, this.#waitMsMax);
      waiting.written = () => {
        clearTimeout(timer);
        resolve();
      };
      waiting.failed = (reason) => {
        clearTimeout(timer);
        // What `write` threw is passed on as it is.
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- said above
        reject(reason);
      };
      this.#waiting.push(waiting);
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#isWriting) return;
    this.#isWriting = true;
    try {
      while (this.#waiting.length > 0) await this.#writeBatch();
    } finally {
      this.#isWriting = false;
    }
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#waiting.splice(0, batchLengthMax).filter((waiting) => !waiting.isLate);
    if (batch.length === 0) return;
    try {
      await this.#write(batch.map((waiting) => waiting.entry));
      for (const waiting of batch) waiting.written();
    } catch (error) {
      for (const waiting of batch) waiting.failed(error);
    }
  }
}

function overloaded(message: string): AppError {
  return new AppError('UNAVAILABLE', { message: `audit log: ${message}`, details: { retryAfterSeconds: 5 } });
}
