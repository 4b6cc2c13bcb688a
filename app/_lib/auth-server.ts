import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import CredentialsProvider from 'next-auth/providers/credentials';
import { headers } from 'next/headers';
import { z } from 'zod';

import { pageApi } from '#server/api/caller.ts';
import { signInInput } from '#server/contracts/identity.ts';
import { readServerEnv } from '#server/platform/env.ts';
import { toAppError } from '#server/platform/trpc.ts';

const withSession = z.object({ sid: z.uuid() });
const sessionSeconds = 30 * 24 * 3600;

/** next-auth only carries the id of a session of ours: the gateway looks it up, so that it can be revoked. */
export function authOptions(): NextAuthOptions {
  return {
    secret: readServerEnv().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    pages: { signIn: '/login', error: '/login' },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {} },
        async authorize(given) {
          const input = signInInput.safeParse(given);
          if (!input.success) return null;
          const api = pageApi();
          try {
            const caller = api.createCaller(await api.createContext(new Headers(await headers())));
            const { user, sessionId } = await caller.identity.signIn(input.data);
            return { id: user.id, name: user.name, email: user.email, sid: sessionId };
          } catch (error) {
            const { code } = toAppError(error);
            if (code === 'UNAUTHENTICATED') return null;
            // The page chooses its words from the code.
            throw new Error(code, { cause: error });
          }
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => {
        // `user` is what authorize returned, and only there on signing in, whatever its type says.
        const signedIn = withSession.safeParse(user);
        return signedIn.success ? { ...token, sid: signedIn.data.sid } : token;
      },
      // The browser learns who it is from identity.me; of the session it needs nothing.
      session: ({ session }) => session,
    },
  };
}
