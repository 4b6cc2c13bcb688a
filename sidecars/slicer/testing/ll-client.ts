import { checkPlaylist, mergeDelta } from '../playlist-rules.ts';
import { parsePlaylist, type ParsedPlaylist } from '../playlist/parse-playlist.ts';

interface Frame {
  track: number;
  tfdt: number;
}

/** Decode times of the chunks in CMAF bytes. */
export function framesOf(bytes: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = bytes.indexOf('tfhd'); at >= 0; at = bytes.indexOf('tfhd', at + 4)) {
    const tfdt = bytes.indexOf('tfdt', at);
    frames.push({ track: bytes.readUInt32BE(at + 8), tfdt: Number(bytes.readBigUInt64BE(tfdt + 8)) });
  }
  return frames;
}

/** A low-latency player without a screen: follows by blocking reload, checks each playlist, fetches each part once. */
export class LlClient {
  readonly base: string;
  /** Broken rules, over all playlists. */
  readonly violations: string[] = [];
  readonly statuses: number[] = [];
  /** Everything fetched, in order. */
  readonly media: Buffer[] = [];
  readonly parts: string[] = [];
  text: string | null = null;
  playlist: ParsedPlaylist | null = null;
  readonly #taken = new Set<string>();
  readonly #skips: boolean;

  constructor(base: string, options: { rendition?: string; skips?: boolean } = {}) {
    this.base = `${base}/${options.rendition ?? 'src'}`;
    this.#skips = options.skips ?? false;
  }

  get frames(): Frame[] {
    return this.media.flatMap(framesOf);
  }

  /** Follows for this long; connection errors count as a status of 0 and are tried again. */
  async follow(ms: number): Promise<void> {
    const end = Date.now() + ms;
    while (Date.now() < end) await this.step(end);
  }

  async step(end = Date.now() + 10_000): Promise<void> {
    const query = this.#next();
    const answer = await this.#get(`live.m3u8${query}`, end);
    if (!answer) return;
    const text = answer.toString();
    const parsed = parsePlaylist(text);
    const found = checkPlaylist(text, this.text ?? undefined);
    this.violations.push(...found.map((violation) => `${violation} (${query})`));
    if (parsed.skipped !== null && this.playlist) {
      // Kept as parsed: the next delta stands on the last full text.
      this.playlist = mergeDelta(this.playlist, parsed);
    } else {
      this.text = text;
      this.playlist = parsed;
    }
    await this.#fetchNew(end);
  }

  #next(): string {
    const playlist = this.playlist;
    const last = playlist?.segments.at(-1);
    if (!playlist || !last) return '';
    const skip = this.#skips ? '&_HLS_skip=YES' : '';
    if (last.duration !== null) return `?_HLS_msn=${last.mediaSequence + 1}&_HLS_part=0${skip}`;
    return `?_HLS_msn=${last.mediaSequence}&_HLS_part=${last.parts.length}${skip}`;
  }

  async #fetchNew(end: number): Promise<void> {
    for (const segment of this.playlist?.segments ?? []) {
      const wholeTaken = this.#taken.has(`s/${segment.mediaSequence}`);
      if (segment.map && !this.#taken.has(segment.map)) {
        this.#taken.add(segment.map);
        const init = await this.#get(segment.map, end);
        if (init) this.media.push(init);
      }
      for (const part of segment.parts) {
        if (wholeTaken || this.#taken.has(part.uri)) continue;
        const bytes = await this.#get(part.uri, end);
        if (!bytes) continue;
        this.#taken.add(part.uri);
        this.#taken.add(`p/${segment.mediaSequence}`);
        this.parts.push(part.uri);
        this.media.push(bytes);
      }
      // A segment that never listed parts, or had lost them when we came.
      const partsTaken = this.#taken.has(`p/${segment.mediaSequence}`);
      if (segment.uri && !wholeTaken && !partsTaken && segment.parts.length === 0) {
        const bytes = await this.#get(segment.uri, end);
        if (bytes) this.media.push(bytes);
        if (bytes) this.#taken.add(`s/${segment.mediaSequence}`);
      }
    }
  }

  async #get(uri: string, end: number): Promise<Buffer | null> {
    try {
      const answer = await fetch(`${this.base}/${uri}`, {
        signal: AbortSignal.timeout(Math.max(50, end - Date.now())),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      this.statuses.push(answer.status);
      return answer.status === 200 ? body : null;
    } catch {
      this.statuses.push(0); // Refused, reset, or our own time is over.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return null;
    }
  }
}

/** Steps of a track's decode times that are not one frame: repeats, holes, steps back. */
export function unevenSteps(frames: Frame[], track: number, duration: number): string[] {
  const times = frames.filter((frame) => frame.track === track).map((frame) => frame.tfdt);
  return times.flatMap((time, at) => {
    const before = times[at - 1];
    return before === undefined || time - before === duration ? [] : [`${before} → ${time}`];
  });
}
