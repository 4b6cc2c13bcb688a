import { randomUUID } from 'node:crypto';

import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

import { signingAlgorithm, type SigningKeys } from './signing-keys.ts';

const audience = 'sensorium';
/** RFC 9068: no other token of anybody passes for one. */
const type = 'at+jwt';

const claims = z.object({ sub: z.uuid(), jti: z.uuid(), fam: z.uuid(), scope: z.string().optional(), exp: z.int() });
type Claims = z.infer<typeof claims>;

interface Options {
  keys: Pick<SigningKeys, 'current' | 'verifying'>;
  issuer: string;
  seconds: number;
  now: () => Date;
}

/** Signs and checks access tokens (JWT, RS256). Whether their family still lives is asked apart. */
export class AccessTokens {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  get seconds(): number {
    return this.#options.seconds;
  }

  async sign(token: { userId: string; familyId: string; scope: readonly string[] }): Promise<string> {
    const { keys, issuer, seconds, now } = this.#options;
    const { kid, key } = await keys.current();
    const at = Math.floor(now().getTime() / 1000);
    return new SignJWT({ fam: token.familyId, ...(token.scope.length > 0 && { scope: token.scope.join(' ') }) })
      .setProtectedHeader({ alg: signingAlgorithm, typ: type, kid })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(token.userId)
      .setJti(randomUUID())
      .setIssuedAt(at)
      .setExpirationTime(at + seconds)
      .sign(key);
  }

  /** Null where it is not ours, was changed or is over: which of these is nobody's business. */
  async read(token: string): Promise<Claims | null> {
    const { keys, issuer, now } = this.#options;
    try {
      const { payload } = await jwtVerify(
        token,
        async ({ kid }) => {
          const key = kid === undefined ? null : await keys.verifying(kid);
          if (!key) throw new UnknownKey('no key of ours has this id');
          return key;
        },
        // The algorithm is ours to choose, not the token's: neither `none` nor HMAC by the public key.
        {
          algorithms: [signingAlgorithm],
          typ: type,
          issuer,
          audience,
          currentDate: now(),
          requiredClaims: ['sub', 'jti', 'fam', 'iat', 'exp'],
        },
      );
      return claims.parse(payload);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  }
}

class UnknownKey extends Error {}

/** What is wrong with the token, as against a database that is away. */
function isRefusal(error: unknown): boolean {
  return error instanceof errors.JOSEError || error instanceof UnknownKey || error instanceof z.ZodError;
}
