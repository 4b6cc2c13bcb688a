import { mkdir } from 'node:fs/promises';

import type { Logger } from 'pino';

import { asItLies } from './blob-as-it-lies.ts';
import { listBlobs, readSummary, type BlobSummary } from './blob.ts';
import { bootId, readNotes, SequenceFile, type LogNotes } from './mark.ts';
import { recoverBlob } from './recover.ts';
import type { WriterPosition } from './segment.ts';

/** More than the segments of a sync interval: what a power loss can have taken out of the mark. */
const powerLossMargin = 32;

/** A month of one stream is 8,640 blobs to look at. */
const readsAtOnce = 32;

/** What a folder holds: every blob ended, what a crash left recovered. */
export interface OpenedLog {
  notes: LogNotes;
  sequence: SequenceFile;
  /** Oldest first. */
  blobs: BlobSummary[];
  lastMediaSequence: number;
  lastRun: number;
  lastWriter: WriterPosition | null;
}

export async function openLog(dir: string, log: Logger): Promise<OpenedLog> {
  await mkdir(dir, { recursive: true });
  const sequence = new SequenceFile(dir);
  const afterPowerLoss = sequence.last !== null && sequence.last.boot !== bootId();
  const opened: OpenedLog = {
    notes: await readNotes(dir),
    sequence,
    blobs: [],
    lastMediaSequence: (sequence.last?.mediaSequence ?? -1) + (afterPowerLoss ? powerLossMargin : 0),
    lastRun: sequence.last?.run ?? 0,
    lastWriter: null,
  };
  const names = await listBlobs(dir);
  const summaries = await readSummaries(dir, names);
  for (const [at, name] of names.entries()) {
    const summary = summaries[at] ?? (await recover(opened, { dir, name, log }));
    if (!summary) continue;
    opened.blobs.push(summary);
    opened.lastWriter = summary.writer ?? opened.lastWriter;
    opened.lastMediaSequence = Math.max(opened.lastMediaSequence, summary.last);
    opened.lastRun = Math.max(opened.lastRun, ...summary.runs);
  }
  return opened;
}

async function readSummaries(dir: string, names: string[]): Promise<(BlobSummary | null)[]> {
  const summaries: (BlobSummary | null)[] = [];
  for (let at = 0; at < names.length; at += readsAtOnce) {
    const batch = names.slice(at, at + readsAtOnce).map((name) => readSummary(dir, name));
    summaries.push(...(await Promise.all(batch)));
  }
  return summaries;
}

async function recover(
  opened: OpenedLog,
  place: { dir: string; name: string; log: Logger },
): Promise<BlobSummary | null> {
  const recovered = await recoverBlob(place.dir, place.name).catch(async (error: unknown) => {
    // A full disk takes no new index. The blob stays as it is for the next opening; its numbers stand in the sequence file.
    place.log.warn(
      { action: 'blob.recover', blob: place.name, error: String(error) },
      'a blob could not be ended: it waits for the next opening',
    );
    // Retention must see it all the same: it may be what fills the disk.
    return asItLies(place.dir, place.name).catch(() => null);
  });
  if (!recovered) return null;
  const { summary, lastMediaSequence, lastRun } = recovered;
  opened.lastMediaSequence = Math.max(opened.lastMediaSequence, lastMediaSequence);
  opened.lastRun = Math.max(opened.lastRun, lastRun);
  place.log.info(
    { action: 'blob.recovered', blob: place.name, last: summary?.last ?? null },
    'took up a blob that a crash left open',
  );
  return summary;
}
