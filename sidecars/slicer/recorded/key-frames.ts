import type { SegmentStore } from '../disk/segment-store.ts';
import type { LogChunk, LogRun, SegmentMeta } from '../disk/segment.ts';
import type { LiveWindow } from '../live-window.ts';
import { keyChunks } from '../picture/key-chunks.ts';

/** A picture that a decoder can begin with. */
export interface KeyFrame {
  /** `{media sequence}.{which of its key frames}`: the same in memory and on disk. */
  name: string;
  /** By the same clock as PROGRAM-DATE-TIME, UTC ms. */
  atMs: number;
  run: number;
  /** Another key frame is known after the moment that was asked for: the answer can't change any more. */
  isFinal: boolean;
  /** Its bytes where they are at hand. */
  chunk: Buffer | null;
}

/** What of a stream holds pictures. */
export interface PictureSource {
  id: string;
  store: Pick<SegmentStore, 'segments' | 'read' | 'run'> | null;
  window: Pick<LiveWindow, 'segments' | 'runs'>;
  /** Chunks that are in no part yet. */
  pendingChunks: readonly LogChunk[];
}

/** How long before a moment its picture may be taken. */
const reachMs = 30_000;
/** An open segment closes within this. */
const segmentMsMax = 10_000;
/** Segments whose key frames are remembered, over all streams: eight bytes each. */
const segmentsMax = 4096;

interface Place {
  name: string;
  atMs: number;
  chunk: Buffer | null;
}

/** Finds key frames by time: in memory at the live edge, else in the log. Remembers where each segment has them. */
export class KeyFrames {
  readonly #times = new Map<string, number[]>();

  /**
   * The newest key frame at or before `atMs` that was received, within 30 s; null where there is none. `usable`: leaves out pictures known to be
   * damaged. `mayRead`: false gives undefined where media would have to be read to tell.
   */
  async find(
    source: PictureSource,
    wish: { atMs: number; mayRead: boolean; usable: (name: string) => boolean },
  ): Promise<KeyFrame | null | undefined> {
    const { atMs, usable } = wish;
    const live = livePlaces(source);
    const inMemory = live.findLast((place) => place.atMs <= atMs && usable(place.name));
    const isOld = (place: Place | null) => place !== null && atMs - place.atMs > reachMs;
    if (inMemory) {
      if (isOld(inMemory)) return null;
      return { ...inMemory, isFinal: (live.at(-1)?.atMs ?? 0) > atMs };
    }
    const { store } = source;
    if (!store) return null;
    const segments = await store.segments(atMs - reachMs - segmentMsMax, atMs + segmentMsMax);
    const isFinal = live.length > 0 || segments.some((segment) => segment.independent && segment.startMs > atMs);
    for (const segment of segments.toReversed()) {
      if (segment.synthetic || segment.startMs > atMs) continue;
      if (atMs - segment.startMs - segment.durationMs > reachMs) return null;
      const places = await this.#places(source, segment, wish.mayRead);
      if (places === undefined) return undefined;
      const place = places.findLast((each) => each.atMs <= atMs && usable(each.name));
      if (place) return isOld(place) ? null : { ...place, run: segment.run, isFinal };
    }
    return null;
  }

  /** The bytes of one that was found without them; null where they are gone. */
  async load(source: PictureSource, frame: KeyFrame): Promise<Buffer | null> {
    if (frame.chunk) return frame.chunk;
    const [mediaSequence = 0, at = 0] = frame.name.split('.').map(Number);
    const bytes = await source.store?.read(mediaSequence, [videoTrack]);
    const chunk = bytes && keyChunks(bytes)[at];
    return chunk ? bytes.subarray(chunk.start, chunk.end) : null;
  }

  async #places(source: PictureSource, segment: SegmentMeta, mayRead: boolean): Promise<Place[] | undefined> {
    const key = `${source.id}/${segment.mediaSequence}`;
    const { mediaSequence, startMs } = segment;
    const place = (atMs: number, at: number, chunk: Buffer | null = null): Place => ({
      name: `${mediaSequence}.${at}`,
      atMs,
      chunk,
    });
    const known = this.#times.get(key);
    if (known) return known.map((time, at) => place(time, at));
    if (!mayRead) return undefined;
    const track = segment.tracks.find((each) => each.track === videoTrack);
    const timescale = track && timescaleOf(await source.store?.run(segment.run));
    const bytes = timescale ? await source.store?.read(mediaSequence, [videoTrack]) : null;
    // Not remembered where nothing could be read: a disk comes back.
    if (!track || !timescale || !bytes) return [];
    const chunks = keyChunks(bytes);
    const times = chunks.map(({ tfdt }) => startMs + ((tfdt - track.tfdt) / timescale) * 1000);
    this.#remember(key, times);
    return chunks.map(({ start, end }, at) => place(times[at] ?? 0, at, bytes.subarray(start, end)));
  }

  #remember(key: string, times: number[]): void {
    this.#times.set(key, times);
    for (const oldest of this.#times.keys()) {
      if (this.#times.size <= segmentsMax) break;
      this.#times.delete(oldest);
    }
  }
}

const videoTrack = 1;

function timescaleOf(run: LogRun | null | undefined): number | null {
  return run?.tracks.find(({ track }) => track === videoTrack)?.timescale ?? null;
}

/** Key frames whose bytes are in memory, in order. */
function livePlaces({ window, pendingChunks }: PictureSource): (Place & { run: number })[] {
  const places: (Place & { run: number })[] = [];
  for (const segment of window.segments) {
    const timescale = timescaleOf(window.runs.get(segment.run));
    const isWhole = segment.parts.length > 0 && segment.parts.every((part) => part.data !== null);
    const chunks = segment.parts.flatMap((part) => part.chunks);
    if (!segment.closed) chunks.push(...pendingChunks);
    const ofVideo = chunks.filter(({ track }) => track === videoTrack);
    const first = ofVideo[0];
    if (!timescale || !first || (segment.parts.length > 0 && !isWhole)) continue;
    let at = 0;
    for (const chunk of ofVideo) {
      if (!chunk.key) continue;
      const atMs = segment.startMs + ((chunk.tfdt - first.tfdt) / timescale) * 1000;
      const name = `${segment.mediaSequence}.${at}`;
      at += 1;
      if (!chunk.synthetic) places.push({ name, atMs, chunk: chunk.data, run: segment.run });
    }
  }
  return places;
}
