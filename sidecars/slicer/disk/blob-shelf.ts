import { readIndex, removeBlob, type BlobIndex, type BlobSummary } from './blob.ts';
import type { LogRun, StoredSegment } from './segment.ts';

/** Indexes kept parsed: an hour's window is 12 blobs of about 90 KB of index each. */
const indexesMax = 16;
const indexIdleMs = 60_000;

/** The blobs that grow no more: summaries in memory, indexes read when asked for. */
export class BlobShelf {
  readonly #dir: string;
  readonly #indexes = new Map<string, { index: Promise<BlobIndex>; usedAt: number }>();
  /** Oldest first. */
  readonly blobs: BlobSummary[];

  constructor(dir: string, blobs: BlobSummary[]) {
    this.#dir = dir;
    this.blobs = blobs;
  }

  get bytes(): number {
    return this.blobs.reduce((sum, blob) => sum + blob.bytes, 0);
  }

  put(blob: BlobSummary): void {
    this.blobs.push(blob);
  }

  async remove(blob: BlobSummary): Promise<void> {
    const at = this.blobs.indexOf(blob);
    if (at < 0) return;
    this.blobs.splice(at, 1);
    this.#indexes.delete(blob.name);
    await removeBlob(this.#dir, blob.name);
  }

  async find(mediaSequence: number): Promise<{ blob: BlobSummary; segment: StoredSegment } | null> {
    const blob = this.blobs.findLast(({ first, last }) => first <= mediaSequence && mediaSequence <= last);
    if (!blob) return null;
    const { segments } = await this.index(blob);
    const segment = findSegment(segments, mediaSequence);
    return segment ? { blob, segment } : null;
  }

  async run(run: number): Promise<LogRun | null> {
    const blob = this.blobs.findLast(({ runs }) => runs.includes(run));
    if (!blob) return null;
    return (await this.index(blob)).runs.get(run) ?? null;
  }

  /** Segments of every blob that touches [fromMs, toMs), in order of media sequence. */
  async segments(fromMs: number, toMs: number): Promise<StoredSegment[]> {
    const touched = this.blobs.filter((blob) => blob.spans.some((span) => span.fromMs < toMs && span.toMs > fromMs));
    const found: StoredSegment[] = [];
    for (const blob of touched) {
      const { segments } = await this.index(blob);
      for (const segment of segments) if (touches(segment, fromMs, toMs)) found.push(segment);
    }
    return found;
  }

  index(blob: BlobSummary): Promise<BlobIndex> {
    const cached = this.#indexes.get(blob.name);
    const index = cached?.index ?? readIndex(this.#dir, blob.name);
    // Taken out and put back: the map's order is the order of use.
    this.#indexes.delete(blob.name);
    this.#indexes.set(blob.name, { index, usedAt: Date.now() });
    if (!cached) index.catch(() => this.#indexes.delete(blob.name));
    for (const name of this.#indexes.keys()) {
      if (this.#indexes.size <= indexesMax) break;
      this.#indexes.delete(name);
    }
    return index;
  }

  /** Lets go of indexes that nobody asked for lately. */
  trim(now: number): void {
    for (const [name, { usedAt }] of this.#indexes) if (now - usedAt > indexIdleMs) this.#indexes.delete(name);
  }
}

export function touches(segment: StoredSegment, fromMs: number, toMs: number): boolean {
  return segment.startMs < toMs && segment.startMs + segment.durationMs > fromMs;
}

export function findSegment(segments: StoredSegment[], mediaSequence: number): StoredSegment | undefined {
  let low = 0;
  let high = segments.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const segment = segments[middle];
    if (!segment || segment.mediaSequence === mediaSequence) return segment;
    if (segment.mediaSequence < mediaSequence) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
