import type { Logger } from 'pino';

import { removeBlob, type BlobSummary, type BlobWriter } from './blob.ts';
import { encodeIndexLine } from './index-line.ts';

/** Blobs on their way out: cut, last line, synced and closed beside the writes of the next one. */
export class BlobEndings {
  readonly #dir: string;
  readonly #log: Logger;
  readonly #pending = new Set<Promise<void>>();

  constructor(dir: string, log: Logger) {
    this.#dir = dir;
    this.#log = log;
  }

  /** Its summary as it will be, at once; null where no segment is in it and it goes. `synced` is called when the disk has all of it. */
  end(blob: BlobWriter, synced: () => void): BlobSummary | null {
    blob.dropTail();
    const summary = blob.summary();
    summary.bytes += encodeIndexLine(blob.endLine()).length;
    const keep = summary.last >= 0;
    const ending = this.#finish(blob, keep ? synced : null).finally(() => this.#pending.delete(ending));
    this.#pending.add(ending);
    return keep ? summary : null;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  async #finish(blob: BlobWriter, synced: (() => void) | null): Promise<void> {
    try {
      await blob.cut();
      if (synced) {
        await blob.end();
        synced();
      }
    } catch (error) {
      this.#log.warn(
        { action: 'blob.end', blob: blob.name, error: String(error) },
        'a blob could not be ended; recovery will',
      );
    } finally {
      await blob.abandon();
      if (!synced) await removeBlob(this.#dir, blob.name);
    }
  }
}
