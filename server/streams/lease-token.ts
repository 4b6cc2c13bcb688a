import { SignJWT } from 'jose';

import type { LeaseClaims } from '#server/contracts/log-record.ts';

/** Long, because the epoch is what cuts an old writer off; renewed at half of it. */
export const leaseTokenSeconds = 24 * 3600;

/** The writer's proof towards the log, by the install's secret. */
export function signLeaseToken(
  claims: Omit<LeaseClaims, 'exp'>,
  options: { secret: string; now: Date },
): Promise<string> {
  const expiresAt = Math.floor(options.now.getTime() / 1000) + leaseTokenSeconds;
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(expiresAt)
    .sign(new TextEncoder().encode(options.secret));
}
