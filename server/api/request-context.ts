import { decode } from 'next-auth/jwt';
import { z } from 'zod';

import type { Actor } from '#server/contracts/identity.ts';
import type { IdentityService } from '#server/identity/service.ts';

const anonymous: Actor = { type: 'anonymous' };
const cookieNames = ['__Secure-next-auth.session-token', 'next-auth.session-token'];
const claims = z.object({ sid: z.uuid() });

/** Who a browser's cookie says it is, as next-auth made it and the sessions table still has it. */
export async function actorOfCookie(
  cookie: string | null | undefined,
  { identity, secret }: { identity: Pick<IdentityService, 'actorOf'>; secret: string },
): Promise<Actor> {
  const token = sessionTokenOf(cookie ?? '');
  if (token === null) return anonymous;
  const parsed = claims.safeParse(await decode({ token, secret }).catch(() => null));
  return parsed.success ? identity.actorOf(parsed.data.sid) : anonymous;
}

function sessionTokenOf(cookie: string): string | null {
  const pairs = new Map<string, string>();
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=');
    if (at > 0) pairs.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  for (const name of cookieNames) {
    const token = pairs.get(name);
    if (token) return token;
  }
  return null;
}
