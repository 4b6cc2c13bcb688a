import { readFile, rename, writeFile } from 'node:fs/promises';

import { z } from 'zod';

import { streamId, type StreamId } from '#server/contracts/ids.ts';

/** Which sources were clean long enough when this node ran last: they may share a cell from the start, so that a restart does not fork one each. */
export type TrustedSources = ReadonlyMap<StreamId, string>;

/** Keys are keyed hashes (placement.ts), of no use to whoever reads the file. */
const trustedFile = z.array(z.tuple([streamId, z.string()])).max(10_000);

export async function readTrustedSources(path: string): Promise<TrustedSources> {
  try {
    return new Map(trustedFile.parse(JSON.parse(await readFile(path, 'utf8'))));
  } catch {
    return new Map(); // No file yet, or a damaged one: every source is a stranger, which is safe.
  }
}

/** Whole or not at all: a torn file would only cost trust, but would look like a fault. */
export async function writeTrustedSources(path: string, trusted: TrustedSources): Promise<void> {
  await writeFile(`${path}.next`, JSON.stringify([...trusted]), { mode: 0o600 });
  await rename(`${path}.next`, path);
}
