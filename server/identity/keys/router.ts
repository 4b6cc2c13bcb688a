import { z } from 'zod';

import { keyInput, keyMade, keyView } from '#server/contracts/access.ts';
import { pageOf } from '#server/contracts/page.ts';
import { keyQuery } from '#server/contracts/tokens.ts';
import { accountProcedure, permitted, router } from '#server/platform/trpc.ts';

import type { TokensService } from '../tokens/service.ts';

const byId = z.strictObject({ id: z.uuid() });

export function createKeysRouter({ keys }: TokensService) {
  return router({
    list: accountProcedure
      .meta({
        openapi: {
          method: 'GET',
          path: '/keys',
          tags: ['keys'],
          summary: 'List API keys',
          description:
            'Your own, newest first; with `key:admin` those of a person or of everybody. Found by the beginning of what a key shows of itself, `sns_a1b2`.',
        },
      })
      .input(keyQuery)
      .output(pageOf(keyView))
      .query(({ ctx, input }) => keys.list(ctx.actor, input)),

    create: accountProcedure
      .meta({
        openapi: {
          method: 'POST',
          path: '/keys',
          tags: ['keys'],
          summary: 'Make an API key',
          description: 'Never holds more than you hold at the moment of its use. Its secret is in this answer alone.',
        },
        rest: { status: 201 },
      })
      .input(keyInput)
      .output(keyMade)
      .mutation(({ ctx, input }) => keys.create(ctx.actor, input)),

    revoke: accountProcedure
      .meta({
        openapi: {
          method: 'DELETE',
          path: '/keys/{id}',
          tags: ['keys'],
          summary: 'Revoke an API key',
          description: 'It opens nothing from then on, at every door.',
        },
      })
      .input(byId)
      .output(keyView)
      .mutation(({ ctx, input }) => keys.revoke(ctx.actor, input.id)),

    setRateFactor: permitted('key:admin')
      .meta({
        openapi: {
          method: 'PUT',
          path: '/keys/{id}/rate-factor',
          tags: ['keys'],
          summary: "Raise a key's rate limit",
          description: 'Times the ordinary limit of requests.',
        },
      })
      .input(byId.extend({ rateFactor: z.int().min(1).max(1000) }))
      .output(keyView)
      .mutation(({ ctx, input }) => keys.setRateFactor(ctx.actor, input.id, input.rateFactor)),
  });
}
