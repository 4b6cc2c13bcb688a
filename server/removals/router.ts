import { z } from 'zod';

import {
  removalDecision,
  removalInput,
  removalPage,
  removalReceipt,
  removalRequest,
  removalStatus,
} from '#server/contracts/removal.ts';
import { ownerProcedure, publicProcedure, router } from '#server/platform/trpc.ts';

import type { RemovalsService } from './service.ts';

const byId = z.object({ id: z.uuid() });

export function createRemovalsRouter(removals: RemovalsService) {
  return router({
    request: publicProcedure
      .meta({
        openapi: { method: 'POST', path: '/removals', tags: ['removals'], summary: 'Ask for a removal or a mask' },
      })
      .input(removalInput)
      .output(removalReceipt)
      .mutation(({ ctx, input }) => removals.request(ctx.actor, input, ctx)),

    status: publicProcedure
      .input(z.object({ id: z.string().max(100), key: z.string().max(100) }))
      .output(removalStatus.nullable())
      .query(({ input }) => removals.status(input.id, input.key)),

    list: ownerProcedure
      .input(z.object({ which: z.enum(['open', 'decided']), cursor: z.uuid().nullish() }))
      .output(removalPage)
      .query(({ ctx, input }) => removals.list(ctx.actor, { which: input.which, after: input.cursor })),

    decide: ownerProcedure
      .input(removalDecision)
      .output(removalRequest)
      .mutation(({ ctx, input }) => removals.decide(ctx.actor, input)),

    reopen: ownerProcedure
      .input(byId)
      .output(removalRequest)
      .mutation(({ ctx, input }) => removals.reopen(ctx.actor, input.id)),

    eraseRecordings: ownerProcedure
      .input(byId.extend({ name: z.string().max(200) }))
      .output(z.object({ erased: z.literal(true) }))
      .mutation(({ ctx, input }) => removals.eraseRecordings(ctx.actor, input)),

    /** `id`: the camera's. */
    eraseCamera: ownerProcedure
      .input(byId.extend({ name: z.string().max(200) }))
      .output(z.object({ erased: z.literal(true) }))
      .mutation(({ ctx, input }) => removals.eraseCamera(ctx.actor, input)),
  });
}
