import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Logger } from 'pino';

import type { MediaState } from '#server/contracts/media-state.ts';

import type { TokenCheck } from './lease-token.ts';
import { LiveRoutes, type Asked } from './live-routes.ts';
import { isLoopback } from './loopback.ts';
import { parseMediaPath, type MediaFile } from './media-path.ts';
import { multivariantPlaylist } from './playlist/multivariant.ts';
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
}

const noQuery = new URLSearchParams();
const noToken = 'this stream is opened by a playback token';

/** `GET /media/[~token/]{streamId}/…`: everything a player asks for (media contract §6). */
export class Origin {
  readonly #options: OriginOptions;
  readonly #live: LiveRoutes;

  constructor(options: OriginOptions) {
    this.#options = options;
    this.#live = new LiveRoutes(options.want);
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
    if (!stream) return refuse(response, 404, 'this node does not hold the stream');
    if (token === null && !this.#isOpenTo(request, stream)) return refuse(response, 401, noToken);
    this.#route({ stream, request, response, query }, media);
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

  #index(asked: Asked): void {
    const { stream, request, response, query } = asked;
    const range = ['from', 'to']
      .filter((name) => query.has(name))
      .map((name) => `${name}=${encodeURIComponent(query.get(name) ?? '')}`);
    const answer = () => {
      const { window } = stream;
      const run = (window.last && window.runs.get(window.last.run)) ?? stream.run;
      if (!run) return refuse(response, 404, 'nothing was ever heard of this stream');
      const rates = window.segments
        .filter((segment) => segment.duration > 0.5)
        .map((segment) => (segment.bytes * 8) / segment.duration);
      const fallback = stream.meter.rates(Date.now())?.bitrate ?? 5_000_000;
      const text = multivariantPlaylist({
        tracks: run.tracks,
        bandwidth: rates.length > 0 ? Math.max(...rates) : fallback * 1.2,
        averageBandwidth: rates.length > 0 ? rates.reduce((sum, rate) => sum + rate, 0) / rates.length : fallback,
        playlist:
          range.length > 0 || stream.ended
            ? ['vod.m3u8', ...range].join('?').replaceAll(/(?<=\?.*)\?/g, '&')
            : 'live.m3u8',
        ladder: query.get('ladder') === '1',
      });
      send(request, response, { type: playlistType, caching: 'no-cache' }, Buffer.from(text));
    };
    if (range.length > 0 && stream.run === null && stream.window.isEmpty) return answer();
    if (range.length > 0) return answer();
    this.#live.whenStarted(asked, answer);
  }

  #state({ stream, request, response }: Asked): void {
    const body = Buffer.from(JSON.stringify(this.#options.state(stream)));
    send(request, response, { type: 'application/json', caching: 'no-cache' }, body);
  }
}
