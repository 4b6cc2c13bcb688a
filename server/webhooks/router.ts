import { z } from 'zod';

import {
  outboxQuery,
  outboxRow,
  webhookEvent,
  webhookInput,
  webhookMade,
  webhookView,
} from '#server/contracts/outbox.ts';
import { pageOf } from '#server/contracts/page.ts';
import { permitted, router } from '#server/platform/trpc.ts';

import type { WebhooksService } from './service.ts';

const tags = ['webhooks'];
const byId = z.strictObject({ id: z.uuid() });
const done = z.object({ done: z.literal(true) });

export function createWebhooksRouter(webhooks: WebhooksService) {
  const reading = permitted('webhook:view');
  const writing = permitted('webhook:write');
  return router({
    list: reading
      .meta({ openapi: { method: 'GET', path: '/webhooks', summary: 'Where events are told to', tags } })
      .output(z.array(webhookView))
      .query(({ ctx }) => webhooks.list(ctx.actor)),

    events: reading
      .meta({ openapi: { method: 'GET', path: '/webhooks/events', summary: 'Types of events there are', tags } })
      .output(z.array(webhookEvent))
      .query(() => [...webhookEvent.options]),

    create: writing
      .meta({
        openapi: { method: 'POST', path: '/webhooks', summary: 'Add a webhook; its secret is shown this once', tags },
        rest: { status: 201 },
      })
      .input(webhookInput)
      .output(webhookMade)
      .mutation(({ ctx, input }) => webhooks.create(ctx.actor, input)),

    update: writing
      .meta({ openapi: { method: 'PUT', path: '/webhooks/{id}', summary: 'Change a webhook', tags } })
      .input(webhookInput.extend(byId.shape))
      .output(webhookView)
      .mutation(({ ctx, input: { id, ...input } }) => webhooks.update(ctx.actor, id, input)),

    remove: writing
      .meta({ openapi: { method: 'DELETE', path: '/webhooks/{id}', summary: 'Remove a webhook', tags } })
      .input(byId)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await webhooks.remove(ctx.actor, input.id);
        return { done: true as const };
      }),

    rotateSecret: writing
      .meta({
        openapi: {
          method: 'POST',
          path: '/webhooks/{id}/secret',
          summary: 'A new secret; the one before signs as well for a day',
          tags,
        },
      })
      .input(byId)
      .output(webhookMade)
      .mutation(({ ctx, input }) => webhooks.rotateSecret(ctx.actor, input.id)),

    ping: writing
      .meta({ openapi: { method: 'POST', path: '/webhooks/{id}/ping', summary: 'Send a test event', tags } })
      .input(byId)
      .output(z.object({ deliveryId: z.uuid() }))
      .mutation(({ ctx, input }) => webhooks.ping(ctx.actor, input.id)),

    deliveries: reading
      .meta({ openapi: { method: 'GET', path: '/webhooks/deliveries', summary: 'What was sent, newest first', tags } })
      .input(outboxQuery.omit({ kind: true }))
      .output(pageOf(outboxRow))
      .query(({ ctx, input }) => webhooks.deliveries(ctx.actor, input)),

    replay: writing
      .meta({
        openapi: { method: 'POST', path: '/webhooks/deliveries/{id}/replay', summary: 'Send a delivery again', tags },
      })
      .input(byId)
      .output(done)
      .mutation(async ({ ctx, input }) => {
        await webhooks.replay(ctx.actor, input.id);
        return { done: true as const };
      }),

    replayDead: writing
      .meta({
        openapi: {
          method: 'POST',
          path: '/webhooks/{id}/replay',
          summary: 'Send everything again that was given up for this webhook',
          tags,
        },
      })
      .input(byId)
      .output(z.object({ replayed: z.int() }))
      .mutation(({ ctx, input }) => webhooks.replayDead(ctx.actor, input.id)),
  });
}
