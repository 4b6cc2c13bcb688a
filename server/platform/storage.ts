import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { AppError } from './app-error.ts';

export interface StoredObject {
  key: string;
  bytes: number;
  modifiedAt: Date;
}

/** Whole objects by key: exports, thumbnails, attachments. Keys are `a/b/c.ext`; the same interface fits a folder and a bucket. */
export interface Storage {
  /** All or nothing: a reader never sees half an object. */
  put: (key: string, body: Buffer | Readable) => Promise<StoredObject>;
  /** `end` is exclusive. Throws NOT_FOUND. */
  get: (key: string, range?: { start: number; end?: number }) => Promise<Readable>;
  stat: (key: string) => Promise<StoredObject | null>;
  /** Nothing happens when it is not there. */
  delete: (key: string) => Promise<void>;
  /** In the order of their keys. */
  list: (prefix: string) => AsyncIterable<StoredObject>;
}

const keyPart = /^[\w][\w.-]*$/;

function pathOf(root: string, key: string): string {
  const parts = key.split('/');
  if (key.length > 512 || !parts.every((part) => keyPart.test(part))) {
    throw new AppError('BAD_REQUEST', {
      message: 'storage key has a part that is empty, hidden or has other signs than letters, digits . _ -',
    });
  }
  return join(root, ...parts);
}

/** Objects as files below `root`. */
export function openFolderStorage(root: string): Storage {
  const look = async (key: string): Promise<StoredObject | null> => {
    try {
      const found = await stat(pathOf(root, key));
      return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  };

  async function* walk(folder: string, prefix: string): AsyncGenerator<StoredObject> {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && (key.startsWith(prefix) || prefix.startsWith(`${key}/`))) yield* walk(key, prefix);
      else if (entry.isFile() && keyPart.test(entry.name) && key.startsWith(prefix)) {
        const found = await look(key);
        if (found) yield found;
      }
    }
  }

  return {
    async put(key, body) {
      const path = pathOf(root, key);
      const draft = join(dirname(path), `.${randomBytes(8).toString('hex')}`);
      await mkdir(dirname(path), { recursive: true });
      try {
        await pipeline(Buffer.isBuffer(body) ? Readable.from([body]) : body, createWriteStream(draft, { flush: true }));
        await rename(draft, path);
      } finally {
        await rm(draft, { force: true });
      }
      const stored = await look(key);
      if (!stored) throw new AppError('INTERNAL', { message: `${key} is gone right after it was stored` });
      return stored;
    },
    async get(key, range) {
      const path = pathOf(root, key);
      try {
        const file = await open(path);
        return createReadStream(path, {
          fd: file,
          start: range?.start ?? 0,
          ...(range?.end === undefined ? {} : { end: range.end - 1 }),
        });
      } catch (error) {
        if (isMissing(error)) throw new AppError('NOT_FOUND', { message: `${key} is not stored`, cause: error });
        throw error;
      }
    },
    stat: look,
    async delete(key) {
      await rm(pathOf(root, key), { force: true });
    },
    list: (prefix) => walk('', prefix),
  };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
