import { z } from 'zod';

import { passkeyAnswer, passkeyCeremony, passkeyName, passkeyView } from '#server/contracts/account.ts';
import { noInput } from '#server/contracts/no-input.ts';
import { accountProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import { assertOwnHands } from '../people/proofs.ts';
import type { SignInService } from '../sign-in/service.ts';
import type { PasskeysService } from './service.ts';

const done = z.object({ done: z.literal(true) });

export function createPasskeysRouter(passkeys: PasskeysService, signIn: Pick<SignInService, 'requireProof'>) {
  return router({
    /** Asks the browser's device for a key; its answer goes to `register`. */
    registrationOptions: accountProcedure
      .meta({ access: 'account', unaudited: true })
      .input(noInput)
      .output(passkeyCeremony)
      .mutation(async ({ ctx }) => {
        await signIn.requireProof(ctx.actor);
        return toCeremony(await passkeys.registrationOptions(ctx.actor));
      }),

    register: accountProcedure
      .input(passkeyAnswer.extend({ name: passkeyName }))
      .output(passkeyView)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor);
        return passkeys.register(ctx.actor, input);
      }),

    list: accountProcedure.output(z.array(passkeyView)).query(({ ctx }) => passkeys.list(ctx.actor)),

    rename: accountProcedure
      .input(z.strictObject({ id: z.uuid(), name: passkeyName }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        assertOwnHands(ctx.actor);
        await passkeys.rename(ctx.actor, input);
        return { done: true };
      }),

    remove: accountProcedure
      .input(z.strictObject({ id: z.uuid() }))
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await signIn.requireProof(ctx.actor);
        await passkeys.remove(ctx.actor, input.id);
        return { done: true };
      }),

    /** The answer goes to `/api/auth/callback/passkey`. */
    signInOptions: publicProcedure
      .meta({ access: 'public', unaudited: true })
      .input(noInput)
      .output(passkeyCeremony)
      .mutation(async () => toCeremony(await passkeys.signInOptions())),

    /** The answer goes to `identity.prove`. */
    proofOptions: accountProcedure
      .meta({ access: 'account', unaudited: true })
      .input(noInput)
      .output(passkeyCeremony)
      .mutation(async ({ ctx }) => toCeremony(await passkeys.proofOptions(ctx.actor))),
  });
}

function toCeremony({ challengeId, options }: { challengeId: string; options: object }) {
  return { challengeId, options: { ...options } };
}
