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
  /** When the last full text came. */
  #textAt = 0;
  readonly #taken = new Set<string>();
  /** Of segments that were taken by parts: how many seconds. */
  readonly #begun = new Map<number, number>();
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
      this.#textAt = performance.now();
      this.playlist = parsed;
    }
    await this.#fetchNew(end);
  }

  #next(): string {
    const playlist = this.playlist;
    const last = playlist?.segments.at(-1);
    if (!playlist || !last) return '';
    // What a player has may be no older than half the skip boundary, RFC 8216bis §6.2.5.1.
    const boundaryMs = Number(playlist.serverControl?.get('CAN-SKIP-UNTIL') ?? 0) * 1000;
    const skip = this.#skips && performance.now() - this.#textAt < boundaryMs / 2 ? '&_HLS_skip=YES' : '';
    if (last.duration !== null) return `?_HLS_msn=${last.mediaSequence + 1}&_HLS_part=0${skip}`;
    return `?_HLS_msn=${last.mediaSequence}&_HLS_part=${last.parts.length}${skip}`;
  }

  async #fetchNew(end: number): Promise<void> {
    for (const segment of this.playlist?.segments ?? []) {
      if (segment.map && !this.#taken.has(segment.map)) {
        this.#taken.add(segment.map);
        const init = await this.#get(segment.map, end);
        if (init) this.media.push(init);
      }
      if (this.#taken.has(`s/${segment.mediaSequence}`)) continue;
      for (const part of segment.parts) await this.#takePart(segment.mediaSequence, part, end);
      if (segment.uri && segment.duration !== null && segment.parts.length === 0) {
        await this.#takeUnlisted(segment.mediaSequence, { uri: segment.uri, duration: segment.duration }, end);
      }
    }
  }

  async #takePart(mediaSequence: number, part: { uri: string; duration: number }, end: number): Promise<void> {
    if (this.#taken.has(part.uri)) return;
    const bytes = await this.#get(part.uri, end);
    if (!bytes) return;
    this.#taken.add(part.uri);
    this.parts.push(part.uri);
    this.media.push(bytes);
    this.#begun.set(mediaSequence, (this.#begun.get(mediaSequence) ?? 0) + part.duration);
  }

  /** A segment that never listed parts, had lost them when we came, or lost them while we fetched them: who falls behind reads the rest by number. */
  async #takeUnlisted(mediaSequence: number, whole: { uri: string; duration: number }, end: number): Promise<void> {
    if (!this.#begun.has(mediaSequence)) {
      const bytes = await this.#get(whole.uri, end);
      if (bytes) this.media.push(bytes);
      if (bytes) this.#taken.add(`s/${mediaSequence}`);
      return;
    }
    const left = () => whole.duration - (this.#begun.get(mediaSequence) ?? 0);
    for (let part = 0; left() > 0.001; part += 1) {
      const duration = Math.min(left(), this.playlist?.partTarget ?? left());
      const before = left();
      const uri = `p/${mediaSequence}.${part}.m4s`;
      const isTaken = this.#taken.has(uri);
      await this.#takePart(mediaSequence, { uri, duration }, end);
      // It did not come: the next step tries again.
      if (!isTaken && left() === before) return;
    }
    this.#taken.add(`s/${mediaSequence}`);
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
