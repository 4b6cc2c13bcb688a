import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import type { StreamId } from '#server/contracts/ids.ts';
import {
  playbackAudience,
  playbackClaims,
  slicerAudience,
  slicerTokenSeconds,
  type playbackInput,
} from '#server/contracts/tokens.ts';
import { AppError } from '#server/platform/app-error.ts';

import { holder, holderOf, type Holder } from './holder.ts';

const secondsOf = { view: 60, foreign: 12 * 3600 } as const;
const claims = playbackClaims.extend({ purpose: z.enum(['view', 'foreign']), by: holder });
/** A player asks some times a second with the same token. */
const rememberedMax = 2000;

type Purpose = z.infer<typeof playbackInput>['purpose'];
type Claims = z.infer<typeof claims>;

/**
 * Open the media of one stream for whoever asked for them, in an address. The gateway asks at every request, and of every answer under way, whether
 * that credential still lives and still may: the time in the token bounds only how long a leaked address is worth something.
 */
export class PlaybackTokens {
  readonly #secret: Uint8Array;
  readonly #now: () => Date;
  readonly #remembered = new Map<string, Claims>();

  constructor(options: { secret: string; now: () => Date }) {
    this.#secret = new TextEncoder().encode(options.secret);
    this.#now = options.now;
  }

  async create(
    actor: Actor,
    { streamId, purpose }: { streamId: StreamId; purpose: Purpose },
  ): Promise<{ token: string; path: string; expiresAt: string; seconds: number }> {
    if (purpose === 'foreign' && actor.type !== 'user')
      throw new AppError(actor.type === 'anonymous' ? 'UNAUTHENTICATED' : 'FORBIDDEN', {
        message: 'an address for hours is given to who has an account',
      });
    const seconds = secondsOf[purpose];
    const claimed = { stream: streamId, purpose, by: holderOf(actor) };
    const token = await this.#sign(claimed, { audience: playbackAudience, seconds });
    const expiresAt = new Date((Math.floor(this.#now().getTime() / 1000) + seconds) * 1000).toISOString();
    return { token, path: `/media/~${token}/${streamId}/index.m3u8`, expiresAt, seconds };
  }

  /** For the gateway itself, towards a slicer on another machine, which can't tell it from a stranger. */
  forSlicer(streamId: StreamId): Promise<string> {
    return this.#sign({ stream: streamId }, { audience: slicerAudience, seconds: slicerTokenSeconds });
  }

  /** Who was given it. Null where it is not ours, is over, or is another stream's. */
  async read(token: string, streamId: StreamId): Promise<Holder | null> {
    const known = this.#remembered.get(token) ?? (await this.#verify(token));
    if (known?.stream !== streamId || known.exp * 1000 <= this.#now().getTime()) return null;
    return known.by;
  }

  /** Whether it was given by this house, for whatever and however long ago. */
  async isOurs(token: string): Promise<boolean> {
    try {
      await jwtVerify(token, this.#secret, { algorithms: ['HS256'], currentDate: new Date(0) });
      return true;
    } catch (error) {
      if (error instanceof errors.JOSEError) return false;
      throw error;
    }
  }

  async #verify(token: string): Promise<Claims | null> {
    try {
      const { payload } = await jwtVerify(token, this.#secret, {
        algorithms: ['HS256'],
        audience: playbackAudience,
        currentDate: this.#now(),
      });
      const parsed = claims.safeParse(payload).data ?? null;
      if (parsed) this.#remember(token, parsed);
      return parsed;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }

  #remember(token: string, parsed: Claims): void {
    this.#remembered.set(token, parsed);
    for (const oldest of this.#remembered.keys()) {
      if (this.#remembered.size <= rememberedMax) break;
      this.#remembered.delete(oldest);
    }
  }

  #sign(
    payload: Record<string, unknown>,
    { audience, seconds }: { audience: string; seconds: number },
  ): Promise<string> {
    const at = Math.floor(this.#now().getTime() / 1000);
    return new SignJWT(payload)
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience(audience)
      .setIssuedAt(at)
      .setExpirationTime(at + seconds)
      .sign(this.#secret);
  }
}
