import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { streamId, type StreamId } from '#server/contracts/ids.ts';
import type { Logger } from '#server/platform/log.ts';

export interface LookThumbnail {
  jpeg: Buffer;
  capturedAt: Date;
  etag: string;
}

interface Kept {
  bytes: number;
  capturedAt: Date;
}

const bytesMaxDefault = 64 * 1024 * 1024;

/** The last picture of each source that was looked at, in files: the least recently seen go when there are too many. A cache, of this gateway alone. */
export class LookThumbnails {
  readonly #options: { dir: string; log: Logger; bytesMax?: number };
  /** In the order of use. */
  readonly #kept = new Map<StreamId, Kept>();
  #bytes = 0;
  #ready: Promise<void> | null = null;

  constructor(options: { dir: string; log: Logger; bytesMax?: number }) {
    this.#options = options;
  }

  async get(id: StreamId): Promise<LookThumbnail | null> {
    await this.#open();
    const kept = this.#kept.get(id);
    if (!kept) return null;
    this.#kept.delete(id);
    this.#kept.set(id, kept);
    try {
      const jpeg = await readFile(this.#pathOf(id));
      return { jpeg, capturedAt: kept.capturedAt, etag: `"l${kept.capturedAt.getTime()}-${jpeg.length}"` };
    } catch {
      this.#drop(id); // Somebody emptied the folder: it is looked at again.
      return null;
    }
  }

  async put(id: StreamId, jpeg: Buffer, capturedAt: Date): Promise<void> {
    await this.#open();
    const { dir, log } = this.#options;
    const next = join(dir, `${randomUUID()}.next`);
    try {
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeFile(next, jpeg, { mode: 0o600 });
      await utimes(next, capturedAt, capturedAt);
      await rename(next, this.#pathOf(id));
    } catch (error) {
      log.warn({ action: 'look.unkept', streamId: id, error }, 'the picture of a look could not be kept');
      await rm(next, { force: true });
      return;
    }
    this.#drop(id);
    this.#kept.set(id, { bytes: jpeg.length, capturedAt });
    this.#bytes += jpeg.length;
    const most = this.#options.bytesMax ?? bytesMaxDefault;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= most) break;
      await this.forget(oldest);
    }
  }

  async forget(id: StreamId): Promise<void> {
    await this.#open();
    this.#drop(id);
    await rm(this.#pathOf(id), { force: true });
  }

  /** What an earlier run left. */
  #open(): Promise<void> {
    this.#ready ??= this.#readFolder();
    return this.#ready;
  }

  async #readFolder(): Promise<void> {
    const { dir } = this.#options;
    const names = await readdir(dir).catch(() => []); // No folder yet: nothing is kept.
    const found: [StreamId, Kept][] = [];
    for (const name of names) {
      const id = streamId.safeParse(name.replace(/\.jpg$/, '')).data;
      const file = id && (await stat(join(dir, name)).catch(() => null)); // Gone meanwhile.
      if (id && file && name.endsWith('.jpg')) found.push([id, { bytes: file.size, capturedAt: file.mtime }]);
      else await rm(join(dir, name), { force: true, recursive: true });
    }
    for (const [id, kept] of found.toSorted(([, a], [, b]) => a.capturedAt.getTime() - b.capturedAt.getTime())) {
      this.#kept.set(id, kept);
      this.#bytes += kept.bytes;
    }
  }

  #drop(id: StreamId): void {
    this.#bytes -= this.#kept.get(id)?.bytes ?? 0;
    this.#kept.delete(id);
  }

  #pathOf(id: StreamId): string {
    return join(this.#options.dir, `${id}.jpg`);
  }
}
