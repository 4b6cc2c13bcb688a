import { setTimeout as sleep } from 'node:timers/promises';

import { checkPlaylist } from '#sidecars/slicer/playlist-rules.ts';
import { parsePlaylist, type ParsedPlaylist, type ParsedSegment } from '#sidecars/slicer/playlist/parse-playlist.ts';

import { readFrameNumbers } from './fake-clip.ts';
import { readFragments } from './read-fragments.ts';

/** A segment as this viewer got it. */
interface Taken {
  listed: ParsedSegment;
  parts: Map<number, Buffer>;
  whole: Buffer | null;
}

interface SeenFrame {
  frame: number;
  mediaSequence: number;
  /** Decode time in the track's timescale. */
  tfdt: number;
}

interface Gap {
  /** The last frame before it. */
  after: number;
  missing: number;
  mediaSequence: number;
  /** It lies where a DISCONTINUITY says so, not within a run. */
  marked: boolean;
}

export interface ViewerReport {
  /** Broken playlist rules, listed media that was not there, segments that are not their parts. Empty where all is well. */
  faults: string[];
  /** In the order of play. */
  frames: SeenFrame[];
  twice: number[];
  outOfOrder: number[];
  gaps: Gap[];
  /** Pairs of neighbours that are not one apart. */
  sequenceJumps: string[];
  /** Decode times that do not come after the one before on their track. */
  timesBack: string[];
  segments: ParsedSegment[];
  discontinuities: number;
}

const requestMsMax = 10_000;
const pauseMs = 50;

/**
 * A player without a screen, over plain HTTP: follows `live.m3u8` by blocking reload, checks each playlist against the one before, fetches each
 * part as it comes and each segment when it is whole. Errors make it ask again, as players do.
 */
export class PlaylistViewer {
  readonly playlists: string[] = [];
  readonly #base: string;
  readonly #faults: string[] = [];
  readonly #taken = new Map<number, Taken>();
  readonly #inits = new Map<string, Buffer>();
  readonly #stopping = new AbortController();
  #last: ParsedPlaylist | null = null;
  #running: Promise<void> | null = null;
  #newestFrame = -1;

  /** `mediaUrl`: of the stream, without a file. */
  constructor(mediaUrl: string, rendition = 'src') {
    this.#base = `${mediaUrl}/${rendition}`;
  }

  /** Number of the newest frame that came. */
  get newestFrame(): number {
    return this.#newestFrame;
  }

  get playlist(): ParsedPlaylist | null {
    return this.#last;
  }

  start(): this {
    this.#running ??= this.#follow();
    return this;
  }

  async stop(): Promise<ViewerReport> {
    this.#stopping.abort();
    await this.#running;
    return this.report();
  }

  report(): ViewerReport {
    const taken = [...this.#taken].toSorted(([one], [other]) => one - other);
    const faults = [...this.#faults, ...taken.flatMap(([mediaSequence, each]) => partFaults(mediaSequence, each))];
    const frames: SeenFrame[] = [];
    const timesBack: string[] = [];
    const ends = new Map<number, number>();
    for (const [mediaSequence, each] of taken) {
      for (const { track, tfdt, duration, samples } of readFragments(bytesOf(each))) {
        const end = ends.get(track) ?? Number.NEGATIVE_INFINITY;
        if (tfdt < end) timesBack.push(`track ${track} in ${mediaSequence}: ${tfdt} after ${end}`);
        ends.set(track, tfdt + duration);
        for (const frame of samples.flatMap(readFrameNumbers)) frames.push({ frame, mediaSequence, tfdt });
      }
    }
    const marked = new Set(taken.filter(([, { listed }]) => listed.discontinuity).map(([number]) => number));
    const segments = taken.map(([, { listed }]) => listed);
    return {
      faults,
      frames,
      timesBack,
      segments,
      discontinuities: marked.size,
      ...orderOf(frames, marked),
      sequenceJumps: segments.flatMap(({ mediaSequence }, index) => {
        const before = segments[index - 1]?.mediaSequence;
        return before === undefined || mediaSequence === before + 1 ? [] : [`${before} → ${mediaSequence}`];
      }),
    };
  }

  /** The bytes of everything, inits left out, in the order of play. */
  media(): Buffer[] {
    return [...this.#taken].toSorted(([one], [other]) => one - other).map(([, taken]) => bytesOf(taken));
  }

  async #follow(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const answer = await this.#get(`live.m3u8${this.#query()}`);
      if (answer.status === 200) await this.#take(answer.body.toString());
      else {
        // Too far ahead: what we had is no guide any more.
        if (answer.status === 400) this.#faults.push(`a blocking reload of ${this.#query()} was refused with 400`);
        await sleep(pauseMs);
      }
    }
  }

  #query(): string {
    const last = this.#last?.segments.at(-1);
    if (!last) return '';
    if (last.duration !== null) return `?_HLS_msn=${last.mediaSequence + 1}&_HLS_part=0`;
    return `?_HLS_msn=${last.mediaSequence}&_HLS_part=${last.parts.length}`;
  }

  async #take(text: string): Promise<void> {
    const before = this.playlists.at(-1);
    this.#faults.push(...checkPlaylist(text, before));
    this.playlists.push(text);
    const playlist = parsePlaylist(text);
    this.#last = playlist;
    for (const segment of playlist.segments) {
      const taken = this.#taken.get(segment.mediaSequence) ?? { listed: segment, parts: new Map(), whole: null };
      // What a window restored from the disk still shows, parts it had listed before included.
      taken.listed = segment;
      this.#taken.set(segment.mediaSequence, taken);
      await this.#fetch(taken);
    }
  }

  async #fetch(taken: Taken): Promise<void> {
    const { map, parts, uri } = taken.listed;
    if (map && !this.#inits.has(map)) {
      const init = await this.#getListed(map, (playlist) => playlist.segments.some((segment) => segment.map === map));
      if (init) this.#inits.set(map, init);
    }
    for (const [index, part] of parts.entries()) {
      if (taken.parts.has(index) || taken.whole) continue;
      const bytes = await this.#getListed(part.uri, (playlist) =>
        playlist.segments.some((segment) => segment.parts.some((each) => each.uri === part.uri)),
      );
      if (!bytes) return;
      taken.parts.set(index, bytes);
      this.#saw(bytes);
    }
    if (!uri || taken.whole) return;
    const whole = await this.#getListed(uri, (playlist) => playlist.segments.some((segment) => segment.uri === uri));
    if (!whole) return;
    taken.whole = whole;
    this.#saw(whole);
  }

  #saw(bytes: Buffer): void {
    const newest = Math.max(...readFrameNumbers(bytes));
    if (newest > this.#newestFrame) this.#newestFrame = newest;
  }

  /** What a playlist lists is there: a refusal counts where a playlist asked for afterwards still lists it. */
  async #getListed(uri: string, isListed: (playlist: ParsedPlaylist) => boolean): Promise<Buffer | null> {
    const answer = await this.#get(uri);
    if (answer.status === 200) return answer.body;
    // 502 and 504: a gateway between us says that the origin is away.
    if ([0, 502, 504].includes(answer.status) || this.#stopping.signal.aborted) return null;
    const fresh = await this.#get('live.m3u8');
    if (fresh.status === 200 && isListed(parsePlaylist(fresh.body.toString())))
      this.#faults.push(`${uri} is listed and answers ${answer.status}`);
    return null;
  }

  /** Status 0: refused, reset, too late, or we stop. */
  async #get(uri: string): Promise<{ status: number; body: Buffer }> {
    try {
      const signal = AbortSignal.any([AbortSignal.timeout(requestMsMax), this.#stopping.signal]);
      const answer = await fetch(`${this.#base}/${uri}`, { signal });
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
    } catch {
      return { status: 0, body: Buffer.alloc(0) }; // The caller asks again.
    }
  }
}

/** Parts from the first one on; a viewer that came late lacks some. */
function partsOf({ parts }: Taken): Buffer {
  const bytes: Buffer[] = [];
  for (let index = 0; parts.has(index); index += 1) bytes.push(parts.get(index) ?? Buffer.alloc(0));
  return Buffer.concat(bytes);
}

/** What was played of it: a segment that was cut short after its parts were seen does not take them back. */
function bytesOf(taken: Taken): Buffer {
  const parts = partsOf(taken);
  return taken.whole && taken.whole.length >= parts.length ? taken.whole : parts;
}

function partFaults(mediaSequence: number, taken: Taken): string[] {
  const { whole } = taken;
  if (!whole) return [];
  const parts = partsOf(taken);
  if (parts.length > whole.length) return [`segment ${mediaSequence} is shorter than its parts`];
  return whole.subarray(0, parts.length).equals(parts) ? [] : [`segment ${mediaSequence} is not its parts`];
}

function orderOf(
  frames: readonly SeenFrame[],
  marked: ReadonlySet<number>,
): Pick<ViewerReport, 'twice' | 'outOfOrder' | 'gaps'> {
  const seen = new Set<number>();
  const twice: number[] = [];
  const outOfOrder: number[] = [];
  const gaps: Gap[] = [];
  let before: SeenFrame | null = null;
  for (const each of frames) {
    const { frame, mediaSequence } = each;
    if (seen.has(frame)) twice.push(frame);
    else if (before && frame < before.frame) outOfOrder.push(frame);
    else if (before && frame > before.frame + 1) {
      const isMarked = mediaSequence !== before.mediaSequence && marked.has(mediaSequence);
      gaps.push({ after: before.frame, missing: frame - before.frame - 1, mediaSequence, marked: isMarked });
    }
    seen.add(frame);
    before = each;
  }
  return { twice, outOfOrder, gaps };
}
