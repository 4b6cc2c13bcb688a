import type { Asked, Playable } from './asked.ts';
import { hold } from './held-request.ts';
import { LiveMedia } from './live-media.ts';
import { parseDirectives, type DeliveryDirectives, type MediaFile } from './media-path.ts';
import { PlaylistCache } from './playlist/playlist-cache.ts';
import { refuse } from './reply.ts';
import type { LiveStream } from './stream.ts';

/** How far ahead of the newest segment a playlist may be asked for, RFC 8216bis §6.2.5.2. */
const aheadMax = 2;
/** A source that starts on demand has this long to show its first part. */
const startHoldMs = 12_000;

const overAndGone = 'the stream is over, and nothing of it is kept';

/** Players that read no EXT-X-PART take a playlist without a whole segment for an empty one and give up. */
const segmentsOnly = /Lavf|VLC|GStreamer|souphttp|mpv|Kodi/i;

/** The live side of the origin: playlists with blocking reload, inits, segments and parts. */
export class LiveRoutes<Stream extends Playable = LiveStream> {
  readonly #playlists = new PlaylistCache();
  readonly #media = new LiveMedia<Stream>();
  readonly #want: (stream: Stream) => void;

  constructor(want: (stream: Stream) => void) {
    this.#want = want;
  }

  playlist(asked: Asked<Stream>): void {
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
    hold(asked, { mediaSequence, part }, () => this.#sendPlaylist(asked, directives));
  }

  /** Once there is a picture. Waits for a source that starts on demand; 503 where it does not come, 404 where none is there to come. */
  whenStarted(asked: Asked<Stream>, ready: () => void): void {
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
    hold(asked, position, ready, { holdMs: startHoldMs, late });
  }

  /** Who comes while one codec gives way to another waits for the new one's playlist. */
  #whenTurned(asked: Asked<Stream>, ready: () => void): void {
    const { window } = asked.stream;
    const mediaSequence = window.open?.mediaSequence ?? window.nextMediaSequence;
    hold(asked, { mediaSequence, part: null }, () => this.whenStarted(asked, ready), { holdMs: startHoldMs });
  }

  media(asked: Asked<Stream>, file: Extract<MediaFile, { file: 'init' | 'segment' | 'part' }>): Promise<void> | void {
    return this.#media.answer(asked, file);
  }

  #sendLast(asked: Asked<Stream>, directives: DeliveryDirectives): void {
    if (asked.stream.window.isEmpty) return refuse(asked.response, 410, overAndGone);
    this.#sendPlaylist(asked, directives);
  }

  #sendPlaylist(asked: Asked<Stream>, { skip, mediaSequence }: DeliveryDirectives): void {
    const { stream, request, response } = asked;
    const gzip = request.headers['accept-encoding']?.includes('gzip') === true;
    this.#playlists.answer(stream, { skip, gzip, isBlocked: mediaSequence !== null }).send(request, response);
  }
}
