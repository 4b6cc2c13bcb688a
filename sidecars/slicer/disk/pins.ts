import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import type { BlobSummary } from './blob.ts';

/** `pins.json` in a stream's folder: stretches (UTC ms) that retention and the disk watch leave alone. Written by who pins, whole, by rename. */
const pins = z.array(z.object({ fromMs: z.number(), toMs: z.number(), reason: z.string().optional() })).max(10_000);
export type Pins = z.infer<typeof pins>;

export const pinsName = 'pins.json';

/** Null where the file is there and can't be understood: then nothing of the stream may be taken. */
export async function readPins(dir: string): Promise<Pins | null> {
  let text: string;
  try {
    text = await readFile(path.join(dir, pinsName), 'utf8');
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? [] : null;
  }
  try {
    return pins.parse(JSON.parse(text));
  } catch {
    return null; // A pin that we can't read is still a pin.
  }
}

export function isPinned(blob: BlobSummary, list: Pins | null): boolean {
  return (
    list === null || list.some((pin) => blob.spans.some((span) => span.fromMs < pin.toMs && span.toMs > pin.fromMs))
  );
}
