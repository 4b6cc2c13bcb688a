import { createHash, timingSafeEqual } from 'node:crypto';

import { jwtVerify } from 'jose';

import { leaseClaims, type LeaseClaims } from '#server/contracts/log-record.ts';
import { playbackClaims, slicerAudience, slicerTokenSeconds } from '#server/contracts/tokens.ts';

const cacheLengthMax = 2000;

/** Opens the doors: lease tokens of writers, the install's secret for readers in the house, the gateway's tokens in a path. */
export class TokenCheck {
  readonly #secret: Uint8Array;
  readonly #digest: Buffer;
  readonly #playback = new Map<string, { stream: string; expiresMs: number }>();

  constructor(secret: string) {
    this.#secret = new TextEncoder().encode(secret);
    this.#digest = sha256(secret);
  }

  /** Null where the token is not ours, has expired, or is no lease. */
  async lease(authorization: string | undefined): Promise<LeaseClaims | null> {
    return leaseClaims.safeParse(await this.#claims(bearer(authorization))).data ?? null;
  }

  /** Readers in the house come with the install's secret or a lease of the stream. */
  async mayRead(authorization: string | undefined, stream: string): Promise<boolean> {
    const token = bearer(authorization);
    if (token && timingSafeEqual(sha256(token), this.#digest)) return true;
    return (await this.lease(authorization))?.stream === stream;
  }

  /**
   * Whether a token of the gateway opens this stream. Nobody is asked whether whoever plays still may, so only one whose whole life is short counts:
   * those that people are given are for the gateway, which asks.
   */
  async mayPlay(token: string, stream: string): Promise<boolean> {
    let known = this.#playback.get(token);
    if (!known) {
      const claims = playbackClaims.safeParse(await this.#claims(token, slicerAudience)).data;
      if (!claims || claims.exp - claims.iat > slicerTokenSeconds) return false;
      known = { stream: claims.stream, expiresMs: claims.exp * 1000 };
      if (this.#playback.size >= cacheLengthMax) this.#playback.clear();
      this.#playback.set(token, known);
    }
    return known.stream === stream && known.expiresMs > Date.now();
  }

  async #claims(token: string | null, audience?: string): Promise<unknown> {
    if (!token) return null;
    try {
      const expected = { algorithms: ['HS256'], ...(audience !== undefined && { audience }) };
      return (await jwtVerify(token, this.#secret, expected)).payload;
    } catch {
      return null; // Forged, damaged or expired: refused alike.
    }
  }
}

function bearer(authorization: string | undefined): string | null {
  return authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length) : null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
