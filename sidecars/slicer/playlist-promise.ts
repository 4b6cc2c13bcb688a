import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { Logger } from 'pino';
import { z } from 'zod';

import type { PlaylistPromise } from './log-writer.ts';

const fileName = 'playlist.json';
const promiseFile = z.object({ targetDuration: z.int().positive(), partTarget: z.number().positive().nullable() });

/** TARGETDURATION and PART-TARGET of a stream as its playlists last said; null before the first. */
export async function readPromise(dir: string): Promise<PlaylistPromise | null> {
  try {
    return promiseFile.parse(JSON.parse(await readFile(path.join(dir, fileName), 'utf8')));
  } catch {
    return null; // None yet, or lost: learnt again from the first GOP.
  }
}

export function writePromise(dir: string, promise: PlaylistPromise, log: Logger): void {
  const draft = path.join(dir, `${fileName}.new`);
  void writeFile(draft, JSON.stringify(promise))
    .then(() => rename(draft, path.join(dir, fileName)))
    .catch((error: unknown) =>
      log.debug({ action: 'promise.write', error: String(error) }, 'playlist figures could not be kept'),
    );
}
