import { z } from 'zod';

import { me, ownerClaimInput, signInInput } from '#server/contracts/identity.ts';
import { AppError } from '#server/platform/app-error.ts';
import { publicProcedure, router } from '#server/platform/trpc.ts';

import type { IdentityService } from './service.ts';

export function createIdentityRouter(identity: IdentityService) {
  return router({
    me: publicProcedure.output(me.nullable()).query(({ ctx: { actor } }) => {
      if (actor.type !== 'user') return null;
      return { id: actor.userId, name: actor.name, email: actor.email, isOwner: actor.isOwner };
    }),

    ownerMissing: publicProcedure.output(z.boolean()).query(() => identity.ownerMissing()),

    claimOwner: publicProcedure
      .input(ownerClaimInput)
      .output(me)
      .mutation(({ input }) => identity.claimOwner(input)),

    /** For the sign-in page's server, which puts the session into the cookie; browsers never see its id. */
    signIn: publicProcedure
      .input(signInInput)
      .output(z.object({ user: me, sessionId: z.uuid() }))
      .mutation(({ ctx, input }) => {
        if (ctx.door !== 'inProcess') throw new AppError('FORBIDDEN', { message: 'sign in at /api/auth' });
        return identity.signIn(input, ctx);
      }),

    signOut: publicProcedure.output(z.object({ signedOut: z.boolean() })).mutation(async ({ ctx }) => {
      await identity.signOut(ctx.actor);
      return { signedOut: true };
    }),
  });
}
