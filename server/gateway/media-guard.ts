import type { IncomingMessage } from 'node:http';

import { assertAccess, isOpenToAll, mediaAccess } from '#server/api/media-access.ts';
import { readCookie } from '#server/api/request-context.ts';
import type { Actor } from '#server/contracts/identity.ts';
import { playbackCookie } from '#server/identity/playback/router.ts';
import type { IdentityService } from '#server/identity/service.ts';
import { holderOf, type Holder, type TokensService } from '#server/identity/tokens/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { cookieName } from '#server/platform/cookie-name.ts';
import type { MediaPlace, StreamsService } from '#server/streams/service.ts';

interface Options {
  streams: Pick<StreamsService, 'mediaPlace'>;
  identity: Pick<IdentityService, 'isAllowed'>;
  tokens: Pick<TokensService, 'playback' | 'actorOfHolder'>;
  actorOf: (request: IncomingMessage) => Promise<Actor>;
  /** Whether browsers reach the house over TLS: what cookies are called. */
  tls: boolean;
}

type Source = MediaPlace['source'];
export type MediaPermission = 'stream:view' | 'recording:view';

/** Of somebody who was let in, asked anew at each call. */
export interface Admission {
  /** Whether the answer may go on, while it runs. */
  mayGoOn: () => Promise<boolean>;
  mayAlso: (permission: MediaPermission) => Promise<boolean>;
}

/** Who may have media: by what they are, or by a playback token in the path or its cookie. */
export class MediaGuard {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Throws where they may not. */
  async admit(
    request: IncomingMessage,
    asked: { source: Source; token: string | null; permission: MediaPermission },
  ): Promise<Admission> {
    const { source, token, permission } = asked;
    const id = source.streamId;
    const by = token === null ? await this.#holderOf(request, asked) : await this.#holderOfToken(token, asked);
    const may = async (what: MediaPermission) => {
      const place = await this.#options.streams.mediaPlace(id);
      return place !== null && this.#isGranted(by, place.source, what);
    };
    return { mayGoOn: () => may(permission), mayAlso: may };
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
    const { tokens, tls } = this.#options;
    const path = `/media/${source.streamId}`;
    const cookie = readCookie(request.headers.cookie ?? '', cookieName(playbackCookie, { tls, path }));
    const by = cookie === null ? null : await tokens.playback.read(cookie, source.streamId);
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
    if (!actor) throw await refusalOf(token, tokens.playback);
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
export class TokenRefused extends AppError {
  /** We never gave it. A player whose own is over guesses nothing, and must not shut out who shares its network. */
  readonly isForged: boolean;
  constructor({ isForged }: { isForged: boolean }) {
    super('UNAUTHENTICATED', {
      message: 'the playback token does not open this stream, is over, or whoever asked for it may not any more',
      details: { reason: 'invalid_token' },
    });
    this.isForged = isForged;
  }
}

export async function refusalOf(
  token: string,
  playback: Pick<TokensService['playback'], 'isOurs'>,
): Promise<TokenRefused> {
  return new TokenRefused({ isForged: !(await playback.isOurs(token)) });
}
