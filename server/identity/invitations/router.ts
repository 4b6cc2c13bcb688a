import { z } from 'zod';

import { invitationInput, invitationMade, invitationRow } from '#server/contracts/access.ts';
import { invitationView, linkInput } from '#server/contracts/account.ts';
import { pageInput, pageOf } from '#server/contracts/page.ts';
import { permitted, publicProcedure, router } from '#server/platform/trpc.ts';

import type { InvitationsService } from './service.ts';

const tags = ['invitations'];

export function createInvitationsRouter(invitations: InvitationsService) {
  return router({
    list: permitted('user:admin')
      .meta({ openapi: { method: 'GET', path: '/invitations', summary: 'Invitations, newest first', tags } })
      .input(pageInput)
      .output(pageOf(invitationRow))
      .query(({ ctx, input }) => invitations.list(ctx.actor, input)),

    create: permitted('user:admin')
      .meta({
        openapi: { method: 'POST', path: '/invitations', summary: 'Invite somebody; the link is shown once', tags },
        rest: { status: 201 },
      })
      .input(invitationInput)
      .output(invitationMade)
      .mutation(({ ctx, input }) => invitations.create(ctx.actor, input)),

    revoke: permitted('user:admin')
      .meta({ openapi: { method: 'DELETE', path: '/invitations/{id}', summary: 'Take an open invitation back', tags } })
      .input(z.strictObject({ id: z.uuid() }))
      .output(z.object({ revoked: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await invitations.revoke(ctx.actor, input.id);
        return { revoked: true as const };
      }),

    /** Whoever has the link reads what it is for. */
    look: publicProcedure
      .input(linkInput)
      .output(invitationView)
      .query(({ input }) => invitations.look(input.token)),
  });
}
