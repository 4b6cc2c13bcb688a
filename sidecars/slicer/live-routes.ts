import type { IncomingMessage, ServerResponse } from 'node:http';

import { spliceInits } from './disk/moov-splice.ts';
import type { LogRun } from './disk/segment.ts';
import { parseDirectives, type DeliveryDirectives, type MediaFile } from './media-path.ts';
import { PlaylistCache } from './playlist/playlist-cache.ts';
import { partBytes, renditionTracks, type RenditionName } from './rendition.ts';
import { refuse, send } from './reply.ts';
import type { LiveStream } from './stream.ts';

/** A request for one stream, on its way to an answer. */
export interface Asked {
  stream: LiveStream;
  request: IncomingMessage;
  response: ServerResponse;
  query: URLSearchParams;
}

/** How far ahead of the newest segment a playlist may be asked for, RFC 8216bis §6.2.5.2. */
const aheadMax = 2;
/** A source that starts on demand has this long to show its first part. */
export const startHoldMs = 12_000;

const overAndGone = 'the stream is over, and nothing of it is kept';

/** Players that read no EXT-X-PART take a playlist without a whole segment for an empty one and give up. */
const segmentsOnly = /Lavf|VLC|GStreamer|souphttp|mpv|Kodi/i;

/** The live side of the origin: playlists with blocking reload, inits, segments and parts. */
export class LiveRoutes {
  readonly #playlists = new PlaylistCache();
  readonly #inits = new WeakMap<LogRun, Map<RenditionName, Buffer | null>>();
  readonly #want: (stream: LiveStream) => void;

  constructor(want: (stream: LiveStream) => void) {
    this.#want = want;
  }

  playlist(asked: Asked): void {
    const { stream, response } = asked;
    const directives = parseDirectives(asked.query);
    if (!directives)
      return refuse(response, 400, '_HLS_msn and _HLS_part are whole numbers, and a part needs its segment');
    stream.playlistGiven();
    const { mediaSequence, part } = directives;
    // Whatever was asked for: nothing more will come under what its asker plays.
    if (stream.ended || stream.window.isTurning) return this.#sendLast(asked, directives);
    if (mediaSequence === null) {
      return this.whenStarted(asked, () => this.#sendPlaylist(asked, directives));
    }
    const { window } = stream;
    if (mediaSequence > window.lastMediaSequence + aheadMax) {
      return refuse(
        response,
        400,
        `segment ${mediaSequence} lies more than ${aheadMax} ahead of ${window.lastMediaSequence}`,
      );
    }
    if (window.has(mediaSequence, part)) return this.#sendPlaylist(asked, directives);
    if (!stream.writing) this.#want(stream);
    this.hold(asked, { mediaSequence, part }, () => this.#sendPlaylist(asked, directives));
  }

  /** Once there is a picture. Waits for a source that starts on demand; 503 where it does not come, 404 where none is there to come. */
  whenStarted(asked: Asked, ready: () => void): void {
    const { stream, response } = asked;
    const { window, policy } = stream;
    if (stream.ended) return window.isEmpty ? refuse(response, 410, overAndGone) : ready();
    if (window.isTurning) return this.#whenTurned(asked, ready);
    // What stands in the window of a source that sleeps is the past: its first part is waited for.
    const sleeps = policy.onDemand && !stream.writing;
    const needsSegment = segmentsOnly.test(asked.request.headers['user-agent'] ?? '');
    const first = window.segments[0];
    if (!sleeps && first && (first.closed || (!needsSegment && first.listsParts && first.parts.length > 0)))
      return ready();
    if (stream.writing) stream.wantKeyFrame();
    else this.#want(stream);
    const next = window.open ?? { mediaSequence: window.nextMediaSequence, parts: [] };
    const position = { mediaSequence: next.mediaSequence, part: needsSegment ? null : next.parts.length };
    const late = () => {
      if (!window.isEmpty && !policy.onDemand) ready();
      else if (policy.onDemand || stream.writing) refuse(response, 503, 'the source did not start in time', 2);
      else refuse(response, 404, 'the source is offline');
    };
    this.hold(asked, position, ready, { holdMs: startHoldMs, late });
  }

  /** Who comes while one codec gives way to another waits for the new one's playlist. */
  #whenTurned(asked: Asked, ready: () => void): void {
    const { window } = asked.stream;
    const mediaSequence = window.open?.mediaSequence ?? window.nextMediaSequence;
    this.hold(asked, { mediaSequence, part: null }, () => this.whenStarted(asked, ready), { holdMs: startHoldMs });
  }

  /** Holds the request until a part or segment is there. No timer of its own: the stream's waiters are looked through once in a while. */
  hold(
    asked: Asked,
    position: { mediaSequence: number; part: number | null },
    arrived: () => void,
    bound: { holdMs?: number; late?: () => void } = {},
  ): void {
    const { stream, response } = asked;
    const holdMs = bound.holdMs ?? 3 * stream.window.targetDuration * 1000;
    let settled = false;
    const waiter = {
      deadline: performance.now() + holdMs,
      settle: (there: boolean) => {
        settled = true;
        if (response.destroyed) return;
        if (there) arrived();
        else if (bound.late) bound.late();
        else refuse(response, 503, 'what was waited for did not come in time', 1);
      },
    };
    const forget = stream.waiters.add(position, waiter);
    response.once('close', () => {
      if (!settled) forget();
    });
  }

  media(asked: Asked, file: Extract<MediaFile, { file: 'init' | 'segment' | 'part' }>): Promise<void> | void {
    switch (file.file) {
      case 'part':
        return this.#part(asked, file, true);
      case 'segment':
        return this.#segment(asked, file, true);
      case 'init':
        return this.#init(asked, file);
    }
  }

  #sendLast(asked: Asked, directives: DeliveryDirectives): void {
    if (asked.stream.window.isEmpty) return refuse(asked.response, 410, overAndGone);
    this.#sendPlaylist(asked, directives);
  }

  #sendPlaylist(asked: Asked, { skip, mediaSequence }: DeliveryDirectives): void {
    const { stream, request, response } = asked;
    const gzip = request.headers['accept-encoding']?.includes('gzip') === true;
    // A blocked answer is the same for all who ask with the same query: caches may join them. A plain one is stale in a second.
    const seconds = mediaSequence === null ? 1 : 3 * stream.window.targetDuration;
    // hls.js starts at the first whole segment: until then it asks again and again, and a stale answer would keep it waiting.
    const isBeginning = mediaSequence === null && !stream.window.segments[0]?.closed;
    const caching = isBeginning ? 'no-cache' : `${scope(stream)}, max-age=${seconds}`;
    const { headers, body } = this.#playlists.answer(stream, { skip, gzip, caching });
    response.writeHead(200, headers);
    response.end(body);
  }

  #part(asked: Asked, file: Extract<MediaFile, { file: 'part' }>, mayHold: boolean): void {
    const { stream, request, response } = asked;
    const { window } = stream;
    const { mediaSequence, part: number, rendition } = file;
    const segment = window.find(mediaSequence);
    const part = segment?.parts[number];
    if (!part || !segment) {
      // The part that the playlist hints at, or the one after it.
      const isNext =
        mediaSequence === window.nextMediaSequence
          ? number === 0
          : segment !== null && !segment.closed && number <= segment.parts.length + 1;
      if (!mayHold || !isNext || stream.ended)
        return refuse(response, 404, `there is no part ${mediaSequence}.${number}`);
      return this.hold(asked, { mediaSequence, part: number }, () => this.#part(asked, file, false));
    }
    const tracks = trackIds(rendition, window.runs.get(segment.run));
    const bytes = partBytes(part, tracks);
    if (!bytes)
      return refuse(response, 404, `part ${mediaSequence}.${number} has left the memory: ask for its segment`);
    send(request, response, immutable(stream, `${rendition}${mediaSequence}.${number}`), bytes);
  }

  async #segment(asked: Asked, file: Extract<MediaFile, { file: 'segment' }>, mayHold: boolean): Promise<void> {
    const { stream, request, response } = asked;
    const { window, store } = stream;
    const { mediaSequence, rendition } = file;
    const segment = window.find(mediaSequence);
    const isNext = segment ? !segment.closed : mediaSequence === window.nextMediaSequence;
    if (isNext && mayHold && !stream.ended) {
      return this.hold(asked, { mediaSequence, part: null }, () => void this.#segment(asked, file, false));
    }
    const reply = immutable(stream, `${rendition}${mediaSequence}`);
    if (segment?.closed && segment.parts.length > 0) {
      const tracks = trackIds(rendition, window.runs.get(segment.run));
      const parts = segment.parts.map((part) => partBytes(part, tracks));
      const held = parts.filter((part) => part !== null);
      if (held.length === parts.length) return send(request, response, reply, held);
    }
    const run = segment ? window.runs.get(segment.run) : undefined;
    const tracks = run ? trackIds(rendition, run) : trackIdsOf[rendition];
    const bytes = await store?.read(mediaSequence, tracks);
    if (bytes && bytes.length > 0) send(request, response, reply, bytes);
    else refuse(response, mediaSequence < window.nextMediaSequence ? 410 : 404, `segment ${mediaSequence} is not kept`);
  }

  async #init(asked: Asked, file: Extract<MediaFile, { file: 'init' }>): Promise<void> {
    const { stream, request, response } = asked;
    const run = stream.window.runs.get(file.run) ?? (await stream.store?.run(file.run)) ?? null;
    const init = run && this.#initOf(run, file.rendition);
    if (!init) return refuse(response, 404, `run ${file.run} has no ${file.rendition}`);
    send(request, response, immutable(stream, `${file.rendition}i${file.run}`), init);
  }

  #initOf(run: LogRun, rendition: RenditionName): Buffer | null {
    let made = this.#inits.get(run);
    if (!made) {
      made = new Map();
      this.#inits.set(run, made);
    }
    let init = made.get(rendition);
    if (init === undefined) {
      init = spliceRun(
        run,
        renditionTracks(rendition, run.tracks).map((track) => track.track),
      );
      made.set(rendition, init);
    }
    return init;
  }
}

/** ftyp+moov of these tracks of a run; null where one is missing. */
export function spliceRun(run: LogRun, tracks: readonly number[]): Buffer | null {
  const inits = tracks.map((track) => run.inits.get(track)).filter((init) => init !== undefined);
  return inits.length === tracks.length && inits.length > 0 ? spliceInits(inits) : null;
}

/** Tracks of a recorded segment whose run is not at hand. */
const trackIdsOf: Record<RenditionName, number[]> = { src: [1, 2], v: [1], a: [2], o: [3] };

function trackIds(rendition: RenditionName, run: LogRun | undefined): number[] {
  return run ? renditionTracks(rendition, run.tracks).map((track) => track.track) : trackIdsOf[rendition];
}

function scope(stream: LiveStream): 'public' | 'private' {
  const { visibility } = stream.policy;
  return visibility === 'public' || visibility === 'unlisted' ? 'public' : 'private';
}

function immutable(stream: LiveStream, tag: string): { type: string; caching: string; etag: string } {
  const type = tag.startsWith('a') || tag.startsWith('o') ? 'audio/mp4' : 'video/mp4';
  return { type, caching: `${scope(stream)}, max-age=31536000, immutable`, etag: `"${tag}"` };
}
