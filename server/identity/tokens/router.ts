import { z } from 'zod';

import type { SignUpAnswer, SignUpInput } from '#server/contracts/account.ts';
import { noInput } from '#server/contracts/no-input.ts';
import {
  loginInput,
  machineSession,
  passwordResetAnswer,
  passwordResetInput,
  refreshInput,
  registerAnswer,
  registerInput,
  revokeAnswer,
  revokeInput,
  tokenAnswer,
  wsTicket,
} from '#server/contracts/tokens.ts';
import { accountProcedure, permitted, publicProcedure, router } from '#server/platform/trpc.ts';

import { assertOwnHands } from '../people/proofs.ts';
import type { TokensService } from './service.ts';

/** OAuth2's own, and what browsers' forms send. */
const contentTypes: ('application/json' | 'application/x-www-form-urlencoded')[] = [
  'application/json',
  'application/x-www-form-urlencoded',
];

/** What of people this door needs. */
interface People {
  signUps: { signUp: (input: SignUpInput) => Promise<SignUpAnswer> };
  passwords: {
    requestReset: (email: string) => Promise<void>;
    reset: (input: { token: string; password: string }, from: { ip: string | null }) => Promise<void>;
  };
}

/** OAuth2 for machines. Forms (RFC 6749) and JSON alike. */
export function createAuthRouter(tokens: TokensService, { signUps, passwords }: People) {
  const { machines, signingKeys } = tokens;
  return router({
    login: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/login',
          contentTypes,
          tags: ['auth'],
          summary: 'Sign a machine in',
          description:
            'OAuth2 password grant: an access token and the first refresh token. `scope` narrows both to patterns of permissions. With a second factor, `code` is asked for by `details.reason: secondFactor`.',
        },
      })
      .input(loginInput)
      .output(tokenAnswer)
      .mutation(({ ctx, input }) => machines.login(input, ctx)),

    refresh: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/refresh',
          contentTypes,
          tags: ['auth'],
          summary: 'Refresh an access token',
          description:
            'Each refresh token works once and is followed by the next. One that is used twice ends the sign-in it belongs to, but for a client that asks again within ten seconds because it never read the answer.',
        },
        unaudited: true,
      })
      .input(refreshInput)
      .output(tokenAnswer)
      .mutation(({ ctx, input }) => machines.refresh(input.refresh_token, ctx)),

    register: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/register',
          contentTypes,
          tags: ['auth'],
          summary: 'Make an account',
          description:
            'Where the house lets people sign up, or by an invitation. Answers as a sign-in does, or `checkMail` where the address is confirmed first.',
        },
        rest: { status: 201 },
      })
      .input(registerInput)
      .output(registerAnswer)
      .mutation(async ({ ctx, input: { username, ...input } }) => {
        const name = input.name ?? username ?? input.email.replace(/@.*/, '');
        const { status } = await signUps.signUp({
          ...input,
          name,
          ...(username !== undefined && { userName: username }),
        });
        if (status === 'checkMail') return { status };
        return { ...(await machines.login({ username: input.email, password: input.password }, ctx)), status };
      }),

    passwordReset: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/password-reset',
          contentTypes,
          tags: ['auth'],
          summary: 'Reset a password',
          description:
            'With `email`: sends a link that works once, for 30 minutes; whether there is such an account is not said. With `token` and `password`: sets the new one and ends all sign-ins.',
        },
      })
      .input(passwordResetInput)
      .output(passwordResetAnswer)
      .mutation(async ({ ctx, input: { email, token, password } }) => {
        if (token !== undefined && password !== undefined) {
          await passwords.reset({ token, password }, ctx);
          return { status: 'changed' };
        }
        await passwords.requestReset(email ?? '');
        return { status: 'sent' };
      }),

    revoke: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/revoke',
          contentTypes,
          tags: ['auth'],
          summary: 'Revoke a token',
          description:
            'By whoever holds it (RFC 7009): an access or refresh token with its whole sign-in, or an API key. Whether there was such a token is not said.',
        },
        auditedChanges: true,
      })
      .input(revokeInput)
      .output(revokeAnswer)
      .mutation(async ({ input }) => {
        await tokens.revokeGiven(input.token);
        return { status: 'revoked' };
      }),

    machines: accountProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/account/sessions/machines',
          tags: ['auth'],
          summary: "List your machines' sign-ins",
          description: 'Those that were opened by `/auth/login` and still refresh.',
        },
      })
      .output(z.array(machineSession))
      .query(({ ctx }) => machines.list(ctx.actor)),

    endMachine: accountProcedure
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/account/sessions/machines/{id}',
          tags: ['auth'],
          summary: 'End the sign-in of a machine',
          description: 'Its access and refresh tokens open nothing from then on.',
        },
      })
      .input(z.strictObject({ id: z.uuid() }))
      .output(revokeAnswer)
      .mutation(async ({ ctx, input }) => {
        const { kind, id } = ctx.actor.credential;
        // A machine signs itself out; what else is signed in is the person's own matter.
        if (kind !== 'token' || id !== input.id) assertOwnHands(ctx.actor);
        await machines.revoke(ctx.actor, input.id);
        return { status: 'revoked' };
      }),

    wsTicket: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/ws-tickets',
          tags: ['auth'],
          summary: 'Get a ticket for a WebSocket',
          description:
            'Opens one WebSocket as you, once, within 30 seconds: `?ticket=`. For browsers, which can send no header there.',
        },
        unaudited: true,
      })
      .input(noInput)
      .output(wsTicket)
      .mutation(({ ctx }) => tokens.issueWsTicket(ctx.actor)),

    rotateSigningKeys: permitted('settings:write')
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/signing-keys/rotate',
          tags: ['auth'],
          summary: 'Rotate the signing key',
          description:
            'A new key signs access tokens from now on; those that were given out stay good. Happens by itself each month.',
        },
      })
      .input(noInput)
      .output(z.object({ kid: z.string() }))
      .mutation(async () => ({ kid: await signingKeys.rotate() })),
  });
}
