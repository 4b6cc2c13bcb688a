import { hkdfSync } from 'node:crypto';

import { errors, jwtVerify, SignJWT } from 'jose';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

import { displayName, type Actor } from '#server/contracts/identity.ts';

const issuer = 'sensorium';
const audience = 'sensorium-guest';
export const guestSeconds = 12 * 3600;

const claims = z.object({ sub: z.uuid(), name: displayName });

/** People without an account who gave a name: a signed identity for twelve hours, of which nothing is kept. */
export class Guests {
  readonly #key: Uint8Array;
  readonly #now: () => Date;

  constructor(options: { secret: string; now?: () => Date }) {
    this.#key = new Uint8Array(hkdfSync('sha256', options.secret, '', 'sensorium guest v1', 32));
    this.#now = options.now ?? (() => new Date());
  }

  async issue(name: string): Promise<{ guestId: string; name: string; token: string; expiresAt: string }> {
    const guestId = uuidv7();
    const issuedAt = Math.floor(this.#now().getTime() / 1000);
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(guestId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + guestSeconds)
      .sign(this.#key);
    return { guestId, name, token, expiresAt: new Date((issuedAt + guestSeconds) * 1000).toISOString() };
  }

  /** Null for whatever is not a token of ours in its time. */
  async read(token: string): Promise<Actor | null> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        issuer,
        audience,
        requiredClaims: ['exp'],
        currentDate: this.#now(),
      });
      const parsed = claims.safeParse(payload);
      return parsed.success ? { type: 'guest', guestId: parsed.data.sub, name: parsed.data.name } : null;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
