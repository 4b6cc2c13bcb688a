import { z } from 'zod';

import {
  externalIdentityView,
  oidcSignInInput,
  passkeyAnswer,
  proof,
  proveInput,
  recoveryCodes,
  sessionView,
  totpSetup,
} from '#server/contracts/account.ts';
import { knownBrowser, me, ownerClaimInput, secondFactorCode, signInInput } from '#server/contracts/identity.ts';
import { noInput } from '#server/contracts/no-input.ts';
import { AppError } from '#server/platform/app-error.ts';
import { accountProcedure, publicProcedure, router, type Context } from '#server/platform/trpc.ts';

import { assertOwnHands } from '../people/proofs.ts';
import type { SecondFactorService } from '../second-factor/service.ts';
import type { IdentityService } from '../service.ts';
import type { TokensService } from '../tokens/service.ts';
import type { SignInService } from './service.ts';

/** By which the way to a provider and back ends in a link. */
const linkCookieName = 'sensorium.link';

const signedIn = z.object({ user: me, sessionId: z.uuid(), device: z.string() });
const done = z.object({ done: z.literal(true) });

interface Services {
  identity: IdentityService;
  signIn: SignInService;
  secondFactor: SecondFactorService;
  tokens: { machines: Pick<TokensService['machines'], 'revokeAll'> };
}

export function createIdentityRouter({ identity, signIn, secondFactor, tokens }: Services) {
  return router({
    me: publicProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/account/me',
          tags: ['account'],
          summary: 'Who is asking',
          description:
            'The signed-in person and what they may for everything: by a key or token no more than that was narrowed to. 404 for nobody.',
        },
      })
      .output(me.nullable())
      .query(({ ctx }) => identity.me(ctx.actor)),

    ownerMissing: publicProcedure.output(z.boolean()).query(() => identity.ownerMissing()),

    claimOwner: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/auth/claim',
          tags: ['auth'],
          summary: 'Make the account of the owner',
          description: 'Once, by the link that the house told its operator at the first start.',
          errorResponses: [410],
        },
        rest: { status: 201 },
      })
      .input(ownerClaimInput)
      .output(me)
      .mutation(({ input }) => identity.claimOwner(input)),

    /** For the sign-in page's server, which puts the session into the cookie; browsers never see its id. So are the next two. */
    signIn: publicProcedure
      .input(signInInput.extend(knownBrowser.shape).strict())
      .output(signedIn)
      .mutation(({ ctx, input }) => {
        fromOurPages(ctx);
        return signIn.signIn(input, { ...ctx, device: input.device });
      }),

    signInByPasskey: publicProcedure
      .input(passkeyAnswer.extend(knownBrowser.shape))
      .output(signedIn)
      .mutation(({ ctx, input }) => {
        fromOurPages(ctx);
        return signIn.signInByPasskey(input, { ...ctx, device: input.device });
      }),

    /** Null: linked to the account of who is signed in. */
    signInByOidc: publicProcedure
      .input(oidcSignInInput.extend(knownBrowser.shape).strict())
      .output(signedIn.nullable())
      .mutation(({ ctx, input }) => {
        fromOurPages(ctx);
        return signIn.signInByOidc(input, { ...ctx, device: input.device });
      }),

    signOut: publicProcedure
      .meta({ access: 'public', auditedChanges: true })
      .input(noInput)
      .output(z.object({ signedOut: z.boolean() }))
      .mutation(async ({ ctx }) => {
        await signIn.signOut(ctx.actor);
        return { signedOut: true };
      }),

    /** Every browser, this one too. */
    signOutEverywhere: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/sessions/end-all',
          tags: ['sessions'],
          summary: 'Sign out everywhere',
          description:
            'Ends every browser and every machine of yours, this one too. From a browser alone, not with a key.',
        },
      })
      .input(noInput)
      .output(z.object({ ended: z.int() }))
      .mutation(async ({ ctx }) => {
        assertOwnHands(ctx.actor);
        await tokens.machines.revokeAll(ctx.actor.userId, 'signed out everywhere');
        return { ended: await signIn.sessions.revokeAll(ctx.actor.userId) };
      }),

    prove: accountProcedure
      .input(proveInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await signIn.prove(ctx.actor, input, ctx);
        return { done: true };
      }),

    totpSetup: accountProcedure
      .input(noInput)
      .output(totpSetup)
      .mutation(async ({ ctx }) => {
        await signIn.requireProof(ctx.actor);
        return secondFactor.setup(ctx.actor);
      }),

    totpConfirm: accountProcedure
      .input(z.strictObject({ code: secondFactorCode }))
      .output(recoveryCodes)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor);
        return { codes: await secondFactor.confirm(ctx.actor, input.code) };
      }),

    totpOff: accountProcedure
      .input(z.strictObject({ proof: proof.optional() }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor, input.proof, ctx);
        await secondFactor.turnOff(ctx.actor);
        return { done: true };
      }),

    /** New ones; earlier ones stop working. */
    recoveryCodes: accountProcedure
      .input(z.strictObject({ proof: proof.optional() }))
      .output(recoveryCodes)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor, input.proof, ctx);
        return { codes: await secondFactor.renewCodes(ctx.actor) };
      }),

    externals: accountProcedure
      .output(z.array(externalIdentityView))
      .query(({ ctx }) => signIn.external.list(ctx.actor)),

    /** Afterwards the browser goes to the provider by next-auth's own sign-in. */
    linkExternal: accountProcedure
      .input(noInput)
      .output(done)
      .mutation(async ({ ctx }) => {
        await signIn.requireProof(ctx.actor);
        ctx.setCookie?.({ name: linkCookieName, path: '/api/auth', ...signIn.external.linkCookie(ctx.actor) });
        return { done: true };
      }),

    unlinkExternal: accountProcedure
      .input(z.strictObject({ issuer: z.string().max(500), subject: z.string().max(255) }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor);
        await signIn.external.unlink(ctx.actor, input);
        return { done: true };
      }),
  });
}

export function createSessionsRouter(signIn: SignInService) {
  const sessionOf = (ctx: { actor: { credential: { kind: string; id: string } } }) =>
    ctx.actor.credential.kind === 'session' ? ctx.actor.credential.id : null;
  return router({
    list: accountProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/account/sessions',
          tags: ['sessions'],
          summary: 'List your browsers',
          description: 'Where you are signed in, from where, and when it was last seen.',
        },
      })
      .output(z.array(sessionView))
      .query(({ ctx }) => {
        // Who views as this person may look.
        assertOwnHands({ ...ctx.actor, viewedBy: null });
        return signIn.sessions.list(ctx.actor.userId, sessionOf(ctx));
      }),

    revoke: accountProcedure
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/account/sessions/{id}',
          tags: ['sessions'],
          summary: 'Sign a browser out',
          description: 'It shows and hears nothing more of the house from then on.',
        },
      })
      .input(z.strictObject({ id: z.uuid() }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        assertOwnHands(ctx.actor);
        await signIn.sessions.revoke(ctx.actor.userId, input.id);
        return { done: true };
      }),

    revokeOthers: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/sessions/end-others',
          tags: ['sessions'],
          summary: 'Sign out all other browsers',
          description: 'This one stays.',
        },
      })
      .input(noInput)
      .output(z.object({ ended: z.int() }))
      .mutation(async ({ ctx }) => {
        assertOwnHands(ctx.actor);
        return { ended: await signIn.sessions.revokeAll(ctx.actor.userId, { keep: sessionOf(ctx) ?? undefined }) };
      }),
  });
}

function fromOurPages(ctx: Context): void {
  if (ctx.door !== 'inProcess') throw new AppError('FORBIDDEN', { message: 'sign in at /api/auth' });
}
