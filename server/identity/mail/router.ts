import { z } from 'zod';

import { mailContent, outboxQuery, outboxRow } from '#server/contracts/outbox.ts';
import { pageOf } from '#server/contracts/page.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { MailService } from './service.ts';

const tags = ['mail'];
const byId = z.strictObject({ id: z.uuid() });

export function createMailRouter(mail: MailService) {
  return router({
    list: permitted('outbox:view')
      .meta({ openapi: { method: 'GET', path: '/mail', summary: 'Mail that left, waits or is kept', tags } })
      .input(outboxQuery.omit({ kind: true, endpointId: true }))
      .output(pageOf(outboxRow).extend({ leaves: z.boolean() }))
      .query(({ ctx, input }) => mail.list(ctx.actor, input)),

    /** A mutation, so that who read it stands in the audit log. */
    read: permitted('outbox:write')
      .meta({
        openapi: { method: 'POST', path: '/mail/{id}/read', summary: 'Read a mail in full; this is audited', tags },
      })
      .input(byId)
      .output(mailContent)
      .mutation(({ ctx, input }) => mail.read(ctx.actor, input.id)),

    retry: permitted('outbox:write')
      .meta({ openapi: { method: 'POST', path: '/mail/{id}/retry', summary: 'Send a mail again', tags } })
      .input(byId)
      .output(z.object({ done: z.literal(true) }))
      .mutation(async ({ ctx, input }) => {
        await mail.retry(ctx.actor, input.id);
        return { done: true as const };
      }),
  });
}
