import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Actor } from '#server/contracts/identity.ts';
import { streamId } from '#server/contracts/ids.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { StreamsService } from '#server/streams/service.ts';

import { clientAddress } from './client-address.ts';
import type { PassThrough } from './pass-through.ts';

/** The log holds a blocked reload up to 3 × 6 s and an on-demand start up to 12 s; beyond it something is wrong. */
const answerWithinMs = 25_000;
/** An endless body sends at least a chunk a second while there is a picture; a paused one is the reader's own matter up to here. */
const idleMs = 120_000;

const mediaPath = /^\/media\/(?:~[^/]*\/)?([0-9a-f-]{36})(\/[^?]*)(\?.*)?$/;

/** What players ask for first, and give up at when it is not there. */
const playlistPath = /\/(?:index|live)\.m3u8$/;

/** OPTIONS: players on other sites ask before they read. */
const methods = new Set(['GET', 'HEAD', 'OPTIONS']);

interface Options {
  streams: Pick<StreamsService, 'mediaPlace' | 'isSettling'>;
  identity: Pick<IdentityService, 'isAllowed'>;
  passThrough: PassThrough;
  actorOf: (request: IncomingMessage) => Promise<Actor>;
  trustedProxies: number;
}

/** `/media/{streamId}/…`: to the slicer that keeps the stream, for who may see it. */
export function createMediaDoor({ streams, identity, passThrough, actorOf, trustedProxies }: Options) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, id = '', rest = '', query = ''] = mediaPath.exec(request.url ?? '') ?? [];
    const parsed = streamId.safeParse(id);
    if (!parsed.success) throw new AppError('NOT_FOUND', { message: 'no such media address' });
    if (!methods.has(request.method ?? '')) {
      throw new AppError('BAD_REQUEST', { message: 'media are read with GET' });
    }
    const place = await streams.mediaPlace(parsed.data);
    const hidden = new AppError('NOT_FOUND', { message: `no stream ${parsed.data}` });
    if (!place || place.source.deleted) throw hidden;
    const { ownerId, policy } = place.source;
    if (policy.visibility !== 'public' && policy.visibility !== 'unlisted') {
      const actor = await actorOf(request);
      if (!identity.isAllowed(actor, 'camera:view', { ownerId, visibility: policy.visibility })) throw hidden;
    }
    if (!place.url) {
      throw new AppError('UNAVAILABLE', {
        message: 'no slicer keeps this stream at the moment',
        details: { retryAfterSeconds: 2 },
      });
    }
    await passThrough.pass(request, response, {
      target: new URL(place.url),
      path: `/media/${parsed.data}${rest}${query}`,
      // The slicer needs no cookie, and must not see one. It counts viewers by their address, which is not theirs to choose.
      headers: { cookie: '', authorization: '', 'x-forwarded-for': clientAddress(request, trustedProxies) },
      answerWithinMs,
      idleMs,
      bodyBytesMax: 0,
      // A slicer that has not heard of its new stream yet does not know it.
      replaced: (status) =>
        status === 404 && playlistPath.test(rest) && streams.isSettling(parsed.data)
          ? new AppError('UNAVAILABLE', {
              message: 'the slicer is only just taking up this stream',
              details: { retryAfterSeconds: 1 },
            })
          : null,
    });
  };
}
