import { z } from 'zod';

import {
  accountExport,
  changeEmailInput,
  changePasswordInput,
  changeUndone,
  deleteAccountInput,
  guestCookie,
  entranceState,
  guest,
  guestInput,
  linkInput,
  linkSent,
  pictureInput,
  profile,
  profilePatch,
  resetInput,
  signUpAnswer,
  signUpInput,
} from '#server/contracts/account.ts';
import { emailAddress } from '#server/contracts/identity.ts';
import { noInput } from '#server/contracts/no-input.ts';
import { accountProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import { guestSeconds } from './guests.ts';
import type { PeopleService } from './service.ts';

const tags = ['account'];
const byEmail = z.strictObject({ email: emailAddress });
const inABrowser =
  'In a signed-in browser, by a password or code that is given along or by a proof of the last ten minutes: keys and tokens prove nobody.';
const done = z.object({ done: z.literal(true) });
const isDone = { done: true } as const;
const isSent = { status: 'sent' } as const;

export function createAccountRouter(people: PeopleService) {
  const { departures, emails, guests, passwords, profiles, signUps } = people;
  return router({
    /** What the pages before signing in offer; says nothing of anybody. */
    entrance: publicProcedure
      .meta({ openapi: { method: 'GET', path: '/account/entrance', summary: 'How people get in here', tags } })
      .output(entranceState)
      .query(() => people.entrance()),

    /** Whoever the operator's choice lets in. */
    signUp: publicProcedure
      .input(signUpInput)
      .output(signUpAnswer)
      .mutation(({ input }) => signUps.signUp(input)),

    /** The one-time link proves who is asking; so do the links below. */
    confirmEmail: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/email/confirmation',
          summary: 'Confirm an e-mail address by its link',
          tags,
        },
      })
      .input(linkInput.strict())
      .output(done)
      .mutation(async ({ input }) => {
        await signUps.confirmEmail(input.token);
        return isDone;
      }),

    resendConfirmation: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/email/confirmation-link',
          summary: 'Send the link to confirm an address again',
          tags,
        },
      })
      .input(byEmail)
      .output(linkSent)
      .mutation(async ({ input }) => {
        await signUps.resendConfirmation(input.email);
        return isSent;
      }),

    requestReset: publicProcedure
      .input(byEmail)
      .output(linkSent)
      .mutation(async ({ input }) => {
        await passwords.requestReset(input.email);
        return isSent;
      }),

    reset: publicProcedure
      .input(resetInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await passwords.reset(input, ctx);
        return isDone;
      }),

    confirmChange: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/email/change',
          summary: 'Confirm a new e-mail address by its link',
          tags,
        },
      })
      .input(linkInput.strict())
      .output(done)
      .mutation(async ({ input }) => {
        await emails.confirm(input.token);
        return isDone;
      }),

    undoChange: publicProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/email/undo',
          summary: 'Take a change of e-mail back by its link',
          tags,
        },
      })
      .input(linkInput.strict())
      .output(changeUndone)
      .mutation(({ input }) => emails.undo(input.token)),

    /** A name for watching and for meetings by link; opens nothing but what is public. */
    enterAsGuest: publicProcedure
      .meta({
        openapi: { method: 'POST', path: '/account/guest', summary: 'Take a name for twelve hours', tags },
        // Nothing is kept of it.
        unaudited: true,
      })
      .input(guestInput)
      .output(guest)
      .mutation(async ({ ctx, input }) => {
        const made = await guests.issue(input.name);
        ctx.setCookie?.({ name: guestCookie, value: made.token, path: '/', maxAgeSeconds: guestSeconds });
        return made;
      }),

    profile: accountProcedure
      .meta({ openapi: { method: 'GET', path: '/account/profile', summary: 'Your own account', tags } })
      .output(profile)
      .query(({ ctx }) => profiles.get(ctx.actor)),

    updateProfile: accountProcedure
      .meta({ openapi: { method: 'PATCH', path: '/account/profile', summary: 'Change your own profile', tags } })
      .input(profilePatch)
      .output(profile)
      .mutation(({ ctx, input }) => profiles.update(ctx.actor, input)),

    setPicture: accountProcedure
      .meta({
        openapi: { method: 'PUT', path: '/account/picture', summary: 'Set your picture', tags },
        rest: { takesFile: true },
      })
      .input(pictureInput)
      .output(profile)
      .mutation(({ ctx, input }) => profiles.setPicture(ctx.actor, input.base64)),

    removePicture: accountProcedure
      .meta({ openapi: { method: 'DELETE', path: '/account/picture', summary: 'Remove your picture', tags } })
      .input(noInput)
      .output(profile)
      .mutation(({ ctx }) => profiles.removePicture(ctx.actor)),

    changePassword: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/password',
          summary: 'Change your password; signs your other devices out',
          description: inABrowser,
          tags,
        },
      })
      .input(changePasswordInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await passwords.change(ctx.actor, input, ctx);
        return isDone;
      }),

    changeEmail: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/email',
          summary: 'Ask for another e-mail address; a link goes to it',
          description: inABrowser,
          tags,
        },
      })
      .input(changeEmailInput)
      .output(linkSent)
      .mutation(async ({ ctx, input }) => {
        await emails.ask(ctx.actor, input, ctx);
        return isSent;
      }),

    /** Takes one's own wish back, before the new address confirmed it. */
    cancelEmailChange: accountProcedure
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/account/email/change',
          summary: 'Give up a change of e-mail that waits to be confirmed',
          tags,
        },
      })
      .input(noInput)
      .output(profile)
      .mutation(async ({ ctx }) => {
        await emails.cancel(ctx.actor);
        return profiles.get(ctx.actor);
      }),

    export: accountProcedure
      .meta({
        openapi: { method: 'GET', path: '/account/export', summary: 'All that is kept about you, as JSON', tags },
      })
      .output(accountExport)
      .query(({ ctx }) => departures.export(ctx.actor)),

    deleteAccount: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/account/deletion',
          summary: 'Delete your own account for good',
          description: inABrowser,
          tags,
        },
      })
      .input(deleteAccountInput)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await departures.delete(ctx.actor, input, ctx);
        return isDone;
      }),
  });
}
