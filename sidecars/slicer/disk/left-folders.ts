import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import type { Logger } from 'pino';
import { z } from 'zod';

import { recordPolicy, type RecordPolicy } from '#server/contracts/camera.ts';

import { Absences } from './absences.ts';
import { asItLies } from './blob-as-it-lies.ts';
import { listBlobs, readSummary, removeBlob, type BlobSummary } from './blob.ts';
import { evictedOf, type Evicted } from './eviction.ts';
import { readNotes } from './mark.ts';
import { replaceFile } from './replace-file.ts';
import { applyRetention, type RetainedStream } from './retention.ts';

const policyName = 'policy.json';
/** Nothing is known of how long it is to be kept: only a full disk takes of it. */
const keptForEver: RecordPolicy = { mode: 'always', maxAgeSeconds: 315_360_000, maxBytes: null };
/** Months of many streams are not read through each time. */
const sweepEveryMs = 600_000;
/** What else is in a folder (its last number above all) is kept so much longer than its media. */
const emptyForMs = 7 * 86_400_000;

/** How long a stream's recordings are kept, beside them: for the time when nobody tells. */
export async function keepPolicy(dir: string, policy: RecordPolicy, log: Logger): Promise<void> {
  const file = path.join(dir, policyName);
  const text = JSON.stringify(policy);
  try {
    if ((await readFile(file, 'utf8').catch(() => null)) === text) return; // None yet: it is written.
    await replaceFile(file, text);
  } catch (error) {
    log.debug({ action: 'policy.write', error: String(error) }, 'how long recordings are kept could not be noted');
  }
}

async function readPolicy(dir: string): Promise<RecordPolicy> {
  try {
    return recordPolicy.parse(JSON.parse(await readFile(path.join(dir, policyName), 'utf8')));
  } catch {
    return keptForEver; // Older than the file, or lost.
  }
}

interface Options {
  /** DATA_DIR/media */
  dir: string;
  log: Logger;
  /** It is held here, or is just being closed. */
  isTaken: (streamId: string) => boolean;
}

/** Recordings of streams that this node does not hold any more: let go for want of room, or deleted while it was away. They grow old like all others. */
export class LeftFolders {
  readonly #options: Options;
  #sweptAt = -Infinity;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Now and then: takes what is older than its policy keeps, and folders with nothing in them for a week. */
  async sweep(nowMs = Date.now()): Promise<void> {
    if (nowMs - this.#sweptAt < sweepEveryMs) return;
    this.#sweptAt = nowMs;
    for (const left of await this.retained()) {
      await applyRetention(left, nowMs);
      if (left.store.blobs.length === 0) await this.#removeEmpty(left.dir, nowMs);
    }
  }

  /** What the disk watch may take of when the disk is nearly full. */
  async retained(): Promise<RetainedStream[]> {
    const { dir, isTaken, log } = this.#options;
    const left: RetainedStream[] = [];
    for (const entry of await readdir(dir, { withFileTypes: true })) {
      if (!entry.isDirectory() || !z.uuid().safeParse(entry.name).success || isTaken(entry.name)) continue;
      const folder = path.join(dir, entry.name);
      const store = await LeftLog.read(folder, { log, isTaken: () => isTaken(entry.name) }).catch(() => null); // Gone meanwhile.
      if (store) left.push({ dir: folder, store, policy: await readPolicy(folder) });
    }
    return left;
  }

  async #removeEmpty(folder: string, nowMs: number): Promise<void> {
    const names = await readdir(folder).catch(() => []); // Gone meanwhile.
    const times = await Promise.all(
      [folder, ...names.map((name) => path.join(folder, name))].map(async (file) =>
        stat(file).then(({ mtimeMs }) => mtimeMs),
      ),
    ).catch(() => [nowMs]); // It changes at this moment.
    if (Math.max(...times) > nowMs - emptyForMs || this.#options.isTaken(path.basename(folder))) return;
    await rm(folder, { recursive: true, force: true });
  }
}

/** Blobs of a folder without opening its log: nothing is recovered, and a stream that is taken up again meanwhile is left alone. */
class LeftLog {
  readonly blobs: BlobSummary[];
  readonly #dir: string;
  readonly #log: Logger;
  readonly #isTaken: () => boolean;

  private constructor(dir: string, blobs: BlobSummary[], options: { log: Logger; isTaken: () => boolean }) {
    this.#dir = dir;
    this.blobs = blobs;
    this.#log = options.log;
    this.#isTaken = options.isTaken;
  }

  static async read(dir: string, options: { log: Logger; isTaken: () => boolean }): Promise<LeftLog> {
    const blobs: BlobSummary[] = [];
    for (const name of await listBlobs(dir)) {
      const summary = (await readSummary(dir, name)) ?? (await asItLies(dir, name).catch(() => null))?.summary;
      if (summary) blobs.push(summary);
    }
    return new LeftLog(dir, blobs, options);
  }

  get bytes(): number {
    return this.blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  }

  async evictBlob(blob: BlobSummary): Promise<Evicted> {
    const at = this.blobs.indexOf(blob);
    if (at < 0 || this.#isTaken()) return { bytes: 0, seconds: 0 };
    this.blobs.splice(at, 1);
    await removeBlob(this.#dir, blob.name);
    const notes = await readNotes(this.#dir);
    if (!this.#isTaken()) await new Absences({ dir: this.#dir, log: this.#log, notes }).evict(blob.spans);
    return evictedOf(blob);
  }
}
