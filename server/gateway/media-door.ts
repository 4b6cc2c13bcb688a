import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { isOpenToAll } from '#server/api/media-access.ts';
import { streamId, type StreamId } from '#server/contracts/ids.ts';
import { liveOnlyHeader } from '#server/contracts/tokens.ts';
import type { TokensService } from '#server/identity/tokens/service.ts';
import { inRanges } from '#server/platform/address-ranges.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { MediaPlace, StreamsService } from '#server/streams/service.ts';

import type { AnswerWatch } from './answer-watch.ts';
import { clientAddress } from './client-address.ts';
import { allowReaders, answerPreflight, sendLook, sendNothingRecorded, sendState } from './media-answers.ts';
import { refusalOf, TokenRefused, type MediaGuard } from './media-guard.ts';
import { isForNow, prefersLater, sendLater } from './media-postponed.ts';
import type { PassThrough } from './pass-through.ts';

/** The log holds a blocked reload up to 3 × 6 s and an on-demand start up to 12 s; beyond it something is wrong. */
const answerWithinMs = 25_000;
/** An endless body sends at least a chunk a second while there is a picture; a paused one is the reader's own matter up to here. */
const idleMs = 120_000;
/** So long a slicer that does not know its new stream yet is asked again, before the player is sent away to ask again. */
const takesUpWithinMs = 2500;
const askAgainMsMin = 50;
const askAgainMsMax = 1000;

const mediaPath = /^\/media\/(?:~([^/?]*)\/)?([0-9a-f-]{36})(\/[^?]*)(\?.*)?$/;
/** A JWT, so that nothing else is written into a `Location`. */
const tokenForm = /^[\w.-]{1,4096}$/;

/** What players ask for first, and give up at when it is not there. */
const playlistPath = /^\/(?:[^/]+\/)?(?:index|live)\.m3u8$/;
/** What shows the present: a source that is read on demand is opened by it. */
const livePath = /^\/(?:(?:[^/]+\/)?(?:index|live)\.m3u8|tail\.mp4)$/;
/** As the slicer reads it, whatever its letters are written like. */
const isOfThePast = (query: string) => {
  if (query === '') return false;
  const asked = new URLSearchParams(query);
  return asked.has('from') || asked.has('to') || asked.has('at');
};
/** The newest picture: the last look answers for it where no log does, and for no moment that is past. */
const isOfNow = (rest: string, query: string): boolean => rest === '/thumb.jpg' && !isOfThePast(query);
/** Joined segments (`s/3-5.m4s`) stand in playlists of the past alone. */
const pastPath = /^\/(?:timeline\.json|thumbs\/|[^/]+\/vod\.m3u8|[^/]+\/s\/\d+-)/;
/** Single ones (`s/3.m4s`) are of the present as long as the live window holds them: that the slicer knows. */
const segmentPath = /^\/[^/]+\/s\/\d/;
const isLoopback = inRanges(['127.0.0.0/8', '::1/128']);

/** OPTIONS: players on other sites ask before they read. */
const methods = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Options {
  streams: Pick<StreamsService, 'mediaPlace' | 'openMedia' | 'isSettling' | 'lookThumbnail' | 'states'>;
  guard: Pick<MediaGuard, 'admit'>;
  watch: Pick<AnswerWatch, 'add'>;
  playback: Pick<TokensService['playback'], 'forSlicer' | 'isOurs'>;
  passThrough: Pick<PassThrough, 'pass'>;
  trustedProxies: number;
}

/** What is asked for below `/media/{streamId}`. */
interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  rest: string;
  query: string;
  /** They may see the present alone. */
  isLiveOnly: boolean;
  /** They ask again by themselves where there is no picture yet. */
  isPatient: boolean;
}

/** Instead of these answers of a slicer something else is done. */
class Replaced extends AppError {
  readonly by: 'asking again' | 'the last look' | 'an empty timeline' | 'an answer later';
  constructor(by: Replaced['by'], code: 'UNAVAILABLE' | 'NOT_FOUND' = 'NOT_FOUND') {
    super(code, {
      message: by === 'asking again' ? 'the slicer is only just taking up this stream' : 'there is nothing of it yet',
      details: { retryAfterSeconds: 1 },
    });
    this.by = by;
  }
}

/** `/media/{streamId}/…`: to the slicer that keeps the stream, for who may see it; what no slicer keeps is opened, or answered from the last look. */
export function createMediaDoor({ streams, guard, watch, playback, passThrough, trustedProxies }: Options) {
  /** A slicer on another machine can't tell us from a stranger. */
  const prefixFor = async ({ hostname }: URL, source: MediaPlace['source']): Promise<string> => {
    const host = hostname.replaceAll(/^\[|\]$/g, '');
    if (isOpenToAll(source) || host === 'localhost' || isLoopback(host)) return '';
    return `~${await playback.forSlicer(source.streamId)}/`;
  };

  const pass = async (
    { request, response, rest, query, isLiveOnly, isPatient }: Asked,
    { source, url }: MediaPlace & { url: string },
  ) => {
    const id = source.streamId;
    const target = new URL(url);
    await passThrough.pass(request, response, {
      target,
      path: `/media/${await prefixFor(target, source)}${id}${rest}${query}`,
      // The slicer needs no credential, and must not see one. It counts viewers by their address, which is not theirs to choose.
      headers: {
        cookie: '',
        authorization: '',
        'x-api-key': '',
        'x-forwarded-for': clientAddress(request, trustedProxies),
        ...(isLiveOnly && { [liveOnlyHeader]: '1' }),
      },
      answerWithinMs,
      idleMs,
      bodyBytesMax: 0,
      replaced: (status) => {
        if (status === 503 && isPatient) return new Replaced('an answer later', 'UNAVAILABLE');
        if (status !== 404) return null;
        if (rest === '/timeline.json') return new Replaced('an empty timeline');
        if (isOfNow(rest, query) && source.policy.onDemand) return new Replaced('the last look');
        if ((playlistPath.test(rest) || livePath.test(rest)) && streams.isSettling(id))
          return new Replaced('asking again', 'UNAVAILABLE');
        return isPatient ? new Replaced('an answer later') : null;
      },
    });
  };

  /** A slicer that has not heard of its new stream yet does not know it. */
  const passSettled = async (asked: Asked, place: MediaPlace & { url: string }): Promise<void> => {
    const until = performance.now() + takesUpWithinMs;
    for (let waitMs = askAgainMsMin; ; waitMs = Math.min(2 * waitMs, askAgainMsMax)) {
      try {
        return await pass(asked, place);
      } catch (error) {
        const again = error instanceof Replaced && error.by === 'asking again';
        if (!again || performance.now() > until || asked.response.destroyed) throw error;
      }
      await sleep(waitMs);
    }
  };

  const answerLook = async ({ request, response }: Asked, { source }: MediaPlace): Promise<boolean> => {
    const look = await streams.lookThumbnail(source.streamId);
    if (look) sendLook(request, response, { look, isPublic: source.policy.visibility === 'public' });
    return look !== null;
  };

  /** No slicer keeps the stream. */
  const answerUnkept = async ({ request, response, rest, query }: Asked, place: MediaPlace): Promise<void> => {
    const { streamId: id, policy } = place.source;
    if (policy.onDemand && rest === '/state.json') {
      const [state] = await streams.states([id]);
      if (state) return sendState(request, response, state);
    }
    if (policy.onDemand && rest === '/timeline.json') return sendNothingRecorded(request, response, query);
    if (policy.onDemand && (!livePath.test(rest) || isOfThePast(query)))
      throw new AppError('NOT_FOUND', { message: 'nothing of this stream is kept' });
    throw new AppError('UNAVAILABLE', {
      message: 'no slicer keeps this stream at the moment',
      details: { retryAfterSeconds: 2 },
    });
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    allowReaders(response);
    const [, token = null, id = '', rest = '', query = ''] = mediaPath.exec(request.url ?? '') ?? [];
    const parsed = streamId.safeParse(id);
    if (!parsed.success) throw new AppError('NOT_FOUND', { message: 'no such media address' });
    if (!methods.has(request.method ?? '')) {
      throw new AppError('BAD_REQUEST', { message: 'media are read with GET' });
    }
    // Says nothing of what is there.
    if (request.method === 'OPTIONS') return answerPreflight(response);
    if (rest === '/index.m3u8' && /[?&]token=/.test(query)) return redirectToPrefix(response, parsed.data, query);
    const found = await streams.mediaPlace(parsed.data);
    if (!found) throw token === null ? notFound(parsed.data) : await refusalOf(token, playback);
    const permission = isOfThePast(query) || pastPath.test(rest) ? 'recording:view' : 'stream:view';
    const { mayGoOn, mayAlso } = await guard.admit(request, { source: found.source, token, permission });
    watch.add(response, mayGoOn);
    const isLiveOnly = permission === 'stream:view' && segmentPath.test(rest) && !(await mayAlso('recording:view'));
    const isPatient = playlistPath.test(rest) && !isOfThePast(query) && prefersLater(request);
    const asked = { request, response, rest, query, isLiveOnly, isPatient };
    try {
      await answer(asked, found);
    } catch (error) {
      if (!isPatient || !isForNow(error)) throw error;
      sendLater(request, response, error);
    }
  };

  async function answer(asked: Asked, found: MediaPlace): Promise<void> {
    const { request, response, rest, query } = asked;
    const { onDemand } = found.source.policy;
    if (isOfNow(rest, query) && onDemand && !found.isRead && (await answerLook(asked, found))) return;
    const place = livePath.test(rest) && !isOfThePast(query) ? await streams.openMedia(found) : found;
    if (place.refusal && !place.isRead && livePath.test(rest) && !isOfThePast(query)) {
      throw new AppError('UNAVAILABLE', {
        message: `the source is not read: ${place.refusal}`,
        details: { reason: place.refusal, retryAfterSeconds: 5 },
      });
    }
    const { url } = place;
    if (!url) return answerUnkept(asked, place);
    try {
      await passSettled(asked, { ...place, url });
    } catch (error) {
      if (error instanceof Replaced && error.by === 'an empty timeline') {
        return sendNothingRecorded(request, response, query);
      }
      const isLook = error instanceof Replaced && error.by === 'the last look';
      if (!isLook || !(await answerLook(asked, place))) throw error;
    }
  }
}

function notFound(id: StreamId): AppError {
  return new AppError('NOT_FOUND', { message: `no stream ${id}` });
}

/** Addresses in a playlist are relative: with the token in the path they carry it on, with one in the query they would not. */
function redirectToPrefix(response: ServerResponse, id: StreamId, query: string): void {
  const rest = new URLSearchParams(query);
  const token = rest.get('token') ?? '';
  if (!tokenForm.test(token)) throw new TokenRefused({ isForged: true });
  rest.delete('token');
  const after = rest.size > 0 ? `?${rest.toString()}` : '';
  response.writeHead(302, { location: `/media/~${token}/${id}/index.m3u8${after}`, 'cache-control': 'no-store' }).end();
}
