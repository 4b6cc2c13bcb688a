import { decode } from 'next-auth/jwt';
import { z } from 'zod';

const claims = z.object({ sid: z.uuid() });
/** Of the cookie alone; whether its session still holds is asked anew each time. */
const rememberedMs = 60_000;
const rememberedMax = 5000;

/**
 * Reads which session a cookie of next-auth names. Opening one (HKDF and AES) costs more than all the rest of a request, and browsers send the same one
 * with each: what was opened is remembered for a minute.
 */
export function createSessionCookies(secret: string): (token: string) => Promise<string | null> {
  const remembered = new Map<string, { sid: string; until: number }>();
  return async (token) => {
    const now = performance.now();
    const known = remembered.get(token);
    if (known && known.until > now) return known.sid;
    remembered.delete(token);
    const parsed = claims.safeParse(await decode({ token, secret }).catch(() => null));
    if (!parsed.success) return null;
    remembered.set(token, { sid: parsed.data.sid, until: now + rememberedMs });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= rememberedMax) break;
      remembered.delete(oldest);
    }
    return parsed.data.sid;
  };
}
