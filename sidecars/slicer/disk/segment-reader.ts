import { BlobShelf, findSegment, touches } from './blob-shelf.ts';
import type { BlobIndex } from './blob.ts';
import { metaOf } from './index-line.ts';
import { spliceInits } from './moov-splice.ts';
import { readPart, readSegment, type SegmentPlace } from './segment-bytes.ts';
import type { SegmentCache } from './segment-cache.ts';
import type { LogRun, SegmentMeta, StoredSegment } from './segment.ts';

/** Runs whose inits stay at hand; older ones are read from their blobs. */
const runsMax = 16;

interface Options {
  dir: string;
  /** Blobs that grow no more. */
  shelf: BlobShelf;
  /** The one that does. */
  growing: () => { name: string; index: BlobIndex } | null;
  cache: SegmentCache;
}

/** What a log gives back of what is in it: closed segments, their parts, their runs. */
export class SegmentReader {
  readonly #options: Options;
  readonly #runs = new Map<number, LogRun>();

  constructor(options: Options) {
    this.#options = options;
  }

  keepRun(run: LogRun): void {
    this.#runs.set(run.run, run);
    for (const old of this.#runs.keys()) {
      if (this.#runs.size <= runsMax) break;
      this.#runs.delete(old);
    }
  }

  async read(mediaSequence: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    const place = await this.#place(mediaSequence);
    if (!place) return null;
    return this.#options.cache.get(keyOf(place, tracks), () => readSegment(place, tracks));
  }

  async readPart(mediaSequence: number, part: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    const place = await this.#place(mediaSequence);
    if (!place) return null;
    return this.#options.cache.get(`${keyOf(place, tracks)}/${part}`, () => readPart(place, part, tracks));
  }

  async find(mediaSequence: number): Promise<SegmentMeta | null> {
    const place = await this.#place(mediaSequence);
    return place && metaOf(place.segment);
  }

  async run(run: number): Promise<LogRun | null> {
    const { growing, shelf } = this.#options;
    return this.#runs.get(run) ?? growing()?.index.runs.get(run) ?? shelf.run(run).catch(() => null);
  }

  async init(run: number, tracks: readonly number[] | 'all'): Promise<Buffer | null> {
    const known = await this.run(run);
    if (!known) return null;
    const wanted = known.tracks.filter(({ track }) => tracks === 'all' || tracks.includes(track));
    const inits = wanted.map(({ track }) => known.inits.get(track));
    return inits.length > 0 && inits.every((init) => init !== undefined) ? spliceInits(inits) : null;
  }

  async segments(fromMs: number, toMs: number): Promise<SegmentMeta[]> {
    const open: StoredSegment[] = this.#options.growing()?.index.segments ?? [];
    const growing = open.filter((segment) => touches(segment, fromMs, toMs));
    return [...(await this.#options.shelf.segments(fromMs, toMs)), ...growing].map(metaOf);
  }

  async #place(mediaSequence: number): Promise<SegmentPlace | null> {
    const { dir, growing, shelf } = this.#options;
    const blob = growing();
    const segment = blob && findSegment(blob.index.segments, mediaSequence);
    if (segment) return { dir, name: blob.name, segment };
    const found = await shelf.find(mediaSequence).catch(() => null);
    return found && { dir, name: found.blob.name, segment: found.segment };
  }
}

/** By its blob: what was recorded under the same number in another life lies in another. */
function keyOf({ dir, name, segment }: SegmentPlace, tracks: readonly number[] | 'all'): string {
  return `${dir}/${name}/${segment.mediaSequence}/${tracks === 'all' ? tracks : tracks.join()}`;
}
