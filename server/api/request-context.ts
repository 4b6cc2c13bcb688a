import type { IncomingMessage } from 'node:http';

import { guestCookie, viewAsCookie } from '#server/contracts/account.ts';
import type { Actor } from '#server/contracts/identity.ts';
import type { AccessService } from '#server/identity/access/service.ts';
import type { IdentityService } from '#server/identity/service.ts';
import type { TokensService } from '#server/identity/tokens/service.ts';
import { AppError } from '#server/platform/app-error.ts';
import { cookieName } from '#server/platform/cookie-name.ts';

import { createSessionCookies } from './session-cookie.ts';

const anonymous: Actor = { type: 'anonymous' };
/** next-auth's own; the pages give it this name too. */
export const sessionCookie = 'next-auth.session-token';
const bearer = /^bearer(?=\s|$)/i;

/** What a request shows of who sent it. */
export interface Presented {
  authorization: string | null;
  apiKey: string | null;
  cookie: string | null;
  ip: string | null;
}

interface Options {
  identity: Pick<IdentityService, 'actorOf'>;
  tokens: Pick<TokensService, 'actorOfToken'>;
  /** Null for what is no guest's token in its time. */
  readGuest: (token: string) => Promise<Actor | null>;
  /** An admin may look at the house as somebody else. */
  access: { views: Pick<AccessService['views'], 'actorOf'> };
  /** Of next-auth's cookie. */
  secret: string;
  /** Whether browsers reach the house over TLS: what cookies are called. */
  tls: boolean;
}

export type ActorOf = (presented: Presented) => Promise<Actor>;

/**
 * Who is asking, at every door. What a machine shows on purpose goes before what a browser sends by itself, and where it is wrong nothing else is
 * tried: an agent whose key was revoked must not go on as whoever else's cookie lies there. Other schemes than Bearer are a proxy's own matter.
 */
export function createActorOf({ identity, tokens, readGuest, access, secret, tls }: Options): ActorOf {
  const sessionOf = createSessionCookies(secret);
  const named = (name: string) => cookieName(name, { tls, path: '/' });
  const [sessionName, viewName, guestName] = [named(sessionCookie), named(viewAsCookie), named(guestCookie)];
  const ofSession = async (cookie: string): Promise<Actor> => {
    const token = readCookie(cookie, sessionName);
    if (token === null) return anonymous;
    const sid = await sessionOf(token);
    return sid === null ? anonymous : identity.actorOf(sid);
  };

  return async ({ authorization, apiKey, cookie, ip }) => {
    const token = bearer.test(authorization ?? '') ? (authorization ?? '').slice('bearer'.length).trim() : apiKey;
    if (token !== null) {
      const actor = await tokens.actorOfToken(token, ip);
      if (actor) return actor;
      throw new AppError('UNAUTHENTICATED', {
        message: 'the token or key is not valid, is over or was revoked',
        details: { reason: 'invalid_token' },
      });
    }
    if (cookie === null) return anonymous;
    const actor = await ofSession(cookie);
    if (actor.type !== 'anonymous') return access.views.actorOf(actor, readCookie(cookie, viewName));
    const guest = readCookie(cookie, guestName);
    return (guest === null ? null : await readGuest(guest)) ?? anonymous;
  };
}

export function presentedBy({ headers }: Pick<IncomingMessage, 'headers'>, ip: string | null): Presented {
  const { authorization = null, cookie = null } = headers;
  return { authorization, cookie, apiKey: [headers['x-api-key']].flat()[0] ?? null, ip };
}

/** Null where there is none, or an empty one. */
export function readCookie(cookie: string, name: string): string | null {
  for (const part of cookie.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim() || null;
  }
  return null;
}
