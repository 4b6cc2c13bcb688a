import 'server-only';
import { decodeJwt } from 'jose';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import type { OAuthConfig } from 'next-auth/providers/oauth';
import { headers } from 'next/headers';
import { z } from 'zod';

import { pageApi } from '#server/api/caller.ts';
import { sessionCookie } from '#server/api/request-context.ts';
import { passkeyAnswer } from '#server/contracts/account.ts';
import { signInInput, type Me } from '#server/contracts/identity.ts';
import { cookieName, isReachedByTls } from '#server/platform/cookie-name.ts';
import { readServerEnv, type ServerEnv } from '#server/platform/env.ts';

import { EntranceCookies } from './entrance-cookies-server.ts';
import { ownAddress } from './own-address.ts';

const withSession = z.object({ sid: z.uuid() });
const sessionSeconds = 30 * 24 * 3600;
const oidcWithinMs = 10_000;

/** What a provider says of somebody (OpenID Connect Core §5.1). Some say `"true"`. */
const oidcClaims = z.object({
  iss: z.string(),
  sub: z.string(),
  email: z.string().optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.literal('true').transform(() => true)]).catch(false),
  name: z.string().optional().catch(undefined),
});
type OidcClaims = z.infer<typeof oidcClaims>;

interface SignedIn {
  user: Pick<Me, 'id' | 'name' | 'email' | 'locale'>;
  sessionId: string;
  device: string;
}

/**
 * What a procedure threw. By its shape, not its class: Next loads a module once for pages and once for addresses like this, and the API is of
 * whichever came first.
 */
const failure = z
  .object({
    cause: z.object({
      code: z.string(),
      details: z.object({
        reason: z.string().nullable().catch(null),
        retryAfterSeconds: z.number().nullable().catch(null),
      }),
    }),
  })
  .catch({ cause: { code: 'INTERNAL', details: { reason: null, retryAfterSeconds: null } } });

/** A form carries the device's answer as text. */
const passkeyForm = z.object({
  challengeId: z.string(),
  response: z
    .string()
    .max(100_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'not JSON' });
        return z.NEVER;
      }
    }),
});

/** next-auth only carries the id of a session of ours: the gateway looks it up, so that it can be revoked. */
export function authOptions(): NextAuthOptions {
  const env = readServerEnv();
  const isSecure = isReachedByTls(env);
  const entrance = new EntranceCookies({ tls: isSecure });
  const oidc = oidcProvider(env);
  return {
    secret: env.NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    useSecureCookies: isSecure,
    cookies: {
      sessionToken: {
        name: cookieName(sessionCookie, { tls: isSecure, path: '/' }),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure },
      },
    },
    pages: { signIn: '/login', error: '/login' },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {}, code: {} },
        authorize: (given) => {
          const { code, ...rest } = { code: '', ...given };
          return entering(signInInput, { ...rest, ...(code !== '' && { code }) }, entrance, (api, input) =>
            api.identity.signIn(input),
          );
        },
      }),
      CredentialsProvider({
        id: 'passkey',
        name: 'Passkey',
        credentials: { challengeId: {}, response: {} },
        authorize: (given) =>
          entering(passkeyForm.pipe(passkeyAnswer), given, entrance, (api, input) =>
            api.identity.signInByPasskey(input),
          ),
      }),
      ...(oidc ? [oidc] : []),
    ],
    callbacks: {
      signIn: async ({ user, account, profile }) => {
        if (account?.type !== 'oauth') return true;
        const arrived = await arriveByOidc(oidcClaims.parse(profile), entrance);
        if (typeof arrived === 'string') return arrived;
        // The object goes on to `jwt` below.
        Object.assign(user, arrived);
        return true;
      },
      jwt: ({ token, user }) => {
        // `user` is what signing in gave, and only there then, whatever its type says.
        const signedIn = withSession.safeParse(user);
        return signedIn.success ? { ...token, sid: signedIn.data.sid } : token;
      },
      // The browser learns who it is from identity.me; of the session it needs nothing.
      session: ({ session }) => session,
      redirect: ({ url, baseUrl }) =>
        ownAddress(url, env.PUBLIC_URL === undefined ? [baseUrl] : [new URL(env.PUBLIC_URL).origin, baseUrl]),
    },
    events: {
      // The cookie is of this very session; it goes, and its row must not stay behind.
      signOut: async () => {
        const api = await callerHere();
        const isView = Boolean((await api.identity.me())?.viewedBy);
        await api.identity.signOut();
        // Who looked at the house as somebody else has left that; their own sign-in is next.
        if (isView) await (await callerHere()).identity.signOut();
      },
    },
    logger: {
      error: (code, metadata) =>
        pageApi()
          .anonymousContext()
          .log.warn({ action: 'nextAuth.failed', code, error: 'error' in metadata ? metadata.error : metadata }, code),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/** Signs in by what a form carried; null and errors become the words that `next-auth/react` hands to the form. */
async function entering<Input>(
  schema: z.ZodType<Input>,
  given: unknown,
  entrance: EntranceCookies,
  enter: (api: Caller, input: Input & { device?: string }) => Promise<SignedIn>,
) {
  const input = schema.safeParse(given);
  if (!input.success) return null;
  try {
    const api = await callerOf(await entrance.headersOfOneself());
    const signedIn = await enter(api, { ...input.data, ...(await entrance.device()) });
    await entrance.remember(signedIn);
    const { user, sessionId } = signedIn;
    return { id: user.id, name: user.name, email: user.email, sid: sessionId };
  } catch (error) {
    const { code, reason, retryAfterSeconds } = wordsOf(error);
    if (code === 'UNAUTHENTICATED' && reason === null) return null;
    // The page chooses its words from it: `secondFactor`, `wrongCode`, `locked`, or the code, with the seconds to wait (`TOO_MANY_REQUESTS:37`).
    const words = retryAfterSeconds === null ? code : `${code}:${retryAfterSeconds}`;
    throw new Error(reason ?? words, { cause: error });
  }
}

/** The session's id, or where to go instead. */
async function arriveByOidc(claims: OidcClaims, entrance: EntranceCookies): Promise<{ sid: string } | string> {
  const link = await entrance.takeLink();
  try {
    const api = await callerOf(await entrance.headersOfOneself());
    const signedIn = await api.identity.signInByOidc({
      issuer: claims.iss,
      subject: claims.sub,
      email: claims.email ?? null,
      emailVerified: claims.email_verified,
      name: claims.name?.slice(0, 200) ?? null,
      link,
      ...(await entrance.device()),
    });
    if (!signedIn) return '/account?linked=oidc';
    await entrance.remember(signedIn);
    return { sid: signedIn.sessionId };
  } catch (error) {
    const { code, reason } = wordsOf(error);
    return `${link === null ? '/login' : '/account'}?error=${encodeURIComponent(reason ?? code)}`;
  }
}

type Caller = Awaited<ReturnType<typeof callerOf>>;

async function callerOf(given: Headers) {
  const api = pageApi();
  return api.createCaller(await api.createContext(given));
}

async function callerHere(): Promise<Caller> {
  return callerOf(new Headers(await headers()));
}

function wordsOf(error: unknown): { code: string; reason: string | null; retryAfterSeconds: number | null } {
  const { code, details } = failure.parse(error).cause;
  return { code, ...details };
}

/** The operator's OpenID Connect provider; null: none. Name and address may be told at its userinfo endpoint alone, so both are asked. */
function oidcProvider(env: ServerEnv): OAuthConfig<OidcClaims> | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  if (!issuer || !clientId || !clientSecret) return null;
  return {
    id: 'oidc',
    name: env.OIDC_NAME,
    type: 'oauth',
    wellKnown: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
    clientId,
    clientSecret,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    httpOptions: { timeout: oidcWithinMs },
    userinfo: {
      request: async ({ client, tokens }) => {
        // next-auth has checked its signature, issuer, audience, time and nonce.
        const claims = decodeJwt(tokens.id_token ?? '');
        const { userinfo_endpoint: endpoint } = client.issuer.metadata;
        const told =
          endpoint && tokens.access_token ? await client.userinfo(tokens.access_token) : { sub: claims.sub ?? '' };
        if (told.sub !== claims.sub) throw new Error('the provider tells of somebody else than it has signed in');
        return Object.assign(told, claims);
      },
    },
    profile: (claims) => ({ id: claims.sub, name: claims.name ?? null, email: claims.email ?? null }),
  };
}
