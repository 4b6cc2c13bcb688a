import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { blobExtension, epochOf, indexExtension, indexOfLines } from './blob.ts';
import { extendSpans, spanOf } from './coverage.ts';
import { decodeIndex, spanFromLine } from './index-line.ts';
import type { Recovered } from './recover.ts';
import type { Span } from './segment.ts';

/** A blob that was not ended, without a byte written: what its index says, what is on the disk of it, and when it was last written. */
export async function asItLies(dir: string, name: string): Promise<Recovered> {
  const blob = await stat(path.join(dir, name + blobExtension));
  const text = await readFile(path.join(dir, name + indexExtension)).catch(() => Buffer.alloc(0));
  const { lines } = decodeIndex(text);
  const { runs, segments } = indexOfLines(lines);
  const kept = segments.filter((segment) => segment.offset + segment.span <= blob.size);
  const holes = lines.flatMap((line) => (line.t === 'hole' ? [spanFromLine(line.span)] : []));
  const spans = kept.reduce<Span[]>((list, segment) => extendSpans(list, spanOf(segment)), holes);
  // Nothing in it can be played, and it takes its room: it has the age of its file.
  if (kept.length === 0) spans.push({ fromMs: blob.mtimeMs, toMs: blob.mtimeMs, kind: 'dropped' });
  const first = kept[0]?.mediaSequence ?? -1;
  const last = kept.at(-1)?.mediaSequence ?? -1;
  const writer = kept.at(-1)?.writer ?? null;
  const bytes = blob.size + text.length;
  return {
    summary: { name, epoch: epochOf(name), first, last, runs: [...runs.keys()], spans, bytes, writer },
    lastMediaSequence: Math.max(-1, ...segments.map((segment) => segment.mediaSequence)),
    lastRun: Math.max(0, ...runs.keys()),
    writer,
  };
}
