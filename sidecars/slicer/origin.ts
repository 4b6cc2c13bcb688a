import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import type { RungName } from '#server/contracts/camera-words.ts';
import type { MediaState } from '#server/contracts/media-state.ts';

import type { Asked } from './asked.ts';
import type { Ladders, NoRung } from './ladder/ladders.ts';
import type { RungLog } from './ladder/rung-log.ts';
import { parseRung, type Rung } from './ladder/rung.ts';
import type { TokenCheck } from './lease-token.ts';
import { LiveRoutes } from './live-routes.ts';
import { isLoopback } from './loopback.ts';
import { parseMediaPath, type MediaFile } from './media-path.ts';
import { multivariantPlaylist } from './playlist/multivariant.ts';
import type { RecordedVariants } from './recorded/recorded-answers.ts';
import type { RenditionName } from './rendition.ts';
import { playlistType, preflight, refuse, send } from './reply.ts';
import type { StreamShelf } from './stream-shelf.ts';
import type { LiveStream } from './stream.ts';
import { serveTail } from './tail.ts';
import type { Viewers } from './viewers.ts';

/** What the recorded side and the picture pool answer; each is given the request whole. */
export interface RecordedRoutes {
  vod: (asked: Asked, rendition: RenditionName) => Promise<void>;
  /** Neighbouring segments as one. */
  joined: (asked: Asked, rendition: RenditionName, range: { first: number; last: number }) => Promise<void>;
  timeline: (asked: Asked) => Promise<void>;
  thumb: (asked: Asked, mediaSequence: number | null) => Promise<void>;
  /** What `index.m3u8` says of recorded media; null where there is none in the window. */
  variants: (asked: Asked) => Promise<RecordedVariants | null>;
}

export interface OriginOptions {
  shelf: StreamShelf;
  tokens: TokenCheck;
  viewers: Viewers;
  log: Logger;
  /** Others than this machine can ask: then only the gateway, which asks over loopback, sees streams that are not for everybody without a token. */
  isPublicBind: boolean;
  want: (stream: LiveStream) => void;
  state: (stream: LiveStream) => MediaState;
  recorded: RecordedRoutes;
  ladders: Pick<Ladders, 'offered' | 'watch' | 'find'>;
}

const noQuery = new URLSearchParams();
const noToken = 'this stream is opened by a playback token';

/** `GET /media/[~token/]{streamId}/…`: everything a player asks for (media contract §6). */
export class Origin {
  readonly #options: OriginOptions;
  readonly #live: LiveRoutes;
  readonly #rungs: LiveRoutes<RungLog>;

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#live = new LiveRoutes(options.want);
    this.#rungs = new LiveRoutes(({ source }) => options.want(source));
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const { method, url = '' } = request;
    if (method === 'OPTIONS') return preflight(response);
    if (method !== 'GET' && method !== 'HEAD') return refuse(response, 404, 'media is read with GET');
    const cut = url.indexOf('?');
    const parsed = parseMediaPath(cut < 0 ? url : url.slice(0, cut));
    if (!parsed) return refuse(response, 404, 'there is nothing at this address');
    const query = cut < 0 ? noQuery : new URLSearchParams(url.slice(cut + 1));
    const { token, streamId, media } = parsed;
    const place = this.#options.shelf.find(streamId);
    if (token === null && place.state === 'open') {
      if (!this.#isOpenTo(request, place.stream)) return refuse(response, 401, noToken);
      this.#route({ stream: place.stream, request, response, query }, media);
      return;
    }
    void this.#routeLater({ request, response, query }, { token, streamId, media });
  }

  async #routeLater(
    asked: Omit<Asked, 'stream'>,
    { token, streamId, media }: { token: string | null; streamId: string; media: MediaFile },
  ): Promise<void> {
    const { shelf, tokens } = this.#options;
    const { request, response, query } = asked;
    if (token !== null && !(await tokens.mayPlay(token, streamId))) {
      return refuse(response, 401, 'the playback token does not open this stream');
    }
    const stream = await shelf.open(streamId);
    if (!stream) return this.#refusePlace(response, streamId);
    if (token === null && !this.#isOpenTo(request, stream)) return refuse(response, 401, noToken);
    this.#route({ stream, request, response, query }, media);
  }

  #refusePlace(response: ServerResponse, streamId: string): void {
    const place = this.#options.shelf.find(streamId);
    if (place.state === 'erased') return refuse(response, 410, 'the stream was deleted');
    // Both pass: the gateway knows the new node in a moment, or this node its streams.
    if (place.state === 'released') return refuse(response, 503, 'the stream has moved to another node', 1);
    if (place.state === 'unknown' && !place.isTold) return refuse(response, 503, 'the stream is being taken up', 1);
    refuse(response, 404, 'this node does not hold the stream');
  }

  /** Without a token. The gateway has looked at who asks it; a proxy on this machine must be the gateway. */
  #isOpenTo(request: IncomingMessage, { policy: { visibility } }: LiveStream): boolean {
    if (!this.#options.isPublicBind || visibility === 'public' || visibility === 'unlisted') return true;
    return isLoopback(request.socket.remoteAddress ?? '');
  }

  #route(asked: Asked, media: MediaFile): void {
    const { response } = asked;
    try {
      const work = this.#answer(asked, media);
      if (work) work.catch((error: unknown) => this.#failed(response, error));
    } catch (error) {
      this.#failed(response, error);
    }
  }

  #failed(response: ServerResponse, error: unknown): void {
    this.#options.log.error({ action: 'origin.failed', error: String(error) }, 'a media request failed');
    if (response.headersSent) response.destroy();
    else refuse(response, 500, 'a fault of ours');
  }

  #answer(asked: Asked, media: MediaFile): Promise<void> | void {
    const { recorded, viewers } = this.#options;
    const rung = 'rendition' in media ? parseRung(media.rendition) : null;
    if (rung) return this.#rung(asked, media, rung);
    switch (media.file) {
      case 'live':
        viewers.seen(asked.stream, asked.request);
        return this.#live.playlist(asked);
      case 'init':
      case 'segment':
      case 'part':
        return this.#live.media(asked, media);
      case 'index':
        return this.#index(asked);
      case 'vod':
        return recorded.vod(asked, media.rendition);
      case 'joined':
        return recorded.joined(asked, media.rendition, media.range);
      case 'timeline':
        return recorded.timeline(asked);
      case 'thumb':
        return recorded.thumb(asked, null);
      case 'segmentThumb':
        return recorded.thumb(asked, media.mediaSequence);
      case 'tail':
        viewers.seen(asked.stream, asked.request);
        return this.#live.whenStarted(asked, () => serveTail(asked));
      case 'state':
        return this.#state(asked);
    }
  }

  #rung(asked: Asked, media: MediaFile, name: RungName): Promise<void> | void {
    const { ladders, viewers } = this.#options;
    const { stream, response } = asked;
    if (media.file === 'live') {
      viewers.seen(stream, asked.request);
      // What the source is like tells whether there is such a rung.
      return this.#live.whenStarted(asked, () => {
        const rung = ladders.watch(stream, name);
        if (typeof rung === 'string') return refuseRung(response, name, rung);
        this.#rungs.playlist({ ...asked, stream: rung });
      });
    }
    if (media.file !== 'init' && media.file !== 'segment' && media.file !== 'part')
      return refuse(response, 404, 'rungs are made while they are watched, and not recorded');
    const rung = ladders.find(stream, name);
    if (!rung) return refuse(response, 404, `rung ${name} is not being made`);
    return this.#rungs.media({ ...asked, stream: rung }, media);
  }

  #index(asked: Asked): Promise<void> | void {
    const { stream, query } = asked;
    const isRecorded = ['from', 'to'].some((name) => query.has(name)) || (stream.ended && stream.store?.newestMs);
    if (isRecorded) return this.#recordedIndex(asked);
    this.#live.whenStarted(asked, () => {
      const { window } = stream;
      const run = (window.last && window.runs.get(window.last.run)) ?? stream.run;
      if (!run) return refuse(asked.response, 404, 'nothing was ever heard of this stream');
      const rates = window.segments
        .filter((segment) => segment.duration > 0.5)
        .map((segment) => (segment.bytes * 8) / segment.duration);
      const fallback = stream.meter.rates(Date.now())?.bitrate ?? 5_000_000;
      const wish = query.get('ladder');
      // Those that the owner has made always are named to all but who asks for none.
      const isNamed = wish === '1' || (wish !== '0' && stream.policy.ladder === 'always');
      const rungs = isNamed ? this.#options.ladders.offered(stream, wish === '1') : [];
      sendIndex(asked, { run, rates: rates.length > 0 ? rates : [fallback] }, rungs);
    });
  }

  async #recordedIndex(asked: Asked): Promise<void> {
    const { stream, response } = asked;
    const found = await this.#options.recorded.variants(asked);
    if (found) sendIndex(asked, found);
    else refuse(response, stream.ended ? 410 : 404, 'nothing is recorded in this window');
  }

  #state({ stream, request, response }: Asked): void {
    const body = Buffer.from(JSON.stringify(this.#options.state(stream)));
    send(request, response, { type: 'application/json', caching: 'no-cache' }, body);
  }
}

function refuseRung(response: ServerResponse, name: RungName, why: NoRung): void {
  if (why === 'unknown') return refuse(response, 404, `the source is not larger than ${name}`);
  const reason = why === 'noRoom' ? 'this machine transcodes as much as it may' : 'this machine could not keep up';
  refuse(response, 503, `rung ${name} is not made now: ${reason}`, why === 'noRoom' ? 5 : 60);
}

/** `vod.m3u8` with the window that was asked for, `live.m3u8` while there is more to come. */
function sendIndex(
  { stream, request, response, query }: Asked,
  { run, rates }: RecordedVariants,
  rungs: readonly Rung[] = [],
): void {
  const range = ['from', 'to'].flatMap((name) =>
    query.has(name) ? [`${name}=${encodeURIComponent(query.get(name) ?? '')}`] : [],
  );
  const isRecorded = range.length > 0 || (stream.ended && stream.store?.newestMs);
  const text = multivariantPlaylist({
    tracks: run.tracks,
    bandwidth: Math.max(...rates),
    averageBandwidth: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
    playlist: isRecorded ? `vod.m3u8${range.length > 0 ? `?${range.join('&')}` : ''}` : 'live.m3u8',
    ladder: query.get('ladder') === '1' || rungs.length > 0,
    rungs,
  });
  send(request, response, { type: playlistType, caching: 'no-cache' }, Buffer.from(text));
}
