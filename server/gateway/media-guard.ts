import type { IncomingMessage } from 'node:http';

import { assertAccess, isOpenToAll, mediaAccess } from '#server/api/media-access.ts';
import { readCookie } from '#server/api/request-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { playbackCookie } from '#server/identity/tokens/router.ts';
import { holderOf, type Holder, type TokensService } from '#server/identity/tokens/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import type { MediaPlace, StreamsService } from '#server/streams/service.ts';

interface Options {
  streams: Pick<StreamsService, 'mediaPlace'>;
  identity: Pick<IdentityService, 'isAllowed'>;
  tokens: Pick<TokensService, 'playback' | 'actorOfHolder'>;
  actorOf: (request: IncomingMessage) => Promise<Actor>;
}

type Source = MediaPlace['source'];
export type MediaPermission = 'stream:view' | 'recording:view';

/** Who may have media: by what they are, or by a playback token in the path or its cookie. */
export class MediaGuard {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws where they may not. Else: whether the answer may go on, to be asked while it runs. */
  async admit(
    request: IncomingMessage,
    asked: { source: Source; token: string | null; permission: MediaPermission },
  ): Promise<() => Promise<boolean>> {
    const { source, token, permission } = asked;
    const id = source.streamId;
    const by = token === null ? await this.#holderOf(request, asked) : await this.#holderOfToken(token, asked);
    return async () => {
      const place = await this.#options.streams.mediaPlace(id);
      return place !== null && this.#isGranted(by, place.source, permission);
    };
  }

  async #holderOf(
    request: IncomingMessage,
    { source, permission }: { source: Source; permission: MediaPermission },
  ): Promise<Holder> {
    // The common case costs no look at who it is.
    if (isOpenToAll(source)) return { kind: 'anonymous' };
    const actor = await this.#options.actorOf(request);
    const access = mediaAccess(this.#options.identity, actor, { source, permission });
    if (access === 'granted') return holderOf(actor);
    const cookie = readCookie(request.headers.cookie ?? '', playbackCookie);
    const by = cookie === null ? null : await this.#options.tokens.playback.read(cookie, source.streamId);
    if (!by || !(await this.#isGranted(by, source, permission))) assertAccess(access, source.streamId);
    return by ?? holderOf(actor);
  }

  async #holderOfToken(
    token: string,
    { source, permission }: { source: Source; permission: MediaPermission },
  ): Promise<Holder> {
    const { tokens, identity } = this.#options;
    const by = await tokens.playback.read(token, source.streamId);
    const actor = by && (await tokens.actorOfHolder(by));
    if (!actor) throw tokenRefused();
    assertAccess(mediaAccess(identity, actor, { source, permission }), source.streamId);
    return by;
  }

  async #isGranted(by: Holder, source: Source, permission: MediaPermission): Promise<boolean> {
    const { tokens, identity } = this.#options;
    if (isOpenToAll(source)) return true;
    const actor = await tokens.actorOfHolder(by);
    return actor !== null && mediaAccess(identity, actor, { source, permission }) === 'granted';
  }
}

/** A token that opens nothing says nothing of whether there is such a stream. */
export function tokenRefused(): AppError {
  return new AppError('UNAUTHENTICATED', {
    message: 'the playback token does not open this stream, is over, or whoever asked for it may not any more',
    details: { reason: 'invalid_token' },
  });
}
