import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Actor } from '#server/contracts/identity.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { MediaPlace, StreamsService } from '#server/streams/service.ts';

import { clientAddress } from './client-address.ts';
import { allowReaders, answerPreflight, sendLook, sendNothingRecorded, sendState } from './media-answers.ts';
import type { PassThrough } from './pass-through.ts';

/** The log holds a blocked reload up to 3 × 6 s and an on-demand start up to 12 s; beyond it something is wrong. */
const answerWithinMs = 25_000;
/** An endless body sends at least a chunk a second while there is a picture; a paused one is the reader's own matter up to here. */
const idleMs = 120_000;
/** So long a slicer that does not know its new stream yet is asked again, before the player is sent away to ask again. */
const takesUpWithinMs = 2500;
const askAgainMsMin = 50;
const askAgainMsMax = 1000;

const mediaPath = /^\/media\/(?:~[^/]*\/)?([0-9a-f-]{36})(\/[^?]*)(\?.*)?$/;

/** What players ask for first, and give up at when it is not there. */
const playlistPath = /^\/(?:[^/]+\/)?(?:index|live)\.m3u8$/;
/** What shows the present: a source that is read on demand is opened by it. */
const livePath = /^\/(?:(?:[^/]+\/)?(?:index|live)\.m3u8|tail\.mp4)$/;
const isOfThePast = (query: string) => /[?&](?:from|to)=/.test(query);

/** OPTIONS: players on other sites ask before they read. */
const methods = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Options {
  streams: Pick<StreamsService, 'mediaPlace' | 'openMedia' | 'isSettling' | 'lookThumbnail' | 'states'>;
  identity: Pick<IdentityService, 'isAllowed'>;
  passThrough: PassThrough;
  actorOf: (request: IncomingMessage) => Promise<Actor>;
  trustedProxies: number;
}

/** What is asked for below `/media/{streamId}`. */
interface Asked {
  request: IncomingMessage;
  response: ServerResponse;
  rest: string;
  query: string;
}

/** Instead of these answers of a slicer something else is done. */
class Replaced extends AppError {
  readonly by: 'asking again' | 'the last look';
  constructor(by: Replaced['by']) {
    super(by === 'asking again' ? 'UNAVAILABLE' : 'NOT_FOUND', {
      message: by === 'asking again' ? 'the slicer is only just taking up this stream' : 'there is no picture yet',
      details: { retryAfterSeconds: 1 },
    });
    this.by = by;
  }
}

/** `/media/{streamId}/…`: to the slicer that keeps the stream, for who may see it; what no slicer keeps is opened, or answered from the last look. */
export function createMediaDoor({ streams, identity, passThrough, actorOf, trustedProxies }: Options) {
  const isShownTo = async (request: IncomingMessage, { source }: MediaPlace): Promise<boolean> => {
    const { ownerId, hidden, deleted, policy } = source;
    const { visibility } = policy;
    if (deleted) return false;
    if (!hidden && (visibility === 'public' || visibility === 'unlisted')) return true;
    return identity.isAllowed(await actorOf(request), hidden ? 'camera:update' : 'camera:view', {
      ownerId,
      visibility,
    });
  };

  const pass = async ({ request, response, rest, query }: Asked, { source, url }: MediaPlace & { url: string }) => {
    const id = source.streamId;
    await passThrough.pass(request, response, {
      target: new URL(url),
      path: `/media/${id}${rest}${query}`,
      // The slicer needs no cookie, and must not see one. It counts viewers by their address, which is not theirs to choose.
      headers: { cookie: '', authorization: '', 'x-forwarded-for': clientAddress(request, trustedProxies) },
      answerWithinMs,
      idleMs,
      bodyBytesMax: 0,
      replaced: (status) => {
        if (status !== 404) return null;
        if (rest === '/thumb.jpg' && source.policy.onDemand) return new Replaced('the last look');
        return (playlistPath.test(rest) || livePath.test(rest)) && streams.isSettling(id)
          ? new Replaced('asking again')
          : null;
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
    if (policy.onDemand && rest === '/timeline.json' && sendNothingRecorded(request, response, query)) return;
    if (policy.onDemand && (!livePath.test(rest) || isOfThePast(query)))
      throw new AppError('NOT_FOUND', { message: 'nothing of this stream is kept' });
    throw new AppError('UNAVAILABLE', {
      message: 'no slicer keeps this stream at the moment',
      details: { retryAfterSeconds: 2 },
    });
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    allowReaders(response);
    const [, id = '', rest = '', query = ''] = mediaPath.exec(request.url ?? '') ?? [];
    const parsed = streamId.safeParse(id);
    if (!parsed.success) throw new AppError('NOT_FOUND', { message: 'no such media address' });
    if (!methods.has(request.method ?? '')) {
      throw new AppError('BAD_REQUEST', { message: 'media are read with GET' });
    }
    // Says nothing of what is there.
    if (request.method === 'OPTIONS') return answerPreflight(response);
    const found = await streams.mediaPlace(parsed.data);
    if (!found || !(await isShownTo(request, found)))
      throw new AppError('NOT_FOUND', { message: `no stream ${parsed.data}` });
    const asked = { request, response, rest, query };
    const { onDemand } = found.source.policy;
    if (rest === '/thumb.jpg' && onDemand && !found.isRead && (await answerLook(asked, found))) return;
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
      const isLook = error instanceof Replaced && error.by === 'the last look';
      if (!isLook || !(await answerLook(asked, place))) throw error;
    }
  };
}
